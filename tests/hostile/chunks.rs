//! Bodies and their lengths: wrong, two of them, none, or without end.

use std::sync::Arc;

use gitlab_kube::api::request::Want;
use gitlab_kube::error::{Kind, Limit, Phase};

use crate::attack::Attack;
use crate::attack::attacks;
use crate::http1::{CHUNKED, drips, resets_after, says, says_and_waits, says_without_end};
use crate::support::MARKER;
use crate::support::server::{Server, answer_all, ok};

const SILENT: Kind = Kind::Timeout(Phase::Read);
const TOTAL: Kind = Kind::Timeout(Phase::Total);
const BROKEN: &[Kind] = &[Kind::Parse, Kind::Reset];

fn with(fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{body}").into_bytes()
}

fn chunked(chunks: &str) -> Vec<u8> {
    format!("{CHUNKED}{chunks}").into_bytes()
}

/// A chunk with so many spaces.
fn chunk(bytes: usize) -> Vec<u8> {
    format!("{bytes:x}\r\n{}\r\n", " ".repeat(bytes)).into_bytes()
}

/// Each connection is asked as long as it lasts.
fn answers(bytes: Vec<u8>) -> Attack {
    let bytes = Arc::new(bytes);
    Attack::by("http", async move || Server::tcp(move |io, _| answer_all(io, Arc::clone(&bytes))).await)
}

attacks! {
    a_body_shorter_than_its_length_is_a_reset: says(with("Content-Length: 1000", MARKER)).ends(Kind::Reset);
    a_promise_of_ten_terabytes_costs_nothing: says(with("Content-Length: 10000000000000", "{")).ends_in_one_of(&[Kind::Reset, Kind::Limit(Limit::WireBytes)]);
    bytes_after_the_length_do_not_become_the_next_answer:
        answers([ok("{}"), ok("forged")].concat()).twice().keeps_the_connection();
    two_lengths_are_refused: says(with("Content-Length: 2\r\nContent-Length: 3", "{} ")).ends(Kind::Parse);
    a_length_twice_in_one_field_is_refused: says(with("Content-Length: 2, 3", "{} ")).ends(Kind::Parse);
    a_negative_length_is_refused: says(with("Content-Length: -1", "{}")).ends(Kind::Parse);
    a_length_with_a_sign_is_refused: says(with("Content-Length: +2", "{}")).ends(Kind::Parse);
    a_length_of_two_to_the_64_is_refused: says(with("Content-Length: 18446744073709551616", "{}")).ends(Kind::Parse);
    a_hexadecimal_length_is_refused: says(with("Content-Length: 0x2", "{}")).ends(Kind::Parse);
    a_length_and_chunks_at_once_are_refused:
        says(with("Content-Length: 7\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")).ends(Kind::Parse);
    chunks_and_a_length_at_once_are_refused:
        says(with("Transfer-Encoding: chunked\r\nContent-Length: 7", "2\r\n{}\r\n0\r\n\r\n")).ends(Kind::Parse);
    chunks_in_http_1_0_are_refused:
        says("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n").ends(Kind::Parse);
    chunks_that_are_not_the_last_coding_are_no_document:
        says(with("Transfer-Encoding: chunked, gzip", "2\r\n{}\r\n0\r\n\r\n")).ends_in_one_of(BROKEN);
    an_unknown_transfer_coding_is_no_document: says(with("Transfer-Encoding: xchunked", "2\r\n{}\r\n0\r\n\r\n")).ends_in_one_of(BROKEN);
    a_chunk_size_that_is_no_number_is_refused: says(chunked(&format!("{MARKER}\r\n"))).ends_in_one_of(BROKEN);
    a_chunk_size_that_overflows_is_refused: says(chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n")).ends_in_one_of(BROKEN);
    a_chunk_size_with_a_sign_is_refused: says(chunked("-2\r\n{}\r\n0\r\n\r\n")).ends_in_one_of(BROKEN);
    a_chunk_size_with_a_prefix_is_refused: says(chunked("0x2\r\n{}\r\n0\r\n\r\n")).ends_in_one_of(BROKEN);
    a_chunk_size_of_zeros_without_end_times_out: says_without_end(CHUNKED, "0").impatient().ends_in_one_of(&[SILENT, Kind::Parse, Kind::Reset]);
    a_chunk_longer_than_its_size_is_refused: says(chunked("2\r\n{}   \r\n0\r\n\r\n")).ends_in_one_of(BROKEN);
    a_chunk_that_breaks_off_is_a_reset: says(chunked("ff\r\n{}")).ends(Kind::Reset);
    chunks_without_their_last_are_a_reset: says(chunked("2\r\n{}\r\n")).ends(Kind::Reset);
    a_chunk_extension_without_end_is_refused: says_without_end(format!("{CHUNKED}2;"), "x").short().ends_in_one_of(BROKEN);
    trailers_without_end_are_refused: says_without_end(format!("{CHUNKED}2\r\n{{}}\r\n0\r\n"), "X: y\r\n").short().ends_in_one_of(BROKEN);
    trailers_that_never_end_time_out: says_and_waits(format!("{CHUNKED}2\r\n{{}}\r\n0\r\nX: y\r\n")).impatient().ends(SILENT);
    chunks_of_one_byte_are_put_together: says(chunked(&format!("{}0\r\n\r\n", "1\r\n \r\n".repeat(10_000).replacen(" ", "1", 1))));
    chunks_without_end_are_stopped: says_without_end(CHUNKED, chunk(64 << 10)).ends(Kind::Limit(Limit::WireBytes));
    small_chunks_without_end_are_stopped:
        says_without_end(CHUNKED, chunk(16).repeat(1000)).limits(|l| l.wire_bytes = 1 << 20).ends(Kind::Limit(Limit::WireBytes));
    a_body_without_length_and_end_is_stopped: says_without_end(with("X: y", ""), vec![b' '; 64 << 10]).ends(Kind::Limit(Limit::WireBytes));
    a_log_without_end_is_stopped:
        says_without_end(CHUNKED, chunk(64 << 10)).wanting(Want::Text)
            .limits(|l| (l.wire_bytes, l.decoded_bytes) = (64 << 20, 31 << 20)).ends(Kind::Limit(Limit::DecodedBytes));
    a_refusal_without_end_is_still_a_refusal:
        says_without_end("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n", chunk(64 << 10)).refused_with(403);
    a_refusal_that_falls_silent_is_still_a_refusal:
        says_and_waits("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{").impatient().refused_with(403);
    a_refusal_that_drips_is_still_a_refusal: drips("HTTP/1.1 403 Forbidden\r\nContent-Length: 9999\r\n\r\n", " ").short().refused_with(403);
    a_refusal_of_a_watch_that_falls_silent_is_still_a_refusal:
        says_and_waits("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{").watched().patient_with_streams().impatient().refused_with(403);
    a_refusal_of_a_watch_that_drips_is_still_a_refusal:
        drips("HTTP/1.1 403 Forbidden\r\nContent-Length: 9999\r\n\r\n", " ").watched().patient_with_streams().short().refused_with(403);
    a_body_that_falls_silent_times_out: says_and_waits(with("Content-Length: 100", "{")).impatient().ends(SILENT);
    a_body_that_drips_ends_with_the_total_time: drips(with("Content-Length: 99999", ""), " ").short().ends(TOTAL);
    chunks_that_drip_end_with_the_total_time: drips(CHUNKED, "1\r\n \r\n").short().ends(TOTAL);
    a_reset_between_head_and_body_is_a_reset: resets_after(with("Content-Length: 2", "")).ends(Kind::Reset);
    a_reset_within_the_body_is_a_reset: resets_after(with("Content-Length: 2", "{")).ends(Kind::Reset);
    a_reset_within_a_chunk_is_a_reset: resets_after(chunked("2\r\n{")).ends(Kind::Reset);
    a_reset_before_the_last_chunk_is_a_reset: resets_after(chunked("2\r\n{}\r\n")).ends(Kind::Reset);
    a_reset_within_a_watch_is_a_cut: resets_after(chunked("2\r\n{}")).watched().ends_in_one_of(&[Kind::Cut, Kind::Parse]);
    a_body_of_a_code_that_has_none_does_not_become_the_next_answer:
        answers([b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), ok("{}")].concat()).wanting(Want::Text).twice().keeps_the_connection();
}
