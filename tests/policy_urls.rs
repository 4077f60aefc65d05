//! `tests/data/urls.tsv`, run through the policy: every spelling of an address has its verdict and the words of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::net::IpAddr;

use gitlab_kube::policy::{Allowlist, Endpoint, Host, Policy, Settings};
use gitlab_kube::{Error, Kind};

/// One line of the table.
#[derive(Debug)]
struct Case {
    line: usize,
    url: String,
    options: &'static str,
    answers: Option<Vec<IpAddr>>,
    verdict: &'static str,
    words: &'static str,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("data/urls.tsv").lines().enumerate();
    lines.filter(|(_, line)| !line.starts_with('#')).map(|(index, line)| case(index + 1, line)).collect()
}

fn case(line: usize, text: &'static str) -> Case {
    let [url, options, answers, verdict, words] = text.split('\t').collect::<Vec<_>>()[..] else {
        panic!("line {line} has not five fields");
    };
    let answers = match answers {
        "-" => None,
        "none" => Some(Vec::new()),
        list => Some(list.split(',').map(|ip| ip.parse().unwrap()).collect()),
    };
    Case { line, url: unescape(url), options, answers, verdict, words }
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let (escape, tail) = after.split_at(1);
        rest = tail;
        match escape {
            "r" => plain.push('\r'),
            "n" => plain.push('\n'),
            "t" => plain.push('\t'),
            "\\" => plain.push('\\'),
            "u" => {
                let (hex, tail) = tail.strip_prefix('{').and_then(|tail| tail.split_once('}')).unwrap();
                plain.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
                rest = tail;
            }
            other => panic!("no such escape: {other}"),
        }
    }
    plain + rest
}

fn policy(case: &Case) -> Policy {
    let mut settings = Settings::default();
    let mut ports = Vec::new();
    let mut operator = None;
    for option in case.options.split(',') {
        match option.split_once('=').unwrap_or((option, "")) {
            ("-", _) => {}
            ("local", _) => settings.local_requests_allowed = true,
            ("norebind", _) => settings.dns_rebinding_protection = false,
            ("deny", _) => settings.deny_all_except_allowed = true,
            ("list", entries) => settings.allowlist = Allowlist::parse(&entries.split(';').collect::<Vec<_>>()),
            ("ports", list) => ports = list.split(';').map(|port| port.parse().unwrap()).collect(),
            ("operator", "") => operator = Some(case.url.clone()),
            ("operator", url) => operator = Some(url.to_owned()),
            other => panic!("no such option: {other:?}"),
        }
    }
    let base = operator.map_or_else(|| Policy::user(settings), |url| Policy::operator(&Endpoint::parse(&url).unwrap()));
    base.with_ports(&ports)
}

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
