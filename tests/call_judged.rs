//! How often a call asks about the certificates of its server.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::Arc;

use gitlab_kube::api::Spec;
use gitlab_kube::call::{Authorization, Call, Event, Retry, Step, Terms};
use gitlab_kube::error::{Error, Kind};
use gitlab_kube::policy::{Endpoint, Policy};
use http::HeaderMap;

fn call() -> Call {
    let terms = Terms {
        endpoint: Arc::new(Endpoint::parse("https://api.test").unwrap()),
        policy: Policy::default(),
        headers: HeaderMap::new(),
        authorization: Authorization::Fixed(None),
        resolve: false,
        retry: Retry::default(),
    };
    Call::new(Spec::get("/version".into()), terms)
}

fn unjudged(chain: u8) -> Event<()> {
    Event::Sent(Err(Error::new(Kind::Unjudged, "").with_chain(Arc::from(vec![vec![chain]]))))
}

#[test]
fn a_server_that_shows_another_chain_at_each_handshake_is_given_up() {
    let mut call = call();
    let mut step = call.next(Event::<()>::Begin);
    for chain in 0..=u8::MAX {
        step = match step {
            Step::Send(_) => call.next(unjudged(chain)),
            Step::Verify(_) => call.next(Event::Verified(true)),
            other => return assert!(matches!(other, Step::Done(Err(error)) if error.kind() == Kind::Tls)),
        };
    }
    panic!("it goes on for ever");
}

#[test]
fn several_machines_behind_one_name_may_have_a_chain_each() {
    let mut call = call();
    assert!(matches!(call.next(Event::<()>::Begin), Step::Send(_)));
    for chain in 0..8 {
        assert!(matches!(call.next(unjudged(chain)), Step::Verify(_)));
        assert!(matches!(call.next(Event::<()>::Verified(true)), Step::Send(_)));
    }
}
