//! Compression: bombs, and what says gzip and is not.

use std::io::Write;
use std::sync::LazyLock;

use flate2::{Compression, GzBuilder, write::GzEncoder};
use gitlab_kube::api::request::Want;
use gitlab_kube::error::{Kind, Limit, Phase};

use crate::attack::{Attack, attacks};
use crate::http1::{drips, says, says_without_end};
use crate::support::MARKER;

const RATIO: Kind = Kind::Limit(Limit::Ratio);
const DECODED: Kind = Kind::Limit(Limit::DecodedBytes);
const WIRE: Kind = Kind::Limit(Limit::WireBytes);
/// Binary words are no token, or one far too long.
const NO_DOCUMENT: &[Kind] = &[Kind::Parse, Kind::Limit(Limit::NumberLength)];
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";

fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn coded(coding: &str, body: impl AsRef<[u8]>) -> Attack {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
    says([head.as_bytes(), body].concat())
}

fn gzipped(body: impl AsRef<[u8]>) -> Attack {
    coded("gzip", body)
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// `[1,1,…`: so many megabytes that not all of it is allowed, and more than two hundred times as small.
fn bomb() -> Vec<u8> {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| gzip([b"[", &*b"1,".repeat(12 << 20)].concat()));
    BOMB.clone()
}

/// A header whose file name has no end (RFC 1952 §2.3.1).
fn endless_name() -> Attack {
    let header = GzBuilder::new().filename("a").write(Vec::new(), Compression::best()).finish().unwrap()[..10].to_vec();
    says_without_end([CHUNKED.as_bytes(), &chunk(&header)].concat(), chunk(&[b'a'; 64 << 10]))
}

fn within(bytes: Vec<u8>, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = bytes;
    change(&mut bytes);
    bytes
}

attacks! {
    a_bomb_is_stopped_by_its_ratio: gzipped(bomb()).ends(RATIO);
    a_bomb_is_stopped_by_its_size: gzipped(bomb()).limits(|l| l.ratio = u64::MAX).ends(DECODED);
    a_bomb_in_a_log_is_stopped: gzipped(bomb()).wanting(Want::Text).ends(RATIO);
    a_bomb_in_a_watch_is_stopped: gzipped(bomb()).watched().ends_in_one_of(&[RATIO, Kind::Limit(Limit::LineLength)]);
    a_bomb_in_a_refusal_is_still_a_refusal:
        says([format!("HTTP/1.1 403 Forbidden\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb().len()).as_bytes(), &bomb()].concat())
            .refused_with(403);
    a_bomb_of_many_members_is_stopped: gzipped(gzip(b" ".repeat(1 << 20)).repeat(24)).ends(RATIO);
    a_bomb_in_a_bomb_is_no_document: gzipped(gzip(bomb())).ends_in_one_of(NO_DOCUMENT);
    two_codings_are_refused: coded("gzip, gzip", gzip(gzip("{}"))).ends(Kind::Parse);
    two_coding_fields_do_no_more_than_one: coded("gzip\r\nContent-Encoding: gzip", gzip(bomb())).ends_in_one_of(NO_DOCUMENT);
    a_compressed_body_larger_than_allowed_on_the_wire_is_stopped: gzipped(bomb()).limits(|l| l.wire_bytes = 1000).ends(WIRE);
    empty_members_without_end_are_stopped: says_without_end(CHUNKED, chunk(&gzip("").repeat(1000))).ends(WIRE);
    empty_members_that_drip_end_with_the_total_time: drips(CHUNKED, chunk(&gzip(""))).short().ends(Kind::Timeout(Phase::Total));
    a_file_name_without_end_is_stopped: endless_name().ends_in_one_of(&[WIRE, Kind::Parse]);
    a_compression_cut_in_its_header_is_a_reset: gzipped(&gzip("{}")[..5]).ends(Kind::Reset);
    a_compression_cut_in_the_middle_is_a_reset: gzipped(&gzip("[1,2,3,4,5,6,7,8,9]")[..15]).ends(Kind::Reset);
    a_compression_cut_in_its_sum_is_a_reset: gzipped(within(gzip("{}"), |b| { b.pop(); })).ends(Kind::Reset);
    a_wrong_sum_is_refused: gzipped(within(gzip("{}"), |b| { let at = b.len() - 8; b[at] ^= 1; })).ends(Kind::Parse);
    a_wrong_length_is_refused: gzipped(within(gzip("{}"), |b| { let at = b.len() - 1; b[at] ^= 1; })).ends(Kind::Parse);
    an_unknown_method_is_refused: gzipped(within(gzip("{}"), |b| b[2] = 7)).ends(Kind::Parse);
    bytes_behind_the_last_member_are_refused: gzipped([gzip("{}"), MARKER.into()].concat()).ends(Kind::Parse);
    what_says_gzip_and_is_plain_is_refused: gzipped("{}      ").ends_in_one_of(&[Kind::Parse, Kind::Reset]);
    plain_words_for_gzip_are_refused: gzipped(MARKER).ends(Kind::Parse);
    gzip_that_says_it_is_plain_is_no_document: coded("identity", gzip("{}")).ends(Kind::Parse);
    brotli_that_nobody_asked_for_is_refused: coded("br", "{}").ends(Kind::Parse);
    a_coding_of_the_servers_own_is_refused: coded(MARKER, "{}").ends(Kind::Parse);
    honest_compression_is_read: gzipped(gzip("{}")).keeps_the_connection();
}
