//! What is said about a bad answer: our own words and a place, never its bytes.

use crate::error::{Error, Kind, Limit};

/// The bytes stop before the value does.
pub(super) fn incomplete(how: &'static str) -> Error {
    Error::new(Kind::Parse, format!("the answer is not complete JSON ({how})"))
}

/// The bytes are something else than JSON.
pub(super) fn not_json(what: &'static str, at: usize) -> Error {
    Error::new(Kind::Parse, format!("the answer is not JSON ({what} near byte {at})"))
}

/// The answer crosses a limit.
pub(super) fn over(limit: Limit, most: impl std::fmt::Display) -> Error {
    let what = match limit {
        Limit::DecodedBytes => "is longer than the limit of",
        Limit::Depth => "is nested deeper than the limit of",
        Limit::StringLength => "has a string longer, in bytes, than the limit of",
        Limit::NumberLength => "has a number longer, in bytes, than the limit of",
        Limit::LineLength => "has a line or an item longer, in bytes, than the limit of",
        Limit::Items => "has more items than the limit of",
        _ => "crosses the limit of",
    };
    Error::new(Kind::Limit(limit), format!("the answer {what} {most}"))
}
