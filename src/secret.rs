//! A value that never shows itself: `Debug` and `Display` print `[REDACTED]`.

use std::fmt;

/// Something the caller or the server would not want printed. Reading it takes a word that can be searched for: `expose`.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Secret<T = String>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_redacted_in_every_format() {
        let secret = Secret::new("glpat-1".to_owned());
        assert_eq!(format!("{secret} {secret:?} {secret:#?}"), "[REDACTED] [REDACTED] [REDACTED]");
        assert_eq!(secret.expose(), "glpat-1");
    }
}
