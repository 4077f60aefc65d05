//! The table of every Ruby method that is defined in Rust.

#![allow(missing_docs, reason = "a cdylib has no Rust API, and magnus::init writes an extern fn without a doc line")]

use magnus::{Error, Module, Ruby};

#[magnus::init(name = "gitlab_kube")]
fn init(ruby: &Ruby) -> Result<(), Error> {
    ruby.define_module("GitlabKube")?.define_module("Native")?;
    Ok(())
}

// Ruby derives the function's name from the file's: RubyGems 3.3 and `rake compile` name the file after the gem, newer
// RubyGems after the package.
#[magnus::init(name = "gitlab_kube_ruby")]
fn init_by_package_name(ruby: &Ruby) -> Result<(), Error> {
    init(ruby)
}
