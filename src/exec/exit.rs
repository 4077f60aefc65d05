//! How a command ended: the Status of the last channel as an exit code, or as an error.

use serde::Deserialize;

use crate::api::status::refusal;
use crate::error::{Error, Kind, Result};

#[derive(Deserialize)]
struct Status {
    status: Option<String>,
    reason: Option<String>,
    code: Option<u16>,
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    causes: Vec<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    reason: Option<String>,
    message: Option<String>,
}

/// The exit code; an error where the command was not run, or was cut off.
pub fn code(status: &[u8]) -> Result<i32> {
    let unclear = |_| Error::new(Kind::Parse, "the server did not say how the command ended (not a Status)");
    let parsed: Status = serde_json::from_slice(status).map_err(unclear)?;
    match (parsed.status.as_deref(), parsed.reason.as_deref()) {
        (Some("Success"), _) => Ok(0),
        (_, Some("NonZeroExitCode")) => {
            parsed.cause().ok_or_else(|| Error::new(Kind::Parse, "the server told no exit code"))
        }
        _ => Err(refusal(parsed.code.filter(|code| (400..600).contains(code)).unwrap_or(500), None, status)),
    }
}

impl Status {
    fn cause(&self) -> Option<i32> {
        let mut causes = self.details.as_ref()?.causes.iter();
        causes.find(|cause| cause.reason.as_deref() == Some("ExitCode"))?.message.as_deref()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_exit_code() {
        let failed = br#"{"status":"Failure","reason":"NonZeroExitCode","message":"MARKER",
            "details":{"causes":[{"reason":"Other"},{"reason":"ExitCode","message":"42"}]}}"#;
        assert_eq!(code(failed).unwrap(), 42);
        assert_eq!(code(br#"{"metadata":{},"status":"Success"}"#).unwrap(), 0);
    }

    #[test]
    fn a_command_that_was_not_run_is_an_error_without_the_servers_words() {
        let error =
            code(br#"{"status":"Failure","reason":"InternalError","message":"MARKER","code":500}"#).unwrap_err();
        assert_eq!((error.kind(), error.code(), error.reason()), (Kind::Status, Some(500), Some("InternalError")));
        assert!(!error.words().contains("MARKER"));
        assert_eq!(code(br#"{"status":"Failure","code":7}"#).unwrap_err().code(), Some(500));
    }

    #[test]
    fn what_is_no_status_or_has_no_number_is_unclear() {
        for text in [
            &b"command terminated"[..],
            b"",
            b"[]",
            br#"{"reason":"NonZeroExitCode"}"#,
            br#"{"reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"many"}]}}"#,
        ] {
            assert_eq!(code(text).unwrap_err().kind(), Kind::Parse, "{}", String::from_utf8_lossy(text));
        }
    }
}
