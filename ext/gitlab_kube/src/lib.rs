//! The table of every Ruby method that is defined in Rust.

#![allow(missing_docs, reason = "a cdylib has no Rust API, and magnus::init writes an extern fn without a doc line")]

use magnus::{Error, Module, Ruby};

#[magnus::init(name = "gitlab_kube")]
fn init(ruby: &Ruby) -> Result<(), Error> {
    ruby.define_module("GitlabKube")?.define_module("Native")?;
    Ok(())
}
