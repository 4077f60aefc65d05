//! The base path of a URL: kept exactly as written, or refused.

use crate::error::{Error, Kind, Result};

/// The path without its trailing slashes. Nothing is collapsed or decoded; what another parser would read differently is
/// refused: dot segments (also encoded), encoded control characters, stray percent signs, anything but RFC 3986 §3.3.
pub(super) fn parse(written: &str) -> Result<&str> {
    if written.contains(['?', '#']) {
        return Err(Error::new(Kind::Argument, "The URL of a server has no query and no fragment"));
    }
    if !written.bytes().all(is_path_byte) || !percent_signs_are_whole(written) || has_dot_segment(written) {
        return Err(Error::new(Kind::BlockedUrl, "URI is invalid"));
    }
    Ok(written.trim_end_matches('/'))
}

fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte)
}

/// Each `%` starts two hexadecimal digits that are no control character.
fn percent_signs_are_whole(path: &str) -> bool {
    path.split('%').skip(1).all(|after| {
        let code = after.get(..2).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        code.and_then(|code| u8::from_str_radix(code, 16).ok()).is_some_and(|byte| !byte.is_ascii_control())
    })
}

fn has_dot_segment(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    plain.split('/').any(|segment| segment == "." || segment == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_written_but_the_trailing_slashes() {
        for (written, kept) in [
            ("", ""),
            ("/", ""),
            ("/k8s/clusters/c-1/", "/k8s/clusters/c-1"),
            ("/a//b", "/a//b"),
            ("/a%20b//", "/a%20b"),
            ("/..a/b..", "/..a/b.."),
        ] {
            assert_eq!(parse(written).unwrap(), kept);
        }
    }

    #[test]
    fn refuses_what_parsers_read_differently() {
        for written in [
            "/a/../b",
            "/.",
            "/%2e%2E/x",
            "/a%2f..%2fb",
            "/a%5c..",
            "/%",
            "/%4",
            "/%zz",
            "/%0a",
            "/%00",
            "/a b",
            "/é",
            "/a\\b",
        ] {
            assert_eq!(parse(written).unwrap_err().kind(), Kind::BlockedUrl, "{written}");
        }
        assert_eq!(parse("/a?b").unwrap_err().kind(), Kind::Argument);
    }
}
