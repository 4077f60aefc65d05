//! The process that opened something: a child of fork has a copy of it, which it neither uses nor frees.

use client::error::Kind;
use magnus::{Error, Ruby};

use crate::errors::exception;

/// Remembers the process that made it.
pub struct Owner(u32);

impl Owner {
    pub fn this_process() -> Self {
        Self(std::process::id())
    }

    pub fn is_here(&self) -> bool {
        self.0 == std::process::id()
    }

    /// `words` say what belongs to the parent.
    pub fn check(&self, ruby: &Ruby, words: &'static str) -> Result<(), Error> {
        match self.is_here() {
            true => Ok(()),
            false => Err(Self::refusal(ruby, words)),
        }
    }

    /// What a child gets that uses it all the same.
    pub fn refusal(ruby: &Ruby, words: &'static str) -> Error {
        exception(ruby, &client::Error::new(Kind::Cancelled, words))
    }
}
