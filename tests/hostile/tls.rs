//! Handshakes with those who are not who they say.

use std::sync::Arc;
use std::time::Duration;

use gitlab_kube::client::Trust;
use gitlab_kube::error::{Kind, Phase};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use rustls::ServerConfig;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::attack::{Attack, attacks};
use crate::http1::{flood, greets, reset};
use crate::support::MARKER;
use crate::support::certificates::{Authority, Identity, self_signed};
use crate::support::server::{Server, answer_all, drain, ok, request};

const NAME: &str = "api.test";

/// An honest answer behind this TLS, for a client that believes `authority`.
fn behind(tls: Arc<ServerConfig>, authority: &Authority) -> Attack {
    let answer = Arc::new(ok("{}"));
    let serve = async move || Server::tls(tls, move |io, _| answer_all(io, Arc::clone(&answer))).await;
    believing(Attack::by("https", serve), authority)
}

fn believing(attack: Attack, authority: &Authority) -> Attack {
    let pem = authority.pem.clone().into_bytes();
    attack.with(|options| {
        options.trust = Trust::Pem(pem);
        options.server_name = Some(NAME.into());
    })
}

/// A certificate that the right authority made, and made wrong.
fn certificate(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Attack {
    let authority = Authority::new("one");
    behind(authority.server(names, change).serve(&[]), &authority).ends(Kind::Tls)
}

/// A certificate that somebody else made.
fn strange(identity: &Identity) -> Attack {
    behind(identity.serve(&[]), &Authority::new("one")).ends(Kind::Tls)
}

/// So many authorities between the one that is believed and the server.
fn chain(between: usize) -> Attack {
    let root = Authority::new("root");
    behind(root.chain(between, NAME), &root)
}

/// A TLS port where somebody says what they like.
fn port<F, Fut>(script: F) -> Attack
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: Into<Option<TcpStream>>> + Send + 'static,
{
    believing(greets(script).over("https"), &Authority::new("one"))
}

fn says(bytes: Vec<u8>) -> Attack {
    let bytes = Arc::new(bytes);
    port(move |mut io| {
        let bytes = Arc::clone(&bytes);
        async move {
            let _ = io.write_all(&bytes).await;
            io
        }
    })
}

fn says_without_end(bytes: Vec<u8>, pause: Duration) -> Attack {
    let bytes = Arc::new(bytes);
    port(move |mut io| {
        let bytes = Arc::clone(&bytes);
        async move {
            flood(&mut io, &bytes, pause).await;
            io
        }
    })
}

/// A ServerHello of a version that nobody should speak any more (RFC 8996): the version, 32 bytes of random, no session, a cipher.
fn hello(version: [u8; 2]) -> Vec<u8> {
    let body = [&version[..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
    let message = [&[2, 0, 0, u8::try_from(body.len()).unwrap()][..], &body].concat();
    [&[22, 3, 1, 0, u8::try_from(message.len()).unwrap()][..], &message].concat()
}

/// An answer whose end is the end of the connection, without TLS saying that it ends.
fn truncated() -> Attack {
    let authority = Authority::new("one");
    let tls = authority.server(&[NAME], |_| ()).serve(&[]);
    let serve = async move || {
        Server::tls(tls, |mut io, _| async move {
            request(&mut io).await;
            let _ = io.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"items\":[]}").await;
            let _ = io.flush().await;
            let (mut tcp, _) = io.into_inner();
            let _ = tcp.shutdown().await;
            drain(&mut tcp).await;
        })
        .await
    };
    believing(Attack::by("https", serve), &authority)
}

/// A protocol that the client did not offer: rustls does not let a server choose it, so the client does not want HTTP/2.
fn without_http2() -> Attack {
    let authority = Authority::new("one");
    behind(authority.server(&[NAME], |_| ()).serve(&["h2"]), &authority).with(|options| options.http2 = false)
}

attacks! {
    an_expired_certificate_is_refused: certificate(&[NAME], |c| c.not_after = date_time_ymd(2020, 1, 1));
    a_certificate_of_the_future_is_refused: certificate(&[NAME], |c| c.not_before = date_time_ymd(2999, 1, 1));
    a_certificate_of_another_name_is_refused: certificate(&["other.test"], |_| ());
    a_certificate_without_a_name_is_refused: certificate(&[], |c| c.distinguished_name.push(DnType::CommonName, NAME));
    a_certificate_of_all_names_is_refused: certificate(&["*"], |_| ());
    a_certificate_of_a_name_below_is_refused: certificate(&["*.api.test"], |_| ());
    a_clients_certificate_is_refused: certificate(&[NAME], |c| c.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    an_authority_in_place_of_a_server_is_refused: certificate(&[NAME], |c| c.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    a_certificate_that_signed_itself_is_refused: strange(&self_signed(&[NAME], |_| ()));
    a_certificate_of_an_unknown_authority_is_refused: strange(&Authority::new("two").server(&[NAME], |_| ()));
    a_certificate_of_an_authority_with_the_same_name_is_refused: strange(&Authority::new("one").server(&[NAME], |_| ()));
    a_certificate_whose_key_the_server_does_not_have_is_refused: {
        let authority = Authority::new("one");
        let (right, other) = (authority.server(&[NAME], |_| ()), authority.server(&[NAME], |_| ()));
        behind(right.serve_with_key_of(&other), &authority).ends(Kind::Tls)
    };
    a_chain_of_two_is_believed: chain(2).keeps_the_connection();
    a_chain_longer_than_any_honest_one_is_refused: chain(12).ends(Kind::Tls);
    a_chain_of_two_hundred_is_refused: chain(200).ends(Kind::Tls);
    a_protocol_that_was_not_offered_is_refused: without_http2().ends_in_one_of(&[Kind::Tls, Kind::Reset]);
    a_downgrade_to_tls_1_0_is_refused: says(hello([3, 1])).ends(Kind::Tls);
    a_downgrade_to_tls_1_1_is_refused: says(hello([3, 2])).ends(Kind::Tls);
    a_downgrade_to_ssl_3_is_refused: says(hello([3, 0])).ends(Kind::Tls);
    plain_http_in_place_of_tls_is_refused: says(format!("HTTP/1.1 200 OK\r\n\r\n{MARKER}").into_bytes()).ends(Kind::Tls);
    words_in_place_of_tls_are_refused: says(MARKER.as_bytes().to_vec()).ends(Kind::Tls);
    an_alert_in_place_of_a_handshake_is_refused: says(vec![21, 3, 3, 0, 2, 2, 40]).ends(Kind::Tls);
    alerts_without_end_are_refused: says_without_end(vec![21, 3, 3, 0, 2, 1, 112], Duration::ZERO).ends(Kind::Tls);
    empty_records_without_end_are_refused:
        says_without_end(vec![22, 3, 3, 0, 0], Duration::ZERO).timeouts(|t| t.open = Some(Duration::from_secs(1)))
            .ends_in_one_of(&[Kind::Tls, Kind::Timeout(Phase::Open)]);
    a_handshake_message_without_end_is_refused:
        says_without_end([&[22, 3, 3, 0x40, 0][..], &[2, 255, 255, 255], &[0; 0x3ffc]].concat(), Duration::ZERO).ends(Kind::Tls);
    a_handshake_that_never_comes_is_an_open_timeout:
        says(Vec::new()).timeouts(|t| t.open = Some(Duration::from_millis(300))).ends(Kind::Timeout(Phase::Open));
    a_handshake_that_drips_is_an_open_timeout:
        says_without_end(vec![22], Duration::from_millis(20)).timeouts(|t| t.open = Some(Duration::from_millis(300)))
            .ends_in_one_of(&[Kind::Tls, Kind::Timeout(Phase::Open)]);
    a_connection_closed_instead_of_a_handshake_is_a_reset: port(|_| async { None }).ends(Kind::Reset);
    a_connection_reset_instead_of_a_handshake_is_a_reset: port(|io| async { reset(io) }).ends(Kind::Reset);
    an_answer_that_tls_does_not_end_is_a_reset: truncated().ends(Kind::Reset);
}
