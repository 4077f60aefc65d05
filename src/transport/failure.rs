//! What went wrong on the network, in our own words: nothing a server wrote gets through here.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use h2::Reason;
use hyper_util::client::legacy;

use super::link::Link;
use super::tls;
use crate::error::{Error, Kind, Limit, Phase};

/// The words GitLab and rest-client users look for.
pub(crate) fn open_timeout() -> Error {
    Error::new(Kind::Timeout(Phase::Open), "Timed out connecting to server")
}

pub(crate) fn read_timeout() -> Error {
    Error::new(Kind::Timeout(Phase::Read), "Timed out reading data from server")
}

pub(crate) fn total_timeout() -> Error {
    Error::new(Kind::Timeout(Phase::Total), "Timed out: the call took longer than it may in all")
}

pub(crate) fn headers_limit() -> Error {
    Error::new(Kind::Limit(Limit::Headers), "the server sent more headers than are allowed")
}

/// Whether another address of the same server may do better. A refusal is an answer: the host is there.
pub(crate) fn another_may_do(error: &io::Error) -> bool {
    !matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}

/// A connection that did not come about.
pub(crate) fn of_connect(error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::ConnectionRefused => {
            Error::new(Kind::Refused, "the server refused the connection: nothing listens there")
        }
        ErrorKind::TimedOut => open_timeout(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::NotConnected => reset(),
        _ => Error::new(Kind::Unreachable, "the server cannot be reached: no route to its address"),
    }
}

/// A request that got no head of an answer.
pub(crate) fn of_request(error: &legacy::Error) -> Error {
    let found = of_chain(error);
    if error.is_connect() || found.kind() == Kind::Unjudged {
        return found;
    }
    let untouched = find::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled) || server_did_not_look(error);
    let stale = found.kind() == Kind::Reset && (untouched || was_used(error));
    found.with_outcome_unknown(!untouched).with_stale_connection(stale)
}

/// A body that broke off. The head has come, so the request was heard.
pub(crate) fn of_body(error: &hyper::Error) -> Error {
    of_chain(error).with_outcome_unknown(true)
}

fn reset() -> Error {
    Error::new(Kind::Reset, "the server closed the connection before the answer was complete")
}

fn of_chain(error: &(dyn StdError + 'static)) -> Error {
    if let Some(ours) = find::<Error>(error) {
        return ours.clone();
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return tls::of_rustls(tls);
    }
    match find::<hyper::Error>(error) {
        Some(error) if error.is_parse_too_large() => headers_limit(),
        Some(error) if error.is_parse() => Error::new(Kind::Parse, "the server's answer is not HTTP"),
        Some(error) if error.is_user() => Error::new(Kind::Argument, "the request is not one that HTTP can carry"),
        _ => find::<h2::Error>(error).map_or_else(reset, of_h2),
    }
}

/// Only what h2 noticed on our side is a fault of the answer; a reset or GOAWAY of the server's is the end of a stream.
fn of_h2(error: &h2::Error) -> Error {
    match error.is_library() {
        true => Error::new(
            Kind::Parse,
            "the server's answer is not HTTP/2: a wrong frame, too many, or far too large a head",
        ),
        false => reset(),
    }
}

/// RFC 9113 §8.7: these streams were not processed.
fn server_did_not_look(error: &legacy::Error) -> bool {
    find::<h2::Error>(error).is_some_and(|error| {
        let unprocessed = Some(Reason::REFUSED_STREAM) == error.reason()
            || error.is_go_away() && Some(Reason::NO_ERROR) == error.reason();
        error.is_remote() && unprocessed
    })
}

fn was_used(error: &legacy::Error) -> bool {
    error.connect_info().and_then(Link::of).is_some_and(|link| link.is_used())
}

/// Whether the server, or the way to it, is to blame: the connection is not to be trusted with another request.
pub(crate) fn is_misbehaviour(error: &Error) -> bool {
    match error.kind() {
        Kind::Limit(Limit::Budget | Limit::Concurrency | Limit::Connections) => false,
        kind => matches!(kind, Kind::Limit(_) | Kind::Timeout(_) | Kind::Parse),
    }
}

/// Looks for a `T` among the causes; an `io::Error` hides its own from `source`.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match inside {
            Some(inside) => Some(inside as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}
