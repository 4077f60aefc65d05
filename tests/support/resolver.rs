//! Resolvers whose answers a test chooses.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use gitlab_kube::policy::{Answers, Resolve};

/// Answers each time with the next of its answers, and with the last one from then on. Without any: 127.0.0.1.
#[derive(Debug, Default)]
pub struct Fixed {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Fixed {
    pub fn new(answers: &[&[&str]]) -> Self {
        let parse = |list: &&[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect();
        Self { answers: answers.iter().map(parse).collect(), asked: AtomicUsize::new(0) }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Resolve for Fixed {
    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> Answers<'a> {
        let n = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = match self.answers.len() {
            0 => vec![IpAddr::from([127, 0, 0, 1])],
            known => self.answers[n.min(known - 1)].clone(),
        };
        Box::pin(async move { Ok(answer) })
    }
}

/// Never answers.
#[derive(Debug)]
pub struct Hanging;

impl Resolve for Hanging {
    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> Answers<'a> {
        Box::pin(std::future::pending())
    }
}
