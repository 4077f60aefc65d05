//! `GitlabKube::Native::Store`: the embedded reactive store and its leases.
//!
//! Every call keeps the GVL (each takes microseconds), so no thread is inside the store when Ruby forks.

use std::time::Duration;

use bytes::Bytes;
use client::cache::{Leases, Store, Token};
use magnus::{Error, Module, Object, RArray, RModule, Ruby, function, method};

use crate::class::define;
use crate::owner::Owned;

#[magnus::wrap(class = "GitlabKube::Native::Store", free_immediately)]
struct NativeStore(Owned<Inner>);

struct Inner {
    store: Store,
    leases: Leases,
}

impl NativeStore {
    fn new(capacity: u64) -> Self {
        Self(Owned::new(Inner { store: Store::new(capacity), leases: Leases::default() }))
    }

    // A child of fork must make its own store: this one's entries and leases are its parent's.
    fn inner(&self, ruby: &Ruby) -> Result<&Inner, Error> {
        let words = "this store belongs to the process that made it";
        self.0.here().ok_or_else(|| Error::new(ruby.exception_runtime_error(), words))
    }

    fn read(ruby: &Ruby, this: &Self, keys: Vec<Bytes>) -> Result<RArray, Error> {
        let store = &this.inner(ruby)?.store;
        Ok(ruby.ary_from_iter(keys.iter().map(|key| store.read(key))))
    }

    fn write(ruby: &Ruby, this: &Self, key: Bytes, bytes: Bytes, seconds: f64) -> Result<bool, Error> {
        Ok(this.inner(ruby)?.store.write(&key, bytes, duration(ruby, seconds)?).is_ok())
    }

    fn add(ruby: &Ruby, this: &Self, key: Bytes, bytes: Bytes, seconds: f64) -> Result<bool, Error> {
        Ok(this.inner(ruby)?.store.add(&key, bytes, duration(ruby, seconds)?).unwrap_or(false))
    }

    fn extend(ruby: &Ruby, this: &Self, key: Bytes, bytes: Bytes, seconds: f64) -> Result<bool, Error> {
        Ok(this.inner(ruby)?.store.extend(&key, &bytes, duration(ruby, seconds)?))
    }

    fn delete(ruby: &Ruby, this: &Self, keys: Vec<Bytes>) -> Result<(), Error> {
        let store = &this.inner(ruby)?.store;
        keys.iter().for_each(|key| store.delete(key));
        Ok(())
    }

    fn obtain(ruby: &Ruby, this: &Self, key: Bytes, seconds: f64) -> Result<Option<Token>, Error> {
        Ok(this.inner(ruby)?.leases.obtain(&key, duration(ruby, seconds)?))
    }

    fn renew(ruby: &Ruby, this: &Self, key: Bytes, token: Token, seconds: f64) -> Result<bool, Error> {
        Ok(this.inner(ruby)?.leases.renew(&key, token, duration(ruby, seconds)?))
    }

    fn release(ruby: &Ruby, this: &Self, key: Bytes, token: Token) -> Result<bool, Error> {
        Ok(this.inner(ruby)?.leases.release(&key, token))
    }

    fn weight(ruby: &Ruby, this: &Self) -> Result<u64, Error> {
        Ok(this.inner(ruby)?.store.weight())
    }
}

fn duration(ruby: &Ruby, seconds: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Error::new(ruby.exception_arg_error(), "a lifetime is a number of seconds, not below 0"))
}

/// Defines the class.
pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<NativeStore>(ruby, native, "Store")?;
    class.define_singleton_method("new", function!(NativeStore::new, 1))?;
    class.define_method("read", method!(NativeStore::read, 1))?;
    class.define_method("write", method!(NativeStore::write, 3))?;
    class.define_method("add", method!(NativeStore::add, 3))?;
    class.define_method("extend", method!(NativeStore::extend, 3))?;
    class.define_method("delete", method!(NativeStore::delete, 1))?;
    class.define_method("obtain", method!(NativeStore::obtain, 2))?;
    class.define_method("renew", method!(NativeStore::renew, 3))?;
    class.define_method("release", method!(NativeStore::release, 2))?;
    class.define_method("weight", method!(NativeStore::weight, 0))?;
    Ok(())
}
