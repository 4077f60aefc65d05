//! Ruby classes whose objects are made in Rust.

use magnus::{Error, Module, RClass, RModule, Ruby, TypedData};

/// Defines the class of `T`, and looks it up.
///
/// magnus looks a class up where the first object of it is made, and panics when an exception comes in between (`Thread#kill`,
/// `Timeout`, `Thread#raise`): the exception was lost, and a thread that should have ended went on. Here there is nobody to interrupt.
pub fn define<T: TypedData>(ruby: &Ruby, native: RModule, name: &str) -> Result<RClass, Error> {
    native.define_class(name, ruby.class_object())?;
    Ok(T::class(ruby))
}
