//! Drives a call on Tokio, as far as it goes without anybody else.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::api::Want;
use crate::call::{Answer, Body, Call, Event, Step};
use crate::client::receive::receive;
use crate::client::upgrade::SWITCHED;
use crate::client::{Client, Live, Rows, Source, Stream};
use crate::error::{Error, Kind, Phase, Result};
use crate::exec::Session;
use crate::transport::{Mode, Terms};
use crate::wire::Document;

/// What GitLab's agent server adds to each 401 of its own, whatever language the body is in.
const AGENT_SERVER: &str = "gitlab-unauthorized";

/// What a successful call brings.
#[derive(Debug)]
pub enum Outcome {
    /// A JSON document.
    Document(Document),
    /// Bytes as they are.
    Text(Bytes),
    /// A body that is still coming.
    Stream(Box<Stream>),
    /// Columns of a list that is still coming.
    Rows(Box<Rows>),
    /// A command that runs, or a port that is forwarded.
    Session(Box<Session>),
}

impl Client {
    /// Goes on with `call` until it is over, or needs something that only the caller has (a judgement, a credential).
    /// `total` bounds the whole of it, on top of the client's own timeouts.
    pub async fn drive(&self, call: &mut Call, event: Event<Outcome>, total: Option<Duration>) -> Step<Outcome> {
        let writes = !call.spec().safe();
        let driving = self.drive_on(call, event);
        match total {
            None => driving.await,
            Some(bound) => {
                tokio::time::timeout(bound, driving).await.unwrap_or_else(|_| Step::Done(Err(out_of_time(writes))))
            }
        }
    }

    async fn drive_on(&self, call: &mut Call, event: Event<Outcome>) -> Step<Outcome> {
        let live = match self.live() {
            Ok(live) => live,
            Err(error) => return Step::Done(Err(error)),
        };
        let mut step = call.next(event);
        loop {
            let event = match step {
                Step::Send(request) => Event::Sent(self.send(&live, call, *request).await),
                Step::Sleep(time) => {
                    tokio::time::sleep(time).await;
                    Event::Slept
                }
                Step::Authenticate { refresh } => match self.credential() {
                    Some(Ok(token)) => Event::Authenticated(Some(token)),
                    Some(Err(error)) => return Step::Done(Err(error)),
                    None => return Step::Authenticate { refresh },
                },
                Step::Resolve { .. } | Step::Verify(_) | Step::Done(_) => return step,
            };
            step = call.next(event);
        }
    }

    /// One hop over the network.
    pub async fn send(&self, live: &Arc<Live>, call: &Call, request: http::Request<Bytes>) -> Result<Answer<Outcome>> {
        let (status, headers, source) = self.open(live, call, request).await?;
        self.receive(call, status, &headers, source).await
    }

    /// Sends, and stops at the head of the answer; the body is still to be read.
    pub async fn open(
        &self,
        live: &Arc<Live>,
        call: &Call,
        request: http::Request<Bytes>,
    ) -> Result<(u16, http::HeaderMap, Source)> {
        if call.spec().want.protocols().is_some() {
            return self.upgrade(live, call, request).await;
        }
        let mode = match call.spec().want {
            Want::Stream => Mode::Stream,
            Want::Pluck(_) => Mode::Pieces,
            _ => Mode::Whole,
        };
        let response = live.transport().send(request, &call.terms().policy, Terms { mode }).await?;
        Ok((response.status, response.headers, Source::Net(response.body)))
    }

    /// Reads an answer, from the network or from an interceptor, as the call wants it.
    pub async fn receive(
        &self,
        call: &Call,
        status: u16,
        headers: &http::HeaderMap,
        source: Source,
    ) -> Result<Answer<Outcome>> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let retry_after = text(http::header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok());
        let location = text(http::header::LOCATION).map(str::to_owned);
        let switched = status == SWITCHED && call.spec().want.protocols().is_some();
        let body = if switched || (200..300).contains(&status) {
            Body::Payload(receive(source, &call.spec().want, length(headers), &self.options().limits).await?)
        } else {
            Body::Refusal(source.head().await)
        };
        let agent_server = headers.get(AGENT_SERVER).is_some_and(|v| v == "true");
        Ok(Answer { status, retry_after, agent_server, location, body })
    }
}

fn length(headers: &http::HeaderMap) -> Option<u64> {
    headers.get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A write may have left by then.
fn out_of_time(writes: bool) -> Error {
    Error::new(Kind::Timeout(Phase::Total), "Timed out: the call took longer than it was allowed in all")
        .with_outcome_unknown(writes)
}
