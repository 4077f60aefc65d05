//! A name that cannot leave its path segment.

use std::fmt;

use crate::error::{Error, Kind, Result};

/// A validated path segment: of an object, a namespace, a resource or a subresource.
///
/// Kubernetes refuses `.`, `..`, `/` and `%` in names (`IsValidPathSegmentName` in apimachinery) but only after routing; by then
/// `pods/a/../../secrets/s` is another resource. So the check is here, before anything is sent, and it is by what is allowed:
/// the unreserved characters and sub-delimiters of RFC 3986 §3.3, `:` and `@` (RBAC names such as `system:node`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(String);

/// The longest name Kubernetes takes (RFC 1123 subdomain).
const MAX: usize = 253;

impl Name {
    /// Checks `text`; `what` names it in the error ("namespace", "pod name", …). The text itself is not repeated.
    pub fn new(what: &str, text: &str) -> Result<Self> {
        let problem = match text {
            "" => "is empty",
            "." | ".." => "is a path, not a name",
            _ if text.len() > MAX => "is longer than 253 characters",
            _ if !text.bytes().all(allowed) => "has a character that no Kubernetes name has",
            _ => return Ok(Self(text.to_owned())),
        };
        Err(Error::new(Kind::Argument, format!("{what} {problem}")))
    }

    /// The name as it goes into the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_names_kubernetes_has() {
        for name in ["a", "kube-system", "system:node", "web-0.web", "user@example.com", "v1.apps", "install-ingress"] {
            assert!(Name::new("name", name).is_ok(), "{name}");
        }
    }

    #[test]
    fn refuses_whatever_could_leave_the_segment() {
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a/../../secrets/x",
            "%2e%2e",
            "a%2fb",
            "a?watch=1",
            "a#b",
            "a b",
            "a\nb",
            "a\\b",
            "ü",
            "a\0",
        ] {
            assert_eq!(Name::new("name", name).map_err(|e| e.kind()), Err(Kind::Argument), "{name:?}");
        }
        assert!(Name::new("name", &"a".repeat(254)).is_err());
    }

    #[test]
    fn does_not_repeat_what_it_refuses() {
        let error = Name::new("pod name", "SECRET/").unwrap_err();
        assert_eq!(error.words(), "pod name has a character that no Kubernetes name has");
    }
}
