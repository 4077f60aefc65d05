//! `GitlabKube::Native::Node`: a part of a document; its fields become Ruby objects when they are asked for.

use client::wire::{Node as Core, NodeKind};
use magnus::{Error, RArray, RHash, RModule, RString, Ruby, Symbol, Value, method, prelude::*};

use crate::class::define;
use crate::deep::deep;
use crate::errors::guard;
use crate::value;

/// An object (or array) inside a document.
#[magnus::wrap(class = "GitlabKube::Native::Node", free_immediately, frozen_shareable)]
pub struct Node(pub Core);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Node>(ruby, native, "Node")?;
    class.define_method("kind", method!(Node::kind, 0))?;
    class.define_method("get", method!(Node::get, 1))?;
    class.define_method("key?", method!(Node::has, 1))?;
    class.define_method("keys", method!(Node::keys, 0))?;
    class.define_method("fields", method!(Node::fields, 0))?;
    class.define_method("to_hash_value", method!(Node::to_hash_value, 0))?;
    class.define_method("value", method!(Node::value, 1))?;
    class.define_method("json", method!(Node::json, 0))?;
    class.define_method("detach", method!(Node::detach, 0))
}

impl Node {
    fn kind(ruby: &Ruby, this: &Self) -> Symbol {
        ruby.to_symbol(match this.0.kind() {
            NodeKind::Object => "object",
            NodeKind::Array => "array",
            _ => "scalar",
        })
    }

    /// The field: a scalar, a Node for an object, an Array of either, or nil.
    fn get(ruby: &Ruby, this: &Self, key: String) -> Result<Option<Value>, Error> {
        guard(ruby, || this.0.get(&key).map(|node| value::shallow(ruby, node)).transpose())
    }

    fn has(&self, key: String) -> bool {
        self.0.get(&key).is_some()
    }

    fn keys(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        guard(ruby, || Ok(ruby.ary_from_iter(this.0.members().into_iter().map(|(key, _)| key.into_owned()))))
    }

    /// All fields as `get` gives each, in one pass: one by one, each would be looked for through the whole object. Of two with one name the
    /// last counts.
    fn fields(ruby: &Ruby, this: &Self) -> Result<RHash, Error> {
        guard(ruby, || {
            let fields = ruby.hash_new();
            for (key, node) in this.0.members() {
                fields.aset(ruby.str_new(&key), value::shallow(ruby, node)?)?;
            }
            Ok(fields)
        })
    }

    /// The whole part as plain Ruby, with String keys.
    fn to_hash_value(ruby: &Ruby, this: &Self) -> Result<Value, Error> {
        Self::value(ruby, this, false)
    }

    fn value(ruby: &Ruby, this: &Self, symbols: bool) -> Result<Value, Error> {
        guard(ruby, || deep(ruby, &this.0, symbols))
    }

    fn json(ruby: &Ruby, this: &Self) -> RString {
        ruby.enc_str_new(this.0.raw(), ruby.utf8_encoding())
    }

    /// The same part, copied out, so that the rest can be freed.
    fn detach(&self) -> Self {
        Self(self.0.detach())
    }
}
