//! Names whose answers change or mix: what is asked, what is judged, what can be dialled.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::IpAddr;
use std::sync::Mutex;

use gitlab_kube::policy::{Allowlist, Answers, Endpoint, Policy, Resolve, Settings};
use gitlab_kube::{Error, Kind};

/// A name server that gives the next of its prepared answers each time, and remembers what it was asked.
#[derive(Debug)]
struct Script {
    answers: Mutex<Vec<&'static [&'static str]>>,
    asked: Mutex<Vec<String>>,
}

impl Script {
    fn new(answers: &[&'static [&'static str]]) -> Self {
        Self { answers: Mutex::new(answers.iter().rev().copied().collect()), asked: Mutex::default() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Resolve for Script {
    fn resolve<'a>(&'a self, host: &'a str, _port: u16) -> Answers<'a> {
        self.asked.lock().unwrap().push(host.to_owned());
        let next = self.answers.lock().unwrap().pop();
        Box::pin(async move {
            let answers: &[&str] = next.ok_or_else(|| Error::new(Kind::Dns, "the script is at its end"))?;
            Ok(answers.iter().map(|ip| ip.parse::<IpAddr>().unwrap()).collect())
        })
    }
}

async fn dial(policy: &Policy, names: &Script, url: &str) -> Result<Vec<String>, Error> {
    let url = Endpoint::parse(url).unwrap();
    let pinned = policy.pin(names, url.host(), url.port()).await?;
    Ok(pinned.iter().map(|pin| pin.addr().to_string()).collect())
}

#[tokio::test]
async fn a_name_that_rebinds_between_construction_and_call_is_blocked() {
    let names = Script::new(&[&["8.8.8.8"], &["192.168.2.120"]]);
    let policy = Policy::default();
    assert_eq!(dial(&policy, &names, "https://kubernetes.example.com").await.unwrap(), ["8.8.8.8:443"]);
    let error = dial(&policy, &names, "https://kubernetes.example.com").await.unwrap_err();
    assert_eq!(error.kind(), Kind::BlockedAddress);
    assert!(error.words().contains("is blocked"));
}

#[tokio::test]
async fn each_dial_asks_once_and_can_dial_only_what_was_judged() {
    let names = Script::new(&[&["8.8.8.8", "1.1.1.1"], &["127.0.0.1"]]);
    let pinned = dial(&Policy::default(), &names, "https://a.test:6443").await.unwrap();
    assert_eq!(pinned, ["8.8.8.8:6443", "1.1.1.1:6443"]);
    assert_eq!(names.asked(), ["a.test"]);
}

#[tokio::test]
async fn a_good_answer_does_not_carry_a_bad_one() {
    for answers in
        [&["8.8.8.8", "10.0.0.1"] as &[&str], &["10.0.0.1", "8.8.8.8"], &["2606:4700::1", "::ffff:127.0.0.1"]]
    {
        let error = dial(&Policy::default(), &Script::new(&[answers]), "https://a.test").await.unwrap_err();
        assert_eq!(error.kind(), Kind::BlockedAddress, "{answers:?}");
    }
}

#[tokio::test]
async fn refuses_a_name_that_resolves_to_169_254_169_254_whatever_is_allowed_around_it() {
    let settings = Settings {
        local_requests_allowed: true,
        dns_rebinding_protection: false,
        allowlist: Allowlist::parse(&["a.test", "169.254.0.0/16"]),
        ..Settings::default()
    };
    for policy in [Policy::user(settings), Policy::operator(&Endpoint::parse("http://a.test").unwrap())] {
        let names = Script::new(&[&["169.254.169.254"], &["::ffff:a9fe:a9fe"], &["fd00:ec2::254"]]);
        for _ in 0..3 {
            assert_eq!(dial(&policy, &names, "http://a.test").await.unwrap_err().kind(), Kind::BlockedAddress);
        }
    }
}

#[tokio::test]
async fn a_literal_asks_nobody() {
    let names = Script::new(&[&["127.0.0.1"]]);
    assert_eq!(dial(&Policy::default(), &names, "https://0x08080808").await.unwrap(), ["8.8.8.8:443"]);
    assert!(dial(&Policy::default(), &names, "https://0x7f.1").await.is_err());
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn a_blocked_name_is_not_asked_for() {
    let names = Script::new(&[&["8.8.8.8"]]);
    for url in ["http://metadata.google.internal", "http://localhost", "http://a.localhost."] {
        assert_eq!(dial(&Policy::default(), &names, url).await.unwrap_err().kind(), Kind::BlockedAddress, "{url}");
    }
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn a_name_nobody_knows_is_a_dns_error_unless_rebinding_protection_is_off() {
    for answers in [&[] as &[&[&str]], &[&[]]] {
        let error = dial(&Policy::default(), &Script::new(answers), "http://foobar.test").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Dns);
        let unprotected = Policy::user(Settings { dns_rebinding_protection: false, ..Settings::default() });
        assert!(dial(&unprotected, &Script::new(answers), "http://foobar.test").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn settings_that_change_between_two_calls_count_at_once() {
    let names = Script::new(&[&["10.0.0.1"], &["10.0.0.1"]]);
    let open = Policy::user(Settings { local_requests_allowed: true, ..Settings::default() });
    assert!(dial(&open, &names, "http://a.test").await.is_ok());
    assert!(dial(&Policy::default(), &names, "http://a.test").await.is_err());
}
