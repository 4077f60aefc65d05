//! Frames: too many, too large, out of place, or the end of it all.

use gitlab_kube::Limits;
use gitlab_kube::api::request::Want;
use gitlab_kube::error::{Kind, Limit, Phase};

use crate::attack::{Attack, attacks};
use crate::frames::*;
use crate::support::MARKER;

const SILENT: Kind = Kind::Timeout(Phase::Read);
const TOTAL: Kind = Kind::Timeout(Phase::Total);
const MANY: &[Kind] = &[Kind::Limit(Limit::Headers), Kind::Parse];
const BROKEN: &[Kind] = &[Kind::Parse, Kind::Reset];

fn head(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, OK)
}

fn head_with(stream: u32, fields: &[u8]) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &[OK, fields].concat())
}

fn data(stream: u32, bytes: &str) -> Vec<u8> {
    frame(DATA, 0, stream, bytes.as_bytes())
}

fn end(stream: u32, bytes: &str) -> Vec<u8> {
    frame(DATA, END_STREAM, stream, bytes.as_bytes())
}

fn list(stream: u32) -> Vec<u8> {
    [head(stream), data(stream, r#"{"items":[{},"#)].concat()
}

fn goaway(last: u32, reason: u32) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[last.to_be_bytes(), reason.to_be_bytes()].concat())
}

fn reset(stream: u32, reason: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &reason.to_be_bytes())
}

fn setting(id: u8, value: u32) -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[&[0, id][..], &value.to_be_bytes()].concat())
}

fn then(script: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static) -> Attack {
    plays(move |mut peer| {
        let said = script(peer.stream);
        async move {
            let _ = peer.say(&said).await;
            peer.half_close().await;
            peer
        }
    })
}

/// Met before the window is: these servers never look at it (RFC 9113 §5.2), so past it another error may come first.
fn half_a_window(limits: &mut Limits) {
    limits.wire_bytes = 4 << 20;
}

/// One field in HPACK's table, then nothing but its one-byte name, sixteen thousand times: 64 MB of fields.
fn hpack_bomb(stream: u32) -> Vec<u8> {
    let mut block = [OK, &[0x40], &field("x", &"a".repeat(4000))[1..]].concat();
    block.extend(vec![0xbe; 16_000]);
    let (first, rest) = block.split_at(16_000);
    [frame(HEADERS, 0, stream, first), frame(CONTINUATION, END_HEADERS, stream, rest)].concat()
}

attacks! {
    an_abrupt_goodbye_before_the_answer_is_a_reset: then(|_| goaway(0, 2)).ends(Kind::Reset);
    an_abrupt_goodbye_within_a_list_is_a_reset: then(|s| [list(s), goaway(s, 2)].concat()).ends(Kind::Reset);
    a_goodbye_to_streams_that_were_never_looked_at_is_a_reset: then(|_| goaway(0, 0)).ends(Kind::Reset);
    a_goodbye_that_demands_calm_is_a_reset: then(|s| [list(s), goaway(s, 11)].concat()).ends(Kind::Reset);
    a_graceful_goodbye_within_a_list_does_no_harm:
        says(|s| [list(s), goaway(s, 0), end(s, "{}]}")].concat());
    goodbyes_without_end_do_no_harm:
        says(|s| [list(s), goaway(s, 0).repeat(1000), end(s, "{}]}")].concat());
    a_goodbye_with_words_keeps_them:
        then(|_| frame(GOAWAY, 0, 0, &[&[0, 0, 0, 0, 0, 0, 0, 2], MARKER.as_bytes()].concat())).ends(Kind::Reset);
    a_reset_stream_before_the_answer_is_a_reset: says(|s| reset(s, 8)).ends(Kind::Reset).keeps_the_connection();
    a_reset_stream_within_a_list_is_a_reset: says(|s| [list(s), reset(s, 2)].concat()).ends(Kind::Reset).keeps_the_connection();
    a_stream_that_is_ended_without_an_error_within_a_list_is_no_document: says(|s| [list(s), reset(s, 0)].concat()).ends(Kind::Parse);
    a_reset_stream_within_a_watch_is_a_cut: says(|s| [head(s), data(s, "{"), reset(s, 2)].concat()).watched().ends(Kind::Cut).keeps_the_connection();
    a_reset_of_a_stream_nobody_opened_is_refused: says(|_| reset(99, 2)).ends_in_one_of(BROKEN);
    a_connection_that_ends_within_a_list_is_a_reset: then(list).ends(Kind::Reset);
    a_connection_that_ends_without_an_answer_is_a_reset: then(|_| Vec::new()).ends(Kind::Reset);
    a_connection_that_ends_within_a_frame_is_a_reset: then(|s| data(s, MARKER)[..12].to_vec()).ends_in_one_of(BROKEN);
    a_silent_server_times_out: says(|_| Vec::new()).impatient().ends(SILENT);
    a_list_that_falls_silent_times_out: says(list).impatient().ends(SILENT);
    a_list_that_drips_ends_with_the_total_time: drips(head, |s| data(s, " ")).short().ends(TOTAL);
    a_list_without_end_is_stopped: says_without_end(head, |s| data(s, &" ".repeat(16_000))).limits(half_a_window).ends(Kind::Limit(Limit::WireBytes));
    a_log_without_end_is_stopped: says_without_end(head, |s| data(s, &"a".repeat(16_000))).wanting(Want::Text).limits(half_a_window).ends(Kind::Limit(Limit::WireBytes));
    a_log_that_minds_no_window_is_refused:
        says_without_end(head, |s| data(s, &"a".repeat(16_000))).wanting(Want::Text).ends_in_one_of(&[Kind::Limit(Limit::WireBytes), Kind::Parse, Kind::Reset]);
    empty_frames_without_end_are_refused: says_without_end(head, |s| data(s, "").repeat(100)).ends_in_one_of(BROKEN);
    padding_without_end_is_bounded:
        says_without_end(head, |s| frame(DATA, 8, s, &[255; 256]).repeat(10)).short().ends_in_one_of(&[TOTAL, Kind::Parse, Kind::Reset]);
    pings_without_end_do_not_put_off_the_timeout: says_without_end(|_| Vec::new(), |_| frame(PING, 0, 0, &[0; 8]).repeat(100)).impatient().ends_in_one_of(&[SILENT, Kind::Parse]);
    settings_without_end_do_not_put_off_the_timeout: says_without_end(|_| Vec::new(), |_| setting(3, 100).repeat(100)).impatient().ends_in_one_of(&[SILENT, Kind::Parse]);
    window_updates_without_end_do_not_put_off_the_timeout:
        drips(|_| Vec::new(), |_| frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])).impatient().ends(SILENT);
    unknown_frames_without_end_do_not_put_off_the_timeout:
        says_without_end(|_| Vec::new(), |_| frame(0xfa, 0, 0, MARKER.as_bytes()).repeat(100)).impatient().ends_in_one_of(&[SILENT, Kind::Parse]);
    a_continuation_without_end_is_refused:
        says_without_end(|s| frame(HEADERS, 0, s, OK), |s| frame(CONTINUATION, 0, s, &field("x", "on and on"))).short().ends_in_one_of(MANY);
    empty_continuations_without_end_are_refused:
        says_without_end(|s| frame(HEADERS, 0, s, OK), |s| frame(CONTINUATION, 0, s, &[]).repeat(100)).short().ends_in_one_of(&[Kind::Parse, Kind::Limit(Limit::Headers), TOTAL]);
    another_frame_within_a_continuation_is_refused:
        says(|s| [frame(HEADERS, 0, s, OK), frame(PING, 0, 0, &[0; 8])].concat()).ends_in_one_of(BROKEN);
    a_flood_of_header_fields_is_refused: says(|s| head_with(s, &field("x", MARKER).repeat(500))).limits(|l| l.header_bytes = 8 << 10).ends_in_one_of(MANY);
    a_header_field_larger_than_allowed_is_refused: says(|s| head_with(s, &field("x", &"a".repeat(12_000)))).limits(|l| l.header_bytes = 8 << 10).ends_in_one_of(MANY);
    a_bomb_in_hpack_is_refused: says(hpack_bomb).ends_in_one_of(MANY);
    an_index_that_hpack_does_not_have_is_refused: says(|s| head_with(s, &[0xff, 0xff, 0xff, 0x0f])).ends_in_one_of(BROKEN);
    an_integer_without_end_in_hpack_is_refused: says(|s| head_with(s, &[255; 1000])).ends_in_one_of(BROKEN);
    a_table_larger_than_allowed_in_hpack_is_refused: says(|s| frame(HEADERS, END_HEADERS, s, &[&[0x3f, 0xff, 0xff, 0xff, 0x0f], OK].concat())).ends_in_one_of(BROKEN);
    an_upper_case_field_is_refused: says(|s| [head_with(s, &field("X", "y")), end(s, "{}")].concat()).ends_in_one_of(BROKEN);
    a_field_of_http_1_is_refused: says(|s| [head_with(s, &field("transfer-encoding", "chunked")), end(s, "{}")].concat()).ends_in_one_of(BROKEN);
    an_answer_without_status_is_refused: says(|s| [frame(HEADERS, END_HEADERS, s, &field("x", "y")), end(s, "{}")].concat()).ends_in_one_of(BROKEN);
    a_line_end_in_a_field_is_refused: says(|s| [head_with(s, &field("x", "a\r\nSet-Cookie: b")), end(s, "{}")].concat()).ends_in_one_of(BROKEN);
    a_redirect_is_not_followed:
        says(|s| frame(HEADERS, END_HEADERS | END_STREAM, s, &[&[0x08, 3][..], b"302", &field("location", "https://10.0.0.1/")].concat()))
            .refused_with(302).keeps_the_connection();
    early_answers_without_end_do_not_put_off_the_timeout:
        drips(|_| Vec::new(), |s| frame(HEADERS, END_HEADERS, s, &[&[0x08, 3][..], b"103"].concat())).impatient().ends_in_one_of(&[SILENT, Kind::Limit(Limit::Headers)]);
    a_body_before_the_head_is_refused: says(|s| data(s, "{}")).ends_in_one_of(BROKEN);
    a_body_of_a_stream_nobody_opened_is_refused: says(|_| data(99, "{}")).ends_in_one_of(BROKEN);
    a_body_of_no_stream_is_refused: says(|_| data(0, "{}")).ends_in_one_of(BROKEN);
    a_body_after_its_end_does_no_harm: says(|s| [head(s), end(s, "{}"), data(s, "{}")].concat()).keeps_the_connection();
    a_body_shorter_than_its_length_is_refused: says(|s| [head_with(s, &field("content-length", "1000")), end(s, "{}")].concat()).ends_in_one_of(BROKEN);
    a_body_longer_than_its_length_is_refused: says(|s| [head_with(s, &field("content-length", "1")), end(s, "{}")].concat()).ends_in_one_of(BROKEN);
    a_pushed_answer_is_refused: says(|s| frame(PUSH_PROMISE, END_HEADERS, s, &[&[0, 0, 0, 2], OK].concat())).ends_in_one_of(BROKEN);
    a_frame_larger_than_allowed_is_refused: says(|s| frame(DATA, 0, s, &[0; 300 << 10])).ends_in_one_of(BROKEN);
    a_frame_of_sixteen_megabytes_is_refused: says(|s| [&[255, 255, 255, DATA, 0][..], &s.to_be_bytes()].concat()).ends_in_one_of(BROKEN);
    a_ping_of_the_wrong_size_is_refused: says(|_| frame(PING, 0, 0, &[0; 7])).ends_in_one_of(BROKEN);
    settings_of_the_wrong_size_are_refused: says(|_| frame(SETTINGS, 0, 0, &[0; 5])).ends_in_one_of(BROKEN);
    a_window_larger_than_allowed_is_refused: says(|_| setting(4, u32::MAX)).ends_in_one_of(BROKEN);
    a_frame_size_smaller_than_allowed_is_refused: says(|_| setting(5, 1)).ends_in_one_of(BROKEN);
    a_window_update_of_zero_is_refused: says(|_| frame(WINDOW_UPDATE, 0, 0, &[0; 4])).ends_in_one_of(BROKEN);
    a_window_that_overflows_is_refused: says(|_| frame(WINDOW_UPDATE, 0, 0, &[0x7f, 255, 255, 255]).repeat(3)).ends_in_one_of(BROKEN);
    a_window_that_never_opens_times_out: says(|_| setting(4, 0)).posting(1 << 20).impatient().ends(SILENT);
    words_of_http_1_are_refused: says(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()).ends_in_one_of(BROKEN);
    an_honest_list_is_taken: says(|s| [list(s), end(s, "{}]}")].concat()).keeps_the_connection();
}
