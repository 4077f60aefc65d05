//! Status lines and header fields: too many, too long, too late, or none.

use gitlab_kube::api::request::Want;
use gitlab_kube::error::{Kind, Limit, Phase};
use tokio::io::AsyncWriteExt;

use crate::attack::attacks;
use crate::http1::{drips, greets, plays, reset, resets_after, says, says_and_waits, says_without_end};
use crate::support::MARKER;
use crate::support::server::{ok, request};

const HEADERS: Kind = Kind::Limit(Limit::Headers);
const SILENT: Kind = Kind::Timeout(Phase::Read);
const TOTAL: Kind = Kind::Timeout(Phase::Total);

fn with(fields: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").into_bytes()
}

fn early() -> Vec<u8> {
    b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".to_vec()
}

attacks! {
    a_server_that_never_answers_times_out: says_and_waits("").impatient().ends(SILENT);
    a_write_that_is_never_answered_times_out: says_and_waits("").posting(10).impatient().ends(SILENT);
    a_head_that_stops_in_the_middle_times_out: says_and_waits("HTTP/1.1 200 OK\r\nX-").impatient().ends(SILENT);
    a_head_that_drips_ends_with_the_total_time: drips("HTTP/1.1 200 OK\r\nX: ", "a").short().ends(TOTAL);
    header_fields_that_drip_end_with_the_total_time: drips("HTTP/1.1 200 OK\r\n", "X: a\r\n").short().ends(TOTAL);
    a_flood_of_header_fields_is_refused:
        says(with(&(0..5000).map(|n| format!("X-{n}: {MARKER}")).collect::<Vec<_>>().join("\r\n"))).ends(HEADERS);
    one_long_header_field_is_refused: says(with(&format!("X: {}", MARKER.repeat(10_000)))).ends(HEADERS);
    header_fields_without_end_are_refused: says_without_end("HTTP/1.1 200 OK\r\n", "X: on and on\r\n").ends(HEADERS);
    a_header_name_without_end_is_refused: says_without_end("HTTP/1.1 200 OK\r\n", "X").ends(HEADERS);
    a_status_line_without_end_is_refused: says_without_end("HTTP/1.1 200 ", "O").ends(HEADERS);
    empty_lines_without_end_before_the_head_are_refused:
        says_without_end("", "\r\n").short().ends_in_one_of(&[HEADERS, Kind::Parse, TOTAL]);
    early_answers_without_end_are_refused: says_without_end("", early()).ends(HEADERS);
    early_answers_that_drip_are_refused: drips("", early()).ends(HEADERS);
    a_few_early_answers_do_no_harm: says([early(), early(), ok("{}")].concat());
    a_change_of_protocol_that_nobody_asked_for_is_refused:
        says_and_waits("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n").ends(Kind::Parse);
    a_change_to_another_protocol_than_websocket_is_refused:
        says_and_waits("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
            .wanting(Want::Exec).ends(Kind::Parse);
    words_that_are_not_http_are_refused: says(format!("{MARKER}\r\n\r\n")).ends(Kind::Parse);
    a_status_that_is_no_number_is_refused: says(format!("HTTP/1.1 {MARKER}\r\n\r\n")).ends(Kind::Parse);
    a_status_beyond_999_is_refused: says("HTTP/1.1 99999 OK\r\n\r\n").ends(Kind::Parse);
    http_0_9_is_refused: says(format!("<html>{MARKER}</html>")).ends_in_one_of(&[Kind::Parse, Kind::Reset]);
    a_field_without_a_colon_is_refused: says(with(MARKER)).ends(Kind::Parse);
    a_space_before_the_colon_is_refused: says(with("Content-Length : 2")).ends(Kind::Parse);
    a_nul_in_a_header_field_is_refused: says(with("X: a\0b")).ends(Kind::Parse);
    a_bare_carriage_return_in_a_header_field_is_refused: says(with("X: a\rSet-Cookie: b")).ends(Kind::Parse);
    http_2_where_nobody_asked_for_it_is_refused:
        says(b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64".to_vec()).ends_in_one_of(&[Kind::Parse, Kind::Reset]);
    tls_where_nobody_asked_for_it_is_refused: says(b"\x15\x03\x01\0\x02\x02\x28".to_vec()).ends(Kind::Parse);
    a_connection_closed_without_an_answer_is_a_reset: says("").ends(Kind::Reset);
    a_reset_at_once_is_a_reset: greets(|io| async { reset(io) }).ends(Kind::Reset);
    a_reset_after_the_request_is_a_reset: resets_after("").ends(Kind::Reset);
    a_reset_within_the_status_line_is_a_reset: resets_after("HTTP/1.1 2").ends(Kind::Reset);
    a_reset_within_the_head_is_a_reset: resets_after("HTTP/1.1 200 OK\r\nContent-Le").ends(Kind::Reset);
    a_reset_within_a_write_is_a_reset:
        greets(|mut io| async move { request_head(&mut io).await; reset(io) })
            .posting(8 << 20).ends(Kind::Reset);
    a_half_closed_connection_without_an_answer_is_a_reset:
        plays(|mut io| async move { io.shutdown().await.unwrap(); io }).ends(Kind::Reset);
    a_half_closed_connection_within_the_head_is_a_reset:
        plays(|mut io| async move { io.write_all(b"HTTP/1.1 200 OK\r\nX").await.unwrap(); io.shutdown().await.unwrap(); io })
            .ends(Kind::Reset);
    an_early_refusal_of_a_large_write_is_heard:
        greets(|mut io| async move {
            request_head(&mut io).await;
            io.write_all(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await.unwrap();
            io
        }).posting(8 << 20).refused_with(413);
    a_second_answer_behind_the_first_does_not_become_the_next:
        plays(|mut io| async move {
            io.write_all(&[ok("{}"), b"HTTP/1.1 500 Forged\r\nContent-Length: 0\r\n\r\n".to_vec()].concat()).await.unwrap();
            while request(&mut io).await.is_some() {}
            io
        }).twice();
}

/// The head of a request, and nothing of its body.
async fn request_head(io: &mut tokio::net::TcpStream) {
    use tokio::io::AsyncReadExt;
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        seen.push(io.read_u8().await.unwrap());
    }
}
