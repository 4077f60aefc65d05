//! Large values are built while Ruby's garbage collector is off: nothing of them could be freed before they are whole.
//!
//! A collection in the middle walks everything that was built so far, and all of that is alive: the more there is, the longer each takes.
//! One that is due is held before instead, when what the last value left is garbage (docs/adr/0009). Nothing is compacted meanwhile either:
//! a collection does that. The GVL is held and no Ruby code runs, so no other thread makes garbage; only where a program redefines
//! `Kernel.Integer` or `String#to_sym` in Ruby may another thread run, and it does so without a collection.

use magnus::{Error, Ruby, rb_sys::protect};

use crate::errors::{guard, panicked};
use crate::gvl;

/// Bytes of JSON. A smaller value makes too few objects to be collected in between; `rake spec:stress`, which collects at each allocation,
/// has such, and sees every one.
const LARGE: usize = 256 << 10;
/// How many objects were ever made.
const OBJECTS: &str = "total_allocated_objects";
/// Bytes of the smallest.
const SLOT: usize = 40;

/// Builds a value that has `bytes` of JSON.
pub fn whole<T>(ruby: &Ruby, bytes: usize, build: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    begin(bytes);
    part(ruby, bytes, build)
}

/// A value of `bytes` is about to be built in parts.
pub fn begin(bytes: usize) {
    if bytes >= LARGE {
        gvl::collect_if_due();
    }
}

/// Builds a part of a value that has `bytes` of JSON in all, and whose other parts are kept. The collector is afterwards as it was.
pub fn part<T>(ruby: &Ruby, bytes: usize, build: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    if bytes < LARGE || ruby.gc_disable() {
        return build(); // where the caller has switched it off, it stays off
    }
    let mut built = None;
    let before = ruby.gc_stat(OBJECTS).unwrap_or_default();
    // NoMemoryError jumps out of an allocation; then of all times the collector must be on again.
    let jumped = protect(|| {
        built = Some(guard(ruby, build));
        rb_sys::Qnil.into()
    });
    ruby.gc_enable();
    count(ruby, ruby.gc_stat(OBJECTS).unwrap_or_default().saturating_sub(before));
    jumped.and_then(|_| built.unwrap_or_else(|| Err(panicked(ruby))))
}

/// While it is off, objects are no reason for a collection, only the memory that they have outside of Ruby's heap is. Those that have none
/// are counted as if they had: a loop that builds nothing else would never be collected.
fn count(ruby: &Ruby, objects: usize) {
    ruby.gc_adjust_memory_usage(isize::try_from(objects.saturating_mul(SLOT)).unwrap_or(isize::MAX));
}
