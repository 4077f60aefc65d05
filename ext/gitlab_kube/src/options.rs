//! A client's options: one Hash with symbol keys, checked in `lib`.

use std::time::Duration;

use client::client::{Credentials, Options, Trust};
use client::error::Kind;
use client::policy::Origin;
use client::transport::proxy::Proxy;
use client::{Limits, Secret, Timeouts};
use magnus::{Error, RHash, RString, Ruby, TryConvert, prelude::*};

use crate::errors;

/// The value at `key`, or `None` where it is nil or absent.
pub fn get<T: TryConvert>(ruby: &Ruby, hash: RHash, key: &str) -> Result<Option<T>, Error> {
    match hash.get(ruby.sym_new(key)) {
        Some(value) if !value.is_nil() => T::try_convert(value).map(Some),
        _ => Ok(None),
    }
}

fn bytes(ruby: &Ruby, hash: RHash, key: &str) -> Result<Option<Vec<u8>>, Error> {
    Ok(get::<RString>(ruby, hash, key)?.map(|s| s.to_bytes().to_vec()))
}

pub fn read(ruby: &Ruby, url: &str, hash: RHash) -> Result<Options, Error> {
    let mut options = Options::new(url);
    if get::<bool>(ruby, hash, "operator")? == Some(true) {
        options.origin = Origin::Operator;
    }
    options.trust = trust(ruby, hash)?;
    options.client_cert = match (bytes(ruby, hash, "client_cert")?, bytes(ruby, hash, "client_key")?) {
        (Some(cert), Some(key)) => Some((cert, Secret::new(key))),
        _ => None,
    };
    options.server_name = get(ruby, hash, "server_name")?;
    options.proxy = proxy(ruby, hash)?;
    options.timeouts = timeouts(ruby, hash)?;
    options.limits = limits(ruby, hash)?;
    options.credentials = credentials(ruby, hash)?;
    options.headers = headers(ruby, hash)?;
    if let Some(http2) = get(ruby, hash, "http2")? {
        options.http2 = http2;
    }
    Ok(options)
}

fn trust(ruby: &Ruby, hash: RHash) -> Result<Trust, Error> {
    if get::<bool>(ruby, hash, "anybody")? == Some(true) {
        return Ok(Trust::Anybody);
    }
    if let Some(store) = get::<u64>(ruby, hash, "judged")? {
        return Ok(Trust::Judged(store));
    }
    Ok(bytes(ruby, hash, "ca")?.map_or(Trust::System, Trust::Pem))
}

fn credentials(ruby: &Ruby, hash: RHash) -> Result<Credentials, Error> {
    if let Some(token) = get::<String>(ruby, hash, "bearer_token")? {
        return Ok(Credentials::Bearer(Secret::new(token)));
    }
    if let Some(path) = get::<String>(ruby, hash, "bearer_token_file")? {
        return Ok(Credentials::BearerFile(path.into()));
    }
    if let Some(basic) = get::<String>(ruby, hash, "basic")? {
        return Ok(Credentials::Basic(Secret::new(basic)));
    }
    Ok(get::<u64>(ruby, hash, "asked")?.map_or(Credentials::None, Credentials::Asked))
}

fn proxy(ruby: &Ruby, hash: RHash) -> Result<Option<Proxy>, Error> {
    let Some(url) = get::<String>(ruby, hash, "proxy")? else { return Ok(None) };
    let proxy = errors::raise(ruby, Proxy::parse(&url))?;
    if get::<bool>(ruby, hash, "operators_proxy")? != Some(true) {
        return Ok(Some(proxy));
    }
    let resolves = get::<bool>(ruby, hash, "proxy_resolves")?.unwrap_or(false);
    Ok(Some(proxy.operators().resolving(resolves)))
}

fn headers(ruby: &Ruby, hash: RHash) -> Result<Vec<(String, Secret)>, Error> {
    let pairs: Vec<(String, String)> = get(ruby, hash, "headers")?.unwrap_or_default();
    Ok(pairs.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
}

/// Seconds; an explicit nil waits for ever, an absent key keeps the default.
fn timeouts(ruby: &Ruby, hash: RHash) -> Result<Timeouts, Error> {
    let mut timeouts = Timeouts::default();
    let Some(given) = get::<RHash>(ruby, hash, "timeouts")? else { return Ok(timeouts) };
    for (key, slot) in [
        ("open", &mut timeouts.open),
        ("read", &mut timeouts.read),
        ("idle", &mut timeouts.idle),
        ("total", &mut timeouts.total),
    ] {
        if let Some(value) = given.get(ruby.to_symbol(key)) {
            *slot = Option::<f64>::try_convert(value)?.map(|s| duration(ruby, s)).transpose()?;
        }
    }
    Ok(timeouts)
}

/// Seconds, which must not be negative.
pub fn duration(ruby: &Ruby, seconds: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        errors::exception(ruby, &client::Error::new(Kind::Argument, "a timeout must be a positive number of seconds"))
    })
}

fn limits(ruby: &Ruby, hash: RHash) -> Result<Limits, Error> {
    let mut limits = Limits::default();
    let Some(given) = get::<RHash>(ruby, hash, "limits")? else { return Ok(limits) };
    let set = |key: &str, slot: &mut usize| -> Result<(), Error> {
        if let Some(value) = get::<usize>(ruby, given, key)? {
            *slot = value;
        }
        Ok(())
    };
    set("header_bytes", &mut limits.header_bytes)?;
    set("depth", &mut limits.depth)?;
    set("string_bytes", &mut limits.string_bytes)?;
    set("number_bytes", &mut limits.number_bytes)?;
    set("line_bytes", &mut limits.line_bytes)?;
    set("message_bytes", &mut limits.message_bytes)?;
    set("items", &mut limits.items)?;
    set("connections", &mut limits.connections)?;
    for (key, slot) in [
        ("wire_bytes", &mut limits.wire_bytes),
        ("decoded_bytes", &mut limits.decoded_bytes),
        ("streamed_bytes", &mut limits.streamed_bytes),
        ("ratio", &mut limits.ratio),
        ("ratio_after", &mut limits.ratio_after),
    ] {
        if let Some(value) = get::<u64>(ruby, given, key)? {
            *slot = value;
        }
    }
    Ok(limits)
}
