//! Servers that send the client elsewhere: it stays.

use crate::attack::{Attack, attacks};
use crate::http1::says;
use crate::support::server::Server;

/// An answer with `code` and these header fields, and nobody where they point to.
fn redirect(code: u16, fields: &str) -> Attack {
    says(format!("HTTP/1.1 {code} Elsewhere\r\n{fields}\r\nContent-Length: 0\r\n\r\n")).refused_with(code)
}

/// A redirect to a server that is really there, and must not be met.
fn to_a_trap(code: u16) -> Attack {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let trap = runtime.block_on(Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    std::mem::forget(runtime); // the trap stays open for as long as the tests run
    redirect(code, &format!("Location: {}", trap.url("/"))).trap(trap)
}

attacks! {
    a_permanent_redirect_to_loopback_is_not_followed: to_a_trap(301);
    a_found_redirect_to_loopback_is_not_followed: to_a_trap(302);
    a_see_other_redirect_to_loopback_is_not_followed: to_a_trap(303);
    a_temporary_redirect_to_loopback_is_not_followed: to_a_trap(307);
    a_permanent_redirect_that_keeps_the_method_is_not_followed: to_a_trap(308);
    a_redirect_of_a_write_is_not_followed: to_a_trap(307).posting(1000);
    a_redirect_of_a_watch_is_not_followed: to_a_trap(302).watched();
    a_redirect_to_the_metadata_service_is_not_followed: redirect(302, "Location: http://169.254.169.254/latest/meta-data/");
    a_redirect_to_a_private_address_is_not_followed: redirect(301, "Location: http://10.0.0.1/");
    a_redirect_to_a_mapped_address_is_not_followed: redirect(301, "Location: http://[::ffff:169.254.169.254]/");
    a_redirect_to_a_file_is_not_followed: redirect(302, "Location: file:///etc/passwd");
    a_redirect_without_a_scheme_is_not_followed: redirect(302, "Location: //metadata.google.internal/");
    a_redirect_to_itself_is_not_followed: redirect(302, "Location: /api/v1/pods");
    a_redirect_without_a_location_is_an_answer: redirect(302, "X: y");
    a_redirect_with_many_locations_is_not_followed: redirect(302, "Location: http://10.0.0.1/\r\nLocation: http://10.0.0.2/");
    a_choice_of_places_is_not_followed: redirect(300, "Location: http://10.0.0.1/");
    an_order_to_use_a_proxy_is_not_obeyed: redirect(305, "Location: http://10.0.0.1:3128/");
    a_refresh_header_is_not_obeyed:
        says("HTTP/1.1 200 OK\r\nRefresh: 0; url=http://10.0.0.1/\r\nContent-Length: 2\r\n\r\n{}");
    an_alternative_service_is_not_used:
        says("HTTP/1.1 200 OK\r\nAlt-Svc: h2=\"10.0.0.1:443\"\r\nContent-Length: 2\r\n\r\n{}").twice();
    an_absurd_retry_after_is_not_waited_for:
        says("HTTP/1.1 429 Slow\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n").refused_with(429);
}
