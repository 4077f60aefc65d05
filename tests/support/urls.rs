//! `tests/data/urls.tsv`, line by line.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses its own part of this"
)]

use std::net::IpAddr;

use gitlab_kube::policy::{Allowlist, Endpoint, Policy, Settings};

/// One line of the table.
#[derive(Debug)]
pub struct Case {
    pub line: usize,
    pub url: String,
    pub options: &'static str,
    pub answers: Option<Vec<IpAddr>>,
    pub verdict: &'static str,
    pub words: &'static str,
}

pub fn cases() -> Vec<Case> {
    let lines = include_str!("../data/urls.tsv").lines().enumerate();
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

pub fn policy(case: &Case) -> Policy {
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
