//! The table of every Ruby method that is defined in Rust.
//!
//! Each class has a file; each file's `init` is the list of its methods. Options cross as one Hash; there are no defaults here.
#![allow(missing_docs, reason = "a cdylib has no Rust API, and magnus::init writes an extern fn without a doc line")]

mod body;
mod call;
mod catalog;
mod class;
mod client_class;
mod deep;
#[cfg(debug_assertions)]
mod defect;
mod document;
mod errors;
mod exec;
mod gvl;
mod memo;
mod node;
mod options;
mod owner;
mod rows;
mod running;
mod settings;
mod spec;
mod store;
mod stream;
mod undisturbed;
mod value;

use magnus::{Error, Module, Ruby};

#[magnus::init(name = "gitlab_kube")]
fn init(ruby: &Ruby) -> Result<(), Error> {
    std::panic::set_hook(Box::new(|_| ())); // a panic's text may quote a server; the exception says what is safe to say
    let native = ruby.define_module("GitlabKube")?.define_module("Native")?;
    native.const_set("SUPPORTED_API_GROUPS", catalog::groups(ruby)?)?;
    #[cfg(debug_assertions)]
    defect::init(native)?;
    settings::init(ruby, native)?;
    client_class::init(ruby, native)?;
    call::init(ruby, native)?;
    catalog::init(ruby, native)?;
    document::init(ruby, native)?;
    store::init(ruby, native)?;
    node::init(ruby, native)?;
    body::init(ruby, native)?;
    stream::init(ruby, native)?;
    rows::init(ruby, native)?;
    exec::init(ruby, native)
}

// Ruby derives the function's name from the file's: RubyGems 3.3 and `rake compile` name the file after the gem, newer
// RubyGems after the package.
#[magnus::init(name = "gitlab_kube_ruby")]
fn init_by_package_name(ruby: &Ruby) -> Result<(), Error> {
    init(ruby)
}
