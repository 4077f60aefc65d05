//! The table of every Ruby method that is defined in Rust.

use magnus::{Error, Module, Ruby};

#[magnus::init(name = "gitlab_kube")]
fn init(ruby: &Ruby) -> Result<(), Error> {
    ruby.define_module("GitlabKube")?.define_module("Native")?;
    Ok(())
}
