//! `GitlabKube::Native::List`: a document that is a list, seen as its items.

use client::wire::{Document, Path, pluck};
use magnus::{Error, RArray, RModule, RString, Ruby, method, prelude::*};

use crate::errors::{guard, raise};
use crate::gvl;
use crate::node::Node;
use crate::value;

/// The items of a list; the document they are in is shared.
#[magnus::wrap(class = "GitlabKube::Native::List", free_immediately, frozen_shareable)]
pub struct List(pub Document);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = native.define_class("List", ruby.class_object())?;
    class.undef_default_alloc_func();
    class.define_method("size", method!(List::len, 0))?;
    class.define_method("item", method!(List::item, 1))?;
    class.define_method("kind", method!(List::kind, 0))?;
    class.define_method("resource_version", method!(List::resource_version, 0))?;
    class.define_method("continue", method!(List::continue_token, 0))?;
    class.define_method("pluck", method!(List::pluck, 1))?;
    class.define_method("json", method!(List::json, 0))
}

impl List {
    fn len(&self) -> usize {
        self.0.items_len().unwrap_or(0)
    }

    fn item(&self, index: usize) -> Option<Node> {
        self.0.item(index).map(Node)
    }

    fn kind(&self) -> Option<String> {
        self.0.root().get("kind")?.text().map(|text| text.into_owned())
    }

    fn resource_version(&self) -> Option<String> {
        self.metadata("resourceVersion")
    }

    fn continue_token(&self) -> Option<String> {
        self.metadata("continue").filter(|token| !token.is_empty())
    }

    fn metadata(&self, key: &str) -> Option<String> {
        self.0.root().get("metadata")?.get(key)?.text().map(|text| text.into_owned())
    }

    /// One row per item, one column per path. The decoding happens without the GVL.
    fn pluck(ruby: &Ruby, this: &Self, paths: Vec<String>) -> Result<RArray, Error> {
        guard(ruby, || {
            let paths: client::Result<Vec<Path>> = paths.iter().map(|path| Path::parse(path)).collect();
            let paths = raise(ruby, paths)?;
            let table = raise(ruby, gvl::compute(ruby, || pluck(&this.0, &paths))?)?;
            value::rows(ruby, &table)
        })
    }

    /// The items as a JSON array.
    fn json(ruby: &Ruby, this: &Self) -> RString {
        let items = this.0.root().get("items").filter(|items| !items.is_null());
        ruby.enc_str_new(items.as_ref().map_or(&b"[]"[..], |items| items.raw()), ruby.utf8_encoding())
    }
}
