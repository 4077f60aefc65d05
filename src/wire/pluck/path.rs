//! Where a column is: `metadata.labels['app.kubernetes.io/name']`, `spec.containers[*].image`.

use std::str::FromStr;

use crate::error::{Error, Kind, Result};

/// More steps than any Kubernetes type is deep; it also bounds the recursion over a path.
const MOST_STEPS: usize = 32;

/// A path into an object. `[0]` is one element of an array, `[*]` all of them, `['a.b']` a name with dots.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Member(Box<str>),
    Index(usize),
    Each,
}

impl Path {
    /// Reads a path; nonsense is an argument error.
    pub fn parse(text: &str) -> Result<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (step, after) = next_step(rest, steps.is_empty()).ok_or_else(|| no_path(text))?;
            steps.push(step);
            rest = after;
        }
        if steps.is_empty() || steps.len() > MOST_STEPS {
            return Err(no_path(text));
        }
        Ok(Self(steps))
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl FromStr for Path {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

fn no_path(text: &str) -> Error {
    Error::new(
        Kind::Argument,
        format!("{text:?} is not a path like metadata.labels['a.b'] or spec.containers[*].image"),
    )
}

fn next_step(rest: &str, first: bool) -> Option<(Step, &str)> {
    if let Some(inner) = rest.strip_prefix('[') {
        return bracket(inner);
    }
    let rest = if first { rest } else { rest.strip_prefix('.')? };
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let is_name = !name.is_empty() && !name.contains([']', '\'', '"', '*']) && !name.contains(char::is_whitespace);
    is_name.then(|| (Step::Member(name.into()), after))
}

fn bracket(inner: &str) -> Option<(Step, &str)> {
    if let Some(quote) = inner.chars().next().filter(|first| matches!(first, '\'' | '"')) {
        let (name, after) = inner.get(1..)?.split_once(quote)?;
        return Some((Step::Member(name.into()), after.strip_prefix(']')?));
    }
    let (word, after) = inner.split_once(']')?;
    match word {
        "*" => Some((Step::Each, after)),
        _ if word.bytes().all(|byte| byte.is_ascii_digit()) => Some((Step::Index(word.parse().ok()?), after)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths() {
        let member = |name: &str| Step::Member(name.into());
        for (text, steps) in [
            ("kind", vec![member("kind")]),
            ("metadata.name", vec![member("metadata"), member("name")]),
            (
                "metadata.labels['app.kubernetes.io/name']",
                vec![member("metadata"), member("labels"), member("app.kubernetes.io/name")],
            ),
            (r#"data["a'b]"].c"#, vec![member("data"), member("a'b]"), member("c")]),
            ("spec.containers[*].image", vec![member("spec"), member("containers"), Step::Each, member("image")]),
            ("a[0][12]", vec![member("a"), Step::Index(0), Step::Index(12)]),
            ("['']", vec![member("")]),
        ] {
            assert_eq!(Path::parse(text).unwrap().steps(), steps, "{text}");
        }
    }

    #[test]
    fn refuses_nonsense() {
        let long = ["a"; MOST_STEPS + 1].join(".");
        for text in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "a[",
            "a[]",
            "a[-1]",
            "a[1",
            "a['b",
            "a['b'",
            "a['b'c]",
            "a[*",
            "a]",
            "a b",
            "a[b]",
            "a[0]b",
            "a.[0]",
            "$.a b",
            "*",
            "a.*",
            "a[99999999999999999999]",
            &long,
        ] {
            assert_eq!(Path::parse(text).unwrap_err().kind(), Kind::Argument, "{text}");
        }
    }
}
