//! Whatever a server refuses with, the words are ours, the reason is from the list, and what it said is found where it is kept.
#![no_main]

use gitlab_kube::api::status::{reason, refusal};
use gitlab_kube::exec::exit;
use gitlab_kube::{Error, Kind};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: (u16, Option<u64>, &[u8])| {
    let (code, retry_after, body) = input;
    let error = refusal(code, retry_after, body);
    assert_eq!((error.kind(), error.code()), (Kind::Status, Some(code)));
    assert!(retry_after.is_none() || error.retry_after() == retry_after);
    words_are_ours(&error, code);
    keeps_what_was_said(&error, body);
    if let Err(error) = exit::code(body) {
        error.code().into_iter().for_each(|code| words_are_ours(&error, code));
    }
});

/// An error prints as that of another body would which has nothing but the known reason.
fn words_are_ours(error: &Error, code: u16) {
    let known = error.reason();
    assert_eq!(known.and_then(reason), known);
    let body = known.map_or_else(String::new, |known| format!(r#"{{"reason":"{known}"}}"#));
    let plain = refusal(code, error.retry_after(), body.as_bytes());
    assert_eq!(format!("{error} {error:?} {error:#?}"), format!("{plain} {plain:?} {plain:#?}"));
}

fn keeps_what_was_said(error: &Error, body: &[u8]) {
    let Some(message) = error.unsafe_server_message() else { return };
    // What is skipped may be anything, such as a number that is none to the other parser.
    let Ok(status) = serde_json::from_str::<Value>(&String::from_utf8_lossy(body)) else { return };
    assert_eq!(status["message"].as_str(), Some(message.expose().as_str()));
}
