//! A call that is under way: what it has, and the futures that take it on. A future owns it, and gives it back with what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use client::Result;
use client::api::discovery::Catalog;
use client::api::group::GroupVersion;
use client::call::{Answer, Call, Event, Step};
use client::client::{Client, Manner, Outcome, Source};
use http::HeaderMap;
use tokio::sync::OwnedMutexGuard;

/// What a call needs until it is over.
pub struct Running {
    pub client: Client,
    pub call: Call,
    pub manner: Manner,
    started: Instant,
    /// Set where the call is a discovery.
    pub discovers: Option<GroupVersion>,
    turn: Option<OwnedMutexGuard<()>>,
    /// Of the last `:send`.
    pub request: Option<http::Request<Bytes>>,
    /// Of the last `:verify`.
    pub chain: Option<Arc<[Vec<u8>]>>,
}

impl Running {
    pub fn new(client: Client, call: Call, manner: Manner, discovers: Option<GroupVersion>) -> Self {
        let started = Instant::now();
        Self { client, call, manner, started, discovers, turn: None, request: None, chain: None }
    }

    /// Waits for other discoveries of the same group version; they may have found the answer.
    pub async fn take_turn(mut self) -> (Self, Result<Option<Arc<Catalog>>>) {
        let known = async {
            let (live, Some(group_version)) = (self.client.live()?, &self.discovers) else { return Ok(None) };
            if let Some(known) = live.catalog(group_version) {
                return Ok(Some(known));
            }
            self.turn = live.turn(group_version, self.time_left()).await;
            Ok(live.catalog(group_version))
        }
        .await;
        (self, known)
    }

    pub async fn drive(mut self, event: Event<Outcome>) -> (Self, Step<Outcome>) {
        let left = self.time_left();
        let step = self.client.drive(&mut self.call, event, left).await;
        (self, step)
    }

    // A call that comes back to Ruby between two steps has one bound, not one for each; and so has one that is tried again.
    fn time_left(&self) -> Option<Duration> {
        let own = self.client.options().timeouts.total.filter(|_| self.call.repeats());
        let bound = self.manner.total.into_iter().chain(own).min();
        bound.map(|bound| bound.saturating_sub(self.started.elapsed()))
    }

    pub async fn open(self, request: http::Request<Bytes>) -> (Self, Result<(u16, HeaderMap, Source)>) {
        let opened = match self.client.live() {
            Ok(live) => self.client.open(&live, &self.call, request).await,
            Err(error) => Err(error),
        };
        (self, opened)
    }

    pub async fn receive(self, status: u16, headers: HeaderMap, source: Source) -> (Self, Result<Answer<Outcome>>) {
        let answer = self.client.receive(&self.call, status, &headers, source).await;
        (self, answer)
    }

    /// A token file is read here; anybody else is asked.
    pub fn next(&mut self, event: Event<Outcome>) -> Result<Step<Outcome>> {
        let step = self.call.next(event);
        match (&step, self.client.credential()) {
            (Step::Authenticate { .. }, Some(token)) => self.next(Event::Authenticated(Some(token?))),
            _ => Ok(step),
        }
    }

    pub fn approve(&self, chain: &[Vec<u8>]) -> Result<()> {
        if let Some(judge) = self.client.live()?.judge() {
            judge.approve(chain, &self.client.certificate_name());
        }
        Ok(())
    }
}
