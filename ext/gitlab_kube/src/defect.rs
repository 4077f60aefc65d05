//! A panic on purpose, so that specs see what becomes of one. Not in a release: built with debug assertions only.
#![allow(clippy::panic, reason = "its one job")]

use client::error::{Error as CoreError, Kind};
use magnus::{Error, RModule, Ruby, function, prelude::*};

use crate::errors::{guard, raise};
use crate::gvl;

pub fn init(native: RModule) -> Result<(), Error> {
    native.define_singleton_method("panic", function!(panic_at, 2))
}

/// In a method's body, in what it waits for, or in a task of the runtime.
fn panic_at(ruby: &Ruby, place: String, text: String) -> Result<(), Error> {
    guard(ruby, || match place.as_str() {
        "method" => panic!("{text}"),
        "wait" => gvl::wait(ruby, async move { panic!("{text}") }),
        _ => {
            let task = gvl::wait(ruby, async move { tokio::spawn(async move { panic!("{text}") }).await })?;
            raise(ruby, task.map_err(|ended| CoreError::new(Kind::Internal, format!("a panic: {}", ended.is_panic()))))
        }
    })
}
