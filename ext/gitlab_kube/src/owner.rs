//! What belongs to the process that opened it: a child of fork has a copy, which it neither uses nor frees.
//!
//! The child's copy of a lock may be held by a thread that it does not have (HTTP/2 streams share one, which who frees a stream takes),
//! and its descriptors are the parent's: freeing a connection would take it out of the parent's epoll.

use client::error::Kind;
use magnus::{Error, Ruby};

use crate::errors::exception;

/// Something of one process.
pub struct Owned<T> {
    pid: u32,
    thing: Option<T>,
}

impl<T> Owned<T> {
    /// This process's.
    pub fn new(thing: T) -> Self {
        Self { pid: std::process::id(), thing: Some(thing) }
    }

    /// None in a child.
    pub fn here(&self) -> Option<&T> {
        self.thing.as_ref().filter(|_| self.pid == std::process::id())
    }

    /// `words` say in a child what belongs to the parent.
    pub fn get(&self, ruby: &Ruby, words: &'static str) -> Result<&T, Error> {
        self.here().ok_or_else(|| exception(ruby, &client::Error::new(Kind::Cancelled, words)))
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if self.pid != std::process::id() {
            std::mem::forget(self.thing.take());
        }
    }
}
