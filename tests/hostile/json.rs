//! Documents that are too deep, too long, too many, or none.

use gitlab_kube::error::{Kind, Limit};

use crate::attack::{Attack, attacks};
use crate::http1::{CHUNKED, drips, says, says_without_end};
use crate::support::MARKER;
use crate::support::server::ok;

const DEPTH: Kind = Kind::Limit(Limit::Depth);
const STRING: Kind = Kind::Limit(Limit::StringLength);
const NUMBER: Kind = Kind::Limit(Limit::NumberLength);
const ITEMS: Kind = Kind::Limit(Limit::Items);
const LINE: Kind = Kind::Limit(Limit::LineLength);

/// A document with its length.
fn document(json: impl AsRef<[u8]>) -> Attack {
    let json = json.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", json.len());
    says([head.as_bytes(), json].concat())
}

/// A document that begins like this and goes on like that for ever.
fn endless(head: &str, piece: impl AsRef<[u8]>) -> Attack {
    let begun = if head.is_empty() { Vec::new() } else { chunk(head.as_bytes()) };
    says_without_end([CHUNKED.as_bytes(), &begun].concat(), chunk(piece.as_ref()))
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

fn nested(n: usize) -> String {
    format!("{}1{}", r#"{"a":["#.repeat(n), "]}".repeat(n))
}

/// A watch of these lines.
fn watch(lines: impl AsRef<[u8]>) -> Attack {
    says([CHUNKED.as_bytes(), &chunk(lines.as_ref()), b"0\r\n\r\n"].concat()).watched()
}

fn event(object: &str) -> String {
    format!("{{\"type\":\"ADDED\",\"object\":{object}}}\n")
}

/// A list whose weight is not in its items: what checks the outside must not hold it twice.
fn heavy_outside() -> Attack {
    let text = format!(r#""{}","#, "a".repeat(900_000)).repeat(52);
    document(format!(r#"{{"metadata":[{text}1],"items":[1,2]}}"#))
        .limits(|l| (l.wire_bytes, l.decoded_bytes) = (48 << 20, 48 << 20))
        .keeps_the_connection()
}

attacks! {
    objects_in_objects_are_refused: document(nested(1000)).ends(DEPTH);
    arrays_without_end_are_refused: endless("", "[".repeat(16 << 10)).ends(DEPTH);
    depth_within_an_item_is_refused: document(format!(r#"{{"items":[{}]}}"#, nested(1000))).ends(DEPTH);
    depth_outside_the_items_is_refused: document(format!(r#"{{"items":[1],"a":{}}}"#, nested(1000))).ends(DEPTH);
    depth_within_a_watch_event_is_refused: watch(event(&nested(1000))).ends(DEPTH);
    depth_within_a_refusal_is_still_a_refusal:
        says(format!("HTTP/1.1 403 Forbidden\r\nContent-Length: 200000\r\n\r\n{}", "[".repeat(200_000))).refused_with(403);
    a_string_without_end_is_refused: endless(r#"{"a":""#, "a".repeat(64 << 10)).ends(STRING);
    a_string_of_a_hundred_megabytes_is_refused:
        endless(r#"{"items":[{"a":""#, "a".repeat(1 << 20))
            .limits(|l| (l.wire_bytes, l.decoded_bytes) = (100 << 20, 100 << 20)).ends(STRING);
    a_key_without_end_is_refused: endless(r#"{""#, "k".repeat(64 << 10)).ends(STRING);
    escapes_without_end_are_refused: endless(r#"{"a":""#, r"\u0041".repeat(10_000)).ends(STRING);
    a_number_without_end_is_refused: endless(r#"{"a":"#, "1".repeat(64 << 10)).ends(NUMBER);
    a_number_of_a_megabyte_among_items_is_refused: document(format!(r#"{{"items":[{}]}}"#, "9".repeat(1 << 20))).ends(NUMBER);
    an_exponent_beyond_every_float_does_no_harm: document(r#"{"a":1e999999999,"b":-1E+999999999}"#).keeps_the_connection();
    an_exponent_without_end_is_refused: endless(r#"{"a":1e"#, "0".repeat(64 << 10)).ends(NUMBER);
    a_word_without_end_is_refused: endless(r#"{"a":t"#, "r".repeat(64 << 10)).ends(NUMBER);
    spaces_without_end_are_stopped: endless("", " ".repeat(64 << 10)).limits(|l| l.wire_bytes = 1 << 20).ends(Kind::Limit(Limit::WireBytes));
    items_without_end_are_refused: endless(r#"{"items":["#, "{},".repeat(20_000)).ends(ITEMS);
    five_million_items_on_a_page_of_five_hundred_are_refused:
        endless(r#"{"kind":"PodList","items":["#, "1,".repeat(500_000))
            .limits(|l| l.items = 1_000_000).ends(ITEMS);
    a_page_of_exactly_as_many_items_as_are_allowed_is_taken:
        document(format!(r#"{{"items":[{}1]}}"#, "1,".repeat(9_999))).keeps_the_connection();
    one_item_more_than_is_allowed_is_refused: document(format!(r#"{{"items":[{}1]}}"#, "1,".repeat(10_000))).ends(ITEMS);
    what_is_heavy_outside_the_items_is_not_held_twice: heavy_outside();
    resources_without_end_in_discovery_are_refused:
        document(format!(r#"{{"resources":[{}{{"name":"a"}}]}}"#, r#"{"name":"a","kind":"B"},"#.repeat(100_000)))
            .discovered().ends(ITEMS).keeps_the_connection();
    verbs_without_end_in_discovery_are_refused:
        document(format!(r#"{{"resources":[{{"name":"a","kind":"B","verbs":[{}"v"]}}]}}"#, r#""v","#.repeat(800_000)))
            .discovered().ends(ITEMS).keeps_the_connection();
    a_discovery_larger_than_any_server_is_refused:
        document(format!(r#"{{"resources":[{}{{"name":"a"}}]}}"#, r#"{"name":"a","kind":"B"},"#.repeat(600_000)))
            .limits(|l| l.wire_bytes = 16 << 20).discovered().ends(Kind::Limit(Limit::DecodedBytes)).keeps_the_connection();
    a_plucked_list_without_end_is_stopped:
        endless(r#"{"items":["#, format!("{{\"a\":\"{}\"}},", "b".repeat(60_000)))
            .plucked().limits(|l| l.streamed_bytes = 8 << 20).ends(Kind::Limit(Limit::DecodedBytes));
    plucked_items_without_end_are_refused: endless(r#"{"items":["#, "{},".repeat(20_000)).plucked().ends(ITEMS);
    a_plucked_item_without_end_is_refused: endless(r#"{"items":[{"a":["#, r#""b","#.repeat(16_000)).plucked().ends(LINE);
    a_plucked_list_that_is_heavy_outside_its_items_is_refused: endless(r#"{"metadata":["#, r#""b","#.repeat(16_000)).plucked().ends(LINE);
    a_plucked_list_that_is_none_is_refused: document(r#"{"kind":"Pod"}"#).plucked().ends(Kind::Parse);
    half_a_plucked_list_is_refused: document(r#"{"items":[{"a":1},{"#).plucked().ends(Kind::Parse);
    a_second_list_of_items_is_refused: document(r#"{"items":[{"a":1}],"items":[]}"#).ends(Kind::Parse);
    a_key_twice_is_what_json_parse_makes_of_it: document(r#"{"a":1,"a":{"b":2},"a":[]}"#).keeps_the_connection();
    invalid_utf_8_is_refused: document(b"{\"a\":\"\xff\xfe\"}").ends(Kind::Parse);
    overlong_utf_8_is_refused: document(b"{\"a\":\"\xc0\xaf\"}").ends(Kind::Parse);
    a_surrogate_in_utf_8_is_refused: document(b"{\"a\":\"\xed\xa0\x80\"}").ends(Kind::Parse);
    invalid_utf_8_in_a_key_is_refused: document(b"{\"\xff\":1}").ends(Kind::Parse);
    invalid_utf_8_within_an_item_is_refused: document(b"{\"items\":[{\"a\":\"\xff\"}]}").ends(Kind::Parse);
    invalid_utf_8_in_a_watch_is_refused: watch(b"{\"type\":\"ADDED\",\"object\":{\"a\":\"\xff\"}}\n").ends(Kind::Parse);
    utf_16_is_refused: document(b"\xff\xfe{\0}\0").ends(Kind::Parse);
    a_byte_order_mark_is_refused: document("\u{feff}{}").ends(Kind::Parse);
    half_a_surrogate_pair_does_no_harm: document(r#"{"a":"\ud800"}"#).keeps_the_connection();
    an_escaped_nul_does_no_harm: document(r#"{"a\u0000b":"c\u0000d"}"#).keeps_the_connection();
    a_bare_nul_in_a_string_is_refused: document(b"{\"a\":\"b\0c\"}").ends(Kind::Parse);
    a_bare_nul_between_tokens_is_refused: document(b"{\"a\":\0 1}").ends(Kind::Parse);
    a_document_of_nuls_is_refused: document([0; 1000]).ends(Kind::Parse);
    a_control_character_in_a_string_is_refused: document(b"{\"a\":\"\x1b[2J\"}").ends(Kind::Parse);
    nan_is_refused: document(r#"{"a":NaN}"#).ends(Kind::Parse);
    a_comment_is_refused: document(r#"{"a":1}/* b */"#).ends(Kind::Parse);
    a_comma_too_many_is_refused: document(r#"{"items":[1,2,]}"#).ends(Kind::Parse);
    a_second_document_behind_the_first_is_refused: document(r#"{"a":1}{"a":2}"#).ends(Kind::Parse);
    half_a_document_is_refused: document(r#"{"items":[{"a":1},{"#).ends(Kind::Parse);
    no_document_at_all_is_refused: document("").ends(Kind::Parse);
    a_login_page_in_place_of_a_document_is_refused: document(format!("<html>{MARKER}</html>")).ends(Kind::Parse);
    a_line_of_a_watch_without_end_is_refused: endless(r#"{"type":"ADDED","object":{"a":"#, " ".repeat(64 << 10)).watched().ends(LINE);
    a_watch_of_one_line_longer_than_allowed_is_refused: watch(event(&format!(r#"["{}"]"#, "a".repeat(1 << 20)))).ends(LINE);
    a_string_of_a_watch_longer_than_allowed_is_refused:
        watch(event(&format!(r#"{{"a":"{}"}}"#, "a".repeat(2000)))).limits(|l| l.string_bytes = 1000).ends(STRING);
    a_watch_that_ends_within_a_line_was_cut: watch(event("{}").trim_end()).ends(Kind::Cut);
    a_watch_of_what_is_no_event_is_refused: watch(format!("{MARKER}\n")).ends(Kind::Parse);
    a_watch_of_events_without_object_is_refused: watch("{\"type\":\"ADDED\"}\n").ends(Kind::Parse);
    items_within_a_watch_event_are_counted:
        watch(format!("{{\"type\":\"ADDED\",\"object\":{{}},\"items\":[{}1]}}\n", "1,".repeat(20_000))).ends(ITEMS);
    a_watch_that_drips_within_a_line_is_bounded_by_the_line:
        drips(CHUNKED, chunk(&[b' '; 1000])).watched().limits(|l| l.line_bytes = 20_000).ends(LINE);
    an_honest_document_is_taken: says(ok(r#"{"kind":"Pod"}"#));
}
