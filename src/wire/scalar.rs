//! Decodes one string or number of checked JSON.

use std::borrow::Cow;

/// A JSON number, exactly as it was meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number<'a> {
    /// An integer.
    I64(i64),
    /// An integer above `i64::MAX`.
    U64(u64),
    /// A number with a fraction or an exponent; one out of range is infinite, as Ruby reads it.
    F64(f64),
    /// The digits of an integer that no machine word holds.
    Big(&'a str),
}

impl<'a> Number<'a> {
    /// Reads the text of a number; `None` when it is none.
    pub(super) fn of(raw: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(raw).ok()?;
        if memchr::memchr3(b'.', b'e', b'E', raw).is_some() {
            return text.parse().ok().map(Number::F64);
        }
        let small = text.parse().map(Number::I64);
        small.or_else(|_| text.parse().map(Number::U64)).ok().or(Some(Number::Big(text)))
    }
}

/// A string with its quotes and escapes: equal ones need not be unescaped to be known.
#[derive(Clone, Copy)]
pub struct Written<'a>(&'a [u8]);

impl<'a> Written<'a> {
    pub(super) fn new(raw: &'a [u8]) -> Self {
        Self(raw)
    }

    /// As it is written.
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// What it says.
    pub fn text(self) -> Cow<'a, str> {
        text(self.0)
    }
}

/// Unescapes a string that still has its quotes. A lone surrogate becomes U+FFFD, as in Go's decoder (RFC 8259 §8.2
/// leaves it open): the server is written in Go, and one odd label must not make a whole list unreadable.
pub(super) fn text(raw: &[u8]) -> Cow<'_, str> {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if memchr::memchr(b'\\', inner).is_none() {
        return std::str::from_utf8(inner).map_or_else(|_| String::from_utf8_lossy(inner), Cow::Borrowed);
    }
    let decoded = serde_json::from_slice(raw).or_else(|_| serde_json::from_slice(&without_lone_surrogates(raw)));
    Cow::Owned(decoded.unwrap_or_default())
}

/// Whether a string that still has its quotes says `wanted`.
pub(super) fn is(raw: &[u8], wanted: &str) -> bool {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    inner == wanted.as_bytes() || (inner.len() > wanted.len() && inner.contains(&b'\\') && text(raw) == wanted)
}

/// The same string with `\ufffd` for each half of a pair that stands alone.
fn without_lone_surrogates(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((unit, len)) = next_unit(rest) {
        let low_follows = || next_unit(&rest[len..]).is_some_and(|(next, _)| matches!(next, Some(0xdc00..=0xdfff)));
        let (taken, replace) = match unit {
            Some(0xd800..=0xdbff) if low_follows() => (2 * len, false),
            Some(0xd800..=0xdfff) => (len, true),
            _ => (len, false),
        };
        out.extend_from_slice(if replace { br"\ufffd" } else { &rest[..taken] });
        rest = &rest[taken..];
    }
    out
}

/// The next piece of a string, with the code unit if it is written as `\uXXXX`.
fn next_unit(rest: &[u8]) -> Option<(Option<u16>, usize)> {
    match rest {
        [b'\\', b'u', hex @ ..] if hex.len() >= 4 => {
            let unit = std::str::from_utf8(&hex[..4]).ok().and_then(|hex| u16::from_str_radix(hex, 16).ok());
            Some((unit, 6))
        }
        [b'\\', _, ..] => Some((None, 2)),
        [_, ..] => Some((None, 1)),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes_as_go_does() {
        for (raw, meant) in [
            (r#""""#, ""),
            (r#""plain""#, "plain"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r#""\u0000\u00e9\u20AC""#, "\0é€"),
            (r#""\ud83d\ude00!""#, "😀!"),
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""a\ude00b""#, "a\u{fffd}b"),
            (r#""\ud83d\ud83d\ude00\u0041""#, "\u{fffd}😀A"),
            (r#""\ud83dx\\ud83d""#, "\u{fffd}x\\ud83d"),
        ] {
            assert_eq!(text(raw.as_bytes()), meant, "{raw}");
        }
    }

    #[test]
    fn reads_numbers_without_losing_a_digit() {
        use Number::{Big, F64, I64, U64};
        for (raw, meant) in [
            ("0", I64(0)),
            ("-0", I64(0)),
            ("-9223372036854775808", I64(i64::MIN)),
            ("9223372036854775808", U64(1 << 63)),
            ("18446744073709551615", U64(u64::MAX)),
            ("18446744073709551616", Big("18446744073709551616")),
            ("-9223372036854775809", Big("-9223372036854775809")),
            ("1.5", F64(1.5)),
            ("-0.0", F64(-0.0)),
            ("1e3", F64(1000.0)),
            ("1E400", F64(f64::INFINITY)),
            ("123456789012345678901234567890.0", F64(1.2345678901234568e29)),
        ] {
            assert_eq!(Number::of(raw.as_bytes()), Some(meant), "{raw}");
        }
    }

    #[test]
    fn compares_keys_by_what_they_say() {
        assert!(is(br#""items""#, "items") && is(br#""it\u0065ms""#, "items") && is(br#""""#, ""));
        assert!(!is(br#""item""#, "items") && !is(br#""itemss""#, "items"));
    }
}
