//! A server's refusal as an error: its code, a reason from a fixed list, and our words.

use serde::Deserialize;

use crate::error::{Error, Kind};

/// The reasons of `metav1.StatusReason`. Anything else a server writes is not repeated.
const REASONS: &[&str] = &[
    "Unauthorized",
    "Forbidden",
    "NotFound",
    "AlreadyExists",
    "Conflict",
    "Gone",
    "Invalid",
    "ServerTimeout",
    "StoreReadError",
    "Timeout",
    "TooManyRequests",
    "BadRequest",
    "MethodNotAllowed",
    "NotAcceptable",
    "RequestEntityTooLarge",
    "UnsupportedMediaType",
    "InternalError",
    "Expired",
    "ServiceUnavailable",
];

/// What GitLab's agent server begins its own words with; what the cluster says it passes on as it is.
const AGENT_SERVER: &str = "GitLab Agent Server: ";

/// The parts of a `metav1.Status` that are looked at.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    reason: Option<String>,
    message: Option<String>,
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(rename = "retryAfterSeconds")]
    retry_after_seconds: Option<u64>,
}

/// The known reason that equals `text`.
pub fn reason(text: &str) -> Option<&'static str> {
    REASONS.iter().find(|known| **known == text).copied()
}

/// The error for an answer with `code`; the body may be a Status, anything else, or nothing.
pub fn refusal(code: u16, retry_after: Option<u64>, body: &[u8]) -> Error {
    let status: Status = serde_json::from_slice(body).unwrap_or_default();
    let reason = status.reason.as_deref().and_then(reason);
    let agent_server = status.message.as_deref().is_some_and(|message| message.starts_with(AGENT_SERVER));
    Error::new(Kind::Status, words(code, reason))
        .with_code(code)
        .with_reason(reason)
        .with_retry_after(retry_after.or(status.details.and_then(|details| details.retry_after_seconds)))
        .with_agent_server(agent_server)
        .with_server_message(status.message.filter(|m| !m.is_empty()))
}

/// "404 Not Found" as RFC 9110 §15 names it, and the reason where it says more.
fn words(code: u16, reason: Option<&'static str>) -> String {
    let phrase = http::StatusCode::from_u16(code).ok().and_then(|c| c.canonical_reason()).unwrap_or("(unknown code)");
    match reason {
        Some(reason) if reason != phrase.replace(' ', "") => format!("{code} {phrase} ({reason})"),
        _ => format!("{code} {phrase}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_known_reason_and_drops_an_unknown_one() {
        let body = br#"{"kind":"Status","reason":"AlreadyExists","message":"MARKER"}"#;
        let error = refusal(409, None, body);
        assert_eq!((error.words(), error.reason()), ("409 Conflict (AlreadyExists)", Some("AlreadyExists")));
        assert_eq!(error.unsafe_server_message().map(|m| m.expose().as_str()), Some("MARKER"));
        assert_eq!(refusal(409, None, br#"{"reason":"MARKER"}"#).words(), "409 Conflict");
    }

    #[test]
    fn null_is_no_details() {
        let error = refusal(409, None, br#"{"reason":"AlreadyExists","details":null}"#);
        assert_eq!(error.reason(), Some("AlreadyExists"));
    }

    #[test]
    fn has_words_for_any_code_and_any_body() {
        for (code, body, words) in [
            (404, &b""[..], "404 Not Found"),
            (403, b"<html>MARKER", "403 Forbidden"),
            (500, b"[1,2]", "500 Internal Server Error"),
            (599, b"null", "599 (unknown code)"),
            (302, br#"{"message":7}"#, "302 Found"),
        ] {
            assert_eq!(refusal(code, None, body).words(), words);
        }
    }

    #[test]
    fn knows_the_agent_servers_words() {
        for (body, expected) in [
            (&br#"{"message":"GitLab Agent Server: Unauthorized"}"#[..], true),
            (br#"{"message":"a GitLab Agent Server: Unauthorized"}"#, false),
            (br#"{"message":"Unauthorized"}"#, false),
            (b"GitLab Agent Server: ", false),
        ] {
            assert_eq!(refusal(401, None, body).agent_server(), expected);
        }
    }

    #[test]
    fn finds_when_to_try_again() {
        assert_eq!(refusal(429, Some(3), b"").retry_after(), Some(3));
        assert_eq!(refusal(429, None, br#"{"details":{"retryAfterSeconds":7}}"#).retry_after(), Some(7));
    }
}
