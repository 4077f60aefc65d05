//! `tests/data/urls.tsv`, run through the policy: every spelling of an address has its verdict and the words of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/urls.rs"]
mod urls;

use std::collections::HashSet;

use gitlab_kube::policy::{Endpoint, Host};
use gitlab_kube::{Error, Kind};
use urls::{Case, cases, policy};

/// The verdict and the error behind it, in the order a client meets them.
fn judge(case: &Case) -> (&'static str, Option<Error>) {
    let policy = policy(case);
    let url = match Endpoint::parse(&case.url) {
        Ok(url) => url,
        Err(error) if error.kind() == Kind::Argument => return ("argument", Some(error)),
        Err(error) => return ("shape", Some(error)),
    };
    if let Err(error) = policy.check_url(&url) {
        assert_eq!(error.kind(), Kind::BlockedUrl);
        return ("url", Some(error));
    }
    match case.answers.as_ref().map(|answers| policy.check_addresses(url.host(), url.port(), answers)) {
        Some(Err(error)) if error.kind() == Kind::Dns => ("dns", Some(error)),
        Some(Err(error)) => ("address", Some(error)),
        _ => ("allow", None),
    }
}

#[test]
fn every_url_has_its_verdict_and_its_words() {
    let wrong: Vec<_> = cases()
        .iter()
        .filter_map(|case| {
            let (verdict, error) = judge(case);
            let words = error.as_ref().map_or("-", Error::words).to_owned();
            (verdict != case.verdict || !words.contains(case.words))
                .then(|| format!("line {}: {case:?}\n   was {verdict}: {words}", case.line))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_has_at_least_three_hundred_different_urls_and_no_line_twice() {
    let cases = cases();
    let urls: HashSet<_> = cases.iter().map(|case| &case.url).collect();
    let lines: HashSet<_> = cases.iter().map(|case| (&case.url, case.options, &case.answers)).collect();
    assert!(urls.len() >= 300, "{}", urls.len());
    assert_eq!(lines.len(), cases.len());
}

#[test]
fn a_refused_url_is_a_blocked_url_unless_it_is_not_the_url_of_a_server() {
    for case in cases().iter().filter(|case| case.verdict == "shape") {
        let (_, error) = judge(case);
        assert_eq!(error.map(|error| error.kind()), Some(Kind::BlockedUrl), "{case:?}");
    }
}

#[test]
fn a_literal_refused_at_construction_is_refused_when_dialled_too() {
    for case in cases().iter().filter(|case| case.verdict == "url") {
        let url = Endpoint::parse(&case.url).unwrap();
        let error = policy(case).check_addresses(url.host(), url.port(), &["8.8.8.8".parse().unwrap()]).unwrap_err();
        assert_eq!(error.kind(), Kind::BlockedAddress, "{case:?}");
        assert!(error.words().contains("is blocked"), "{case:?}");
    }
}

/// Whatever passes here is, to the parser of browsers and of reqwest, the same place.
#[test]
fn an_accepted_url_means_the_same_to_another_parser() {
    for case in cases().iter() {
        let Ok(ours) = Endpoint::parse(&case.url) else { continue };
        let theirs = url::Url::parse(&case.url).unwrap();
        let host = match theirs.host().unwrap() {
            url::Host::Domain(name) => Host::Name(name.to_owned()),
            url::Host::Ipv4(ip) => Host::V4(ip),
            url::Host::Ipv6(ip) => Host::V6(ip),
        };
        assert_eq!(&host, ours.host(), "{case:?}");
        assert_eq!(theirs.port_or_known_default().unwrap(), ours.port(), "{case:?}");
        assert_eq!(theirs.path().trim_end_matches('/'), ours.path(), "{case:?}");
    }
}

#[test]
fn no_refusal_repeats_the_url() {
    for case in cases().iter().filter(|case| case.url.contains("pass")) {
        let (_, error) = judge(case);
        assert!(error.is_none_or(|error| !format!("{error} {error:?}").contains("pass")), "{case:?}");
    }
}
