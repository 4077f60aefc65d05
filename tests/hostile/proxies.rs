//! Proxies that play along, up to a point.

use gitlab_kube::error::{Kind, Phase};
use gitlab_kube::transport::proxy::Proxy;

use std::time::Duration;

use crate::attack::{Attack, attacks};
use crate::http1;
use crate::support::MARKER;

const LED_ASTRAY: &[Kind] = &[Kind::Proxy, Kind::Reset, Kind::Parse];

/// The server is a proxy of this scheme; the cluster is far away.
fn proxy(scheme: &'static str, attack: Attack) -> Attack {
    attack.timeouts(|timeouts| timeouts.open = Some(Duration::from_secs(2))).with(move |options| {
        options.proxy = Some(Proxy::parse(&options.url.replacen("http", scheme, 1)).unwrap());
        options.url = "http://93.184.216.34:6443".into();
    })
}

fn http(attack: Attack) -> Attack {
    proxy("http", attack)
}

/// Says this as soon as it is connected to.
fn socks(said: &'static [u8]) -> Attack {
    let script = move |mut io| async move {
        let _ = tokio::io::AsyncWriteExt::write_all(&mut io, said).await;
        io
    };
    proxy("socks5", http1::greets(script))
}

attacks! {
    a_proxy_that_redirects_is_not_followed: http(http1::says("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1\r\n\r\n")).ends(Kind::Proxy);
    a_proxy_that_refuses_is_a_proxy_error: http(http1::says(format!("HTTP/1.1 407 {MARKER}\r\n\r\n"))).ends(Kind::Proxy);
    a_proxy_whose_head_has_no_end_is_refused: http(http1::says_without_end("HTTP/1.1 200 OK\r\n", "X: y\r\n")).ends(Kind::Proxy);
    a_proxy_that_is_silent_is_an_open_timeout: http(http1::says_and_waits("")).ends(Kind::Timeout(Phase::Open));
    a_proxy_whose_head_drips_is_an_open_timeout: http(http1::drips("HTTP/1.1 200 OK\r\nX: ", "y")).ends(Kind::Timeout(Phase::Open));
    a_proxy_that_hangs_up_is_an_error: http(http1::says("")).ends_in_one_of(LED_ASTRAY);
    a_proxy_that_resets_is_an_error: http(http1::resets_after("")).ends_in_one_of(LED_ASTRAY);
    a_proxy_that_speaks_something_else_is_an_error: http(http1::says(MARKER)).ends_in_one_of(LED_ASTRAY);
    a_proxy_that_hangs_up_after_its_promise_is_a_reset: http(http1::says("HTTP/1.1 200 OK\r\n\r\n")).ends(Kind::Reset);
    a_proxy_that_answers_in_the_clusters_place_is_refused:
        http(http1::says("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")).ends_in_one_of(LED_ASTRAY);
    a_socks_proxy_of_another_version_is_an_error: socks(b"\x04\x00").ends(Kind::Proxy);
    a_socks_proxy_that_wants_a_login_is_an_error: socks(b"\x05\x02").ends(Kind::Proxy);
    a_socks_proxy_that_refuses_is_an_error: socks(b"\x05\x00\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00").ends(Kind::Proxy);
    a_socks_proxy_with_an_address_of_no_kind_is_an_error: socks(b"\x05\x00\x05\x00\x00\x09").ends_in_one_of(LED_ASTRAY);
    a_socks_proxy_that_is_silent_is_an_open_timeout: socks(b"").ends(Kind::Timeout(Phase::Open));
}
