//! `GitlabKube::Native::Body`: the body of a real answer, on its way past an interceptor.

use std::sync::{Mutex, PoisonError};

use client::client::Source;
use client::error::Kind;
use client::{Error as CoreError, Result as CoreResult};
use http::{HeaderMap, HeaderName, HeaderValue};
use magnus::{Error, RArray, RHash, RModule, RString, Ruby, Value, method, prelude::*, r_hash::ForEach};

use crate::class::define;
use crate::errors::{guard, raise};
use crate::gvl;
use crate::owner::Owned;

/// A body that has not been read. Whoever reads it has it; the call it belongs to then needs what was read. It belongs to the process that
/// sent the request.
#[magnus::wrap(class = "GitlabKube::Native::Body", free_immediately)]
pub struct Body(Owned<Mutex<Option<Source>>>);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Body>(ruby, native, "Body")?;
    class.define_method("read", method!(Body::read, 0))
}

impl Body {
    pub fn new(source: Source) -> Self {
        Self(Owned::new(Mutex::new(Some(source))))
    }

    pub fn take(&self) -> CoreResult<Source> {
        let parents = || CoreError::new(Kind::Cancelled, "this body belongs to the parent process");
        let source = self.0.here().ok_or_else(parents)?.lock().unwrap_or_else(PoisonError::into_inner).take();
        source.ok_or_else(|| CoreError::new(Kind::Argument, "this body was read already"))
    }

    /// All of it, as a binary String.
    fn read(ruby: &Ruby, this: &Self) -> Result<RString, Error> {
        guard(ruby, || {
            let mut source = raise(ruby, this.take())?;
            let read = gvl::wait(ruby, async move {
                let mut all = Vec::new();
                while let Some(chunk) = source.chunk().await {
                    all.extend_from_slice(&chunk?);
                }
                Ok(all)
            })?;
            raise(ruby, read).map(|all| ruby.str_from_slice(&all))
        })
    }
}

/// `{"content-type" => "…"}`; a name that comes several times has an Array.
pub fn headers_to_ruby(ruby: &Ruby, headers: &HeaderMap) -> Result<RHash, Error> {
    let hash = ruby.hash_new();
    for name in headers.keys() {
        let values: Vec<RString> =
            headers.get_all(name).iter().map(|v| ruby.enc_str_new(v.as_bytes(), ruby.utf8_encoding())).collect();
        match values.as_slice() {
            [one] => hash.aset(name.as_str(), *one)?,
            many => hash.aset(name.as_str(), ruby.ary_from_iter(many.iter().copied()))?,
        }
    }
    Ok(hash)
}

/// The other way round. What no HTTP header can hold is left out: it came from a stub, not from a wire.
pub fn headers_from_ruby(hash: RHash) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    hash.foreach(|name: Value, value: Value| {
        match RArray::from_value(value) {
            Some(many) => many.into_iter().try_for_each(|value| append(&mut headers, name, value))?,
            None => append(&mut headers, name, value)?,
        }
        Ok(ForEach::Continue)
    })?;
    Ok(headers)
}

fn append(headers: &mut HeaderMap, name: Value, value: Value) -> Result<(), Error> {
    let (name, value) = (name.funcall::<_, _, String>("to_s", ())?, value.funcall::<_, _, String>("to_s", ())?);
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.append(name, value);
    }
    Ok(())
}
