//! The core's errors as Ruby exceptions: the classes live in `lib/gitlab_kube/errors.rb`.

use client::error::{Kind, Limit, Phase};
use magnus::{Error, Exception, Module, RModule, Ruby, Value, prelude::*};

/// The Ruby exception for `error`.
pub fn exception(ruby: &Ruby, error: &client::Error) -> Error {
    build(ruby, error).unwrap_or_else(|failed| failed)
}

fn build(ruby: &Ruby, error: &client::Error) -> Result<Error, Error> {
    let factory: RModule = ruby.class_object().const_get::<_, RModule>("GitlabKube")?.const_get("Errors")?;
    let facts = ruby.hash_new();
    facts.aset(ruby.to_symbol("code"), error.code())?;
    facts.aset(ruby.to_symbol("reason"), error.reason())?;
    facts.aset(ruby.to_symbol("retry_after"), error.retry_after())?;
    facts.aset(ruby.to_symbol("agent_server"), error.agent_server())?;
    facts.aset(ruby.to_symbol("outcome_unknown"), error.outcome_unknown())?;
    facts.aset(ruby.to_symbol("server_message"), error.unsafe_server_message().map(|m| m.expose().as_str()))?;
    facts.aset(ruby.to_symbol("location"), error.unsafe_location().map(|l| l.expose().as_str()))?;
    let exception: Value = factory.funcall("build", (ruby.to_symbol(kind(error.kind())), error.words(), facts))?;
    Exception::from_value(exception)
        .map(Error::from)
        .ok_or_else(|| Error::new(ruby.exception_runtime_error(), error.words().to_owned()))
}

/// The exception for a panic, which is a defect of this gem.
pub fn panicked(ruby: &Ruby) -> Error {
    exception(
        ruby,
        &client::Error::new(Kind::Internal, "gitlab_kube met a defect of its own (a panic); please report it"),
    )
}

/// Runs a method body; a panic in it becomes a `GitlabKube::InternalError` instead of Ruby's unrescuable `fatal`.
pub fn guard<T>(ruby: &Ruby, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or_else(|_| Err(panicked(ruby)))
}

/// Turns a core result into a Ruby one.
pub fn raise<T>(ruby: &Ruby, result: client::Result<T>) -> Result<T, Error> {
    result.map_err(|error| exception(ruby, &error))
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Argument => "argument",
        Kind::BlockedUrl => "blocked_url",
        Kind::BlockedAddress => "blocked_address",
        Kind::Status => "status",
        Kind::Timeout(Phase::Open) => "open_timeout",
        Kind::Timeout(Phase::Read) => "read_timeout",
        Kind::Timeout(Phase::Total) => "total_timeout",
        Kind::Tls => "tls",
        Kind::Refused => "refused",
        Kind::Reset => "reset",
        Kind::Unreachable => "unreachable",
        Kind::Dns => "dns",
        Kind::Proxy => "proxy",
        Kind::Parse => "parse",
        Kind::Limit(limit) => limit_kind(limit),
        Kind::Cut => "cut",
        Kind::Cancelled => "cancelled",
        _ => "internal",
    }
}

fn limit_kind(limit: Limit) -> &'static str {
    match limit {
        Limit::Headers => "limit_headers",
        Limit::WireBytes => "limit_wire_bytes",
        Limit::DecodedBytes => "limit_decoded_bytes",
        Limit::Ratio => "limit_ratio",
        Limit::Depth => "limit_depth",
        Limit::StringLength => "limit_string_length",
        Limit::NumberLength => "limit_number_length",
        Limit::LineLength => "limit_line_length",
        Limit::MessageBytes => "limit_message_bytes",
        Limit::Items => "limit_items",
        Limit::Connections => "limit_connections",
        Limit::Budget => "limit_budget",
        Limit::Concurrency => "limit_concurrency",
    }
}
