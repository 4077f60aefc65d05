//! Where a redirect points. Nothing here follows one: that is for whoever asked to (the kubeclient door).

use http::Uri;

/// The absolute URL that `location` means in the answer to `asked` (RFC 9110 §10.2.2); `None` where it means no HTTP URL.
/// Dot segments are left as they are: who sends the next request refuses them.
pub fn target(asked: &Uri, location: &str) -> Option<String> {
    let location = location.split('#').next().unwrap_or_default();
    let (scheme, authority) = (asked.scheme_str()?, asked.authority()?);
    match location.split_once("://") {
        Some((scheme, _)) if ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            return Some(location.to_owned());
        }
        _ if location.split(['/', '?']).next().is_none_or(|first| first.contains(':')) => return None,
        _ => {}
    }
    let directory = asked.path().rsplit_once('/').map_or("", |(before, _)| before);
    match location.as_bytes() {
        [] => None,
        [b'/', b'/', ..] => Some(format!("{scheme}:{location}")),
        [b'/', ..] => Some(format!("{scheme}://{authority}{location}")),
        [b'?', ..] => Some(format!("{scheme}://{authority}{}{location}", asked.path())),
        _ => Some(format!("{scheme}://{authority}{directory}/{location}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_what_a_browser_takes_it_for() {
        let asked: Uri = "https://a.test:6443/prefix/api/v1/pods?limit=1".parse().unwrap();
        for (location, meant) in [
            ("https://b.test/x?y=1#z", Some("https://b.test/x?y=1")),
            ("HTTP://b.test/x", Some("HTTP://b.test/x")),
            ("//b.test/x", Some("https://b.test/x")),
            ("/x?y=https://c.test", Some("https://a.test:6443/x?y=https://c.test")),
            ("?y=1", Some("https://a.test:6443/prefix/api/v1/pods?y=1")),
            ("nodes", Some("https://a.test:6443/prefix/api/v1/nodes")),
            ("", None),
            ("#z", None),
            ("ftp://b.test/x", None),
            ("mailto:somebody", None),
        ] {
            assert_eq!(target(&asked, location).as_deref(), meant, "{location}");
        }
    }
}
