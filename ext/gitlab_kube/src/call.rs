//! `GitlabKube::Native::Call`: one call, driven by Tokio, or step by step by the Ruby thread that made it.
//!
//! Each method answers with the next step: `[:done, result]`, `[:authenticate, refresh]`, `[:resolve, host, port]`,
//! `[:send, verb, url, headers, body, stream]`, `[:verify, chain]` or `[:sleep, seconds]`. A failed call raises.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use client::Secret;
use client::api::discovery::Catalog as CoreCatalog;
use client::api::group::GroupVersion;
use client::call::{Call as CoreCall, Event, Step};
use client::client::{Client, Manner, Outcome, Source};
use client::error::Kind;
use magnus::{Error, IntoValue, RArray, RHash, RModule, RString, Ruby, TryConvert, Value, method, prelude::*};

use crate::body::{self, Body};
use crate::catalog::Catalog;
use crate::class::define;
use crate::document::Document;
use crate::errors::{exception, guard, raise};
use crate::exec::Session;
use crate::gvl;
use crate::rows::Rows;
use crate::running::Running;
use crate::stream::Stream;

/// A call; empty while it is being driven, and once it is over.
#[magnus::wrap(class = "GitlabKube::Native::Call", free_immediately)]
pub struct Call(Mutex<Option<Running>>);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Call>(ruby, native, "Call")?;
    class.define_method("begin", method!(Call::begin, 0))?;
    class.define_method("authenticated", method!(Call::authenticated, 1))?;
    class.define_method("resolved", method!(Call::resolved, 1))?;
    class.define_method("open", method!(Call::open, 0))?;
    class.define_method("sent", method!(Call::sent, 3))?;
    class.define_method("verified", method!(Call::verified, 1))?;
    class.define_method("slept", method!(Call::slept, 0))?;
    class.define_method("cancel", method!(Call::cancel, 0))
}

impl Call {
    pub fn new(client: Client, call: CoreCall, manner: Manner, discovers: Option<GroupVersion>) -> Self {
        Self(Mutex::new(Some(Running::new(client, call, manner, discovers))))
    }

    fn begin(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        guard(ruby, || {
            let running = this.take(ruby)?;
            if running.discovers.is_none() || running.manner.intercepted {
                return this.go_on(ruby, running, Event::Begin);
            }
            let (running, known) = gvl::wait(ruby, running.take_turn())?;
            match raise(ruby, known)? {
                Some(catalog) => done(ruby, Catalog(catalog)),
                None => this.go_on(ruby, running, Event::Begin),
            }
        })
    }

    fn authenticated(ruby: &Ruby, this: &Self, header: Option<String>) -> Result<RArray, Error> {
        guard(ruby, || this.go_on(ruby, this.take(ruby)?, Event::Authenticated(header.map(Secret::new))))
    }

    fn resolved(ruby: &Ruby, this: &Self, addresses: Vec<String>) -> Result<RArray, Error> {
        guard(ruby, || {
            let addresses = addresses.iter().filter_map(|text| text.parse::<IpAddr>().ok()).collect();
            this.go_on(ruby, this.take(ruby)?, Event::Resolved(addresses))
        })
    }

    fn slept(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        guard(ruby, || this.go_on(ruby, this.take(ruby)?, Event::Slept))
    }

    fn verified(ruby: &Ruby, this: &Self, trusted: bool) -> Result<RArray, Error> {
        guard(ruby, || {
            let mut running = this.take(ruby)?;
            if let (true, Some(chain)) = (trusted, running.chain.take()) {
                raise(ruby, running.approve(&chain))?;
            }
            this.go_on(ruby, running, Event::Verified(trusted))
        })
    }

    /// Sends the request of the last `:send` for real: `[status, headers, body]`, or the next step where its certificate has to be judged.
    fn open(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        guard(ruby, || {
            let mut running = this.take(ruby)?;
            let request = running.request.take().ok_or_else(|| exception(ruby, &misuse()))?;
            let (running, opened) = gvl::drive(ruby, running.open(request))?;
            if let Err(unjudged) = &opened
                && unjudged.chain().is_some()
            {
                return this.go_on(ruby, running, Event::Sent(Err(unjudged.clone())));
            }
            this.put(running);
            let (status, headers, source) = raise(ruby, opened)?;
            let answer = ruby.ary_new_capa(3);
            answer.push(status)?;
            answer.push(body::headers_to_ruby(ruby, &headers)?)?;
            answer.push(Body::new(source))?;
            Ok(answer)
        })
    }

    /// What the interceptor answered; `body` is nil, a String, an Array of Strings, or what `open` gave.
    fn sent(ruby: &Ruby, this: &Self, status: u16, headers: RHash, body: Value) -> Result<RArray, Error> {
        guard(ruby, || {
            let running = this.take(ruby)?;
            let headers = body::headers_from_ruby(headers)?;
            let source = source(ruby, body)?;
            let (running, answer) = gvl::wait(ruby, running.receive(status, headers, source))?;
            this.go_on(ruby, running, Event::Sent(answer))
        })
    }

    /// Drops what is under way: the connection, the turn in discovery.
    fn cancel(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, ruby: &Ruby) -> Result<Running, Error> {
        self.lock().take().ok_or_else(|| exception(ruby, &misuse()))
    }

    fn put(&self, running: Running) {
        *self.lock() = Some(running);
    }

    /// With an interceptor only the machine moves; without, Tokio drives until the caller is needed.
    fn go_on(&self, ruby: &Ruby, mut running: Running, event: Event<Outcome>) -> Result<RArray, Error> {
        let step = if running.manner.intercepted {
            raise(ruby, running.next(event))?
        } else {
            let (back, step) = gvl::drive(ruby, running.drive(event))?;
            running = back;
            step
        };
        self.show(ruby, running, step)
    }

    fn show(&self, ruby: &Ruby, mut running: Running, step: Step<Outcome>) -> Result<RArray, Error> {
        let shown = match step {
            Step::Done(result) => return finish(ruby, &running, raise(ruby, result)?),
            Step::Authenticate { refresh } => tuple(ruby, "authenticate", &[refresh.into_value_with(ruby)]),
            Step::Resolve { host, port } => {
                tuple(ruby, "resolve", &[host.into_value_with(ruby), port.into_value_with(ruby)])
            }
            Step::Sleep(time) => tuple(ruby, "sleep", &[time.as_secs_f64().into_value_with(ruby)]),
            Step::Verify(chain) => {
                let ders = ruby.ary_from_iter(chain.iter().map(|der| ruby.str_from_slice(der)));
                running.chain = Some(chain);
                tuple(ruby, "verify", &[ders.into_value_with(ruby)])
            }
            Step::Send(request) => {
                let shown = show_request(ruby, &request, running.call.endless());
                running.request = Some(*request);
                shown
            }
        };
        self.put(running);
        shown
    }
}

fn finish(ruby: &Ruby, running: &Running, outcome: Outcome) -> Result<RArray, Error> {
    match (outcome, &running.discovers) {
        (Outcome::Document(document), Some(group_version)) => {
            let catalog = Arc::new(raise(ruby, CoreCatalog::parse(document.bytes()))?);
            if !running.manner.intercepted {
                raise(ruby, running.client.live())?.remember(group_version, Arc::clone(&catalog));
            }
            done(ruby, Catalog(catalog))
        }
        (Outcome::Document(document), None) => done(ruby, Document::new(document)),
        (Outcome::Text(text), _) => done(ruby, ruby.str_from_slice(&text)),
        (Outcome::Stream(stream), _) => done(ruby, Stream::new(stream)),
        (Outcome::Rows(rows), _) => done(ruby, Rows::new(*rows)),
        (Outcome::Session(session), _) => done(ruby, Session::new(*session)),
    }
}

fn done(ruby: &Ruby, result: impl IntoValue) -> Result<RArray, Error> {
    tuple(ruby, "done", &[result.into_value_with(ruby)])
}

fn tuple(ruby: &Ruby, tag: &str, rest: &[Value]) -> Result<RArray, Error> {
    let tuple = ruby.ary_new_capa(rest.len() + 1);
    tuple.push(ruby.to_symbol(tag))?;
    tuple.cat(rest)?;
    Ok(tuple)
}

fn show_request(ruby: &Ruby, request: &http::Request<Bytes>, streams: bool) -> Result<RArray, Error> {
    let verb = ruby.to_symbol(request.method().as_str().to_lowercase()).into_value_with(ruby);
    let url = request.uri().to_string().into_value_with(ruby);
    let headers = body::headers_to_ruby(ruby, request.headers())?.into_value_with(ruby);
    let body = match request.body() {
        empty if empty.is_empty() => ruby.qnil().into_value_with(ruby),
        bytes => ruby.enc_str_new(bytes, ruby.utf8_encoding()).into_value_with(ruby),
    };
    tuple(ruby, "send", &[verb, url, headers, body, streams.into_value_with(ruby)])
}

fn source(ruby: &Ruby, body: Value) -> Result<Source, Error> {
    if let Ok(body) = <&Body>::try_convert(body) {
        return raise(ruby, body.take());
    }
    let mut chunks = Vec::new();
    if let Some(text) = RString::from_value(body) {
        chunks.push(text.to_bytes());
    } else if !body.is_nil() {
        for chunk in RArray::try_convert(body)? {
            chunks.push(RString::try_convert(chunk)?.to_bytes());
        }
    }
    Ok(Source::Given(chunks.into_iter()))
}

fn misuse() -> client::Error {
    client::Error::new(Kind::Cancelled, "this call is over, or under way in another thread")
}
