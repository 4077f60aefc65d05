//! `GitlabKube::Native::Document`: a whole answer, as bytes and an index.

use client::wire::Document as Core;
use magnus::{DataTypeFunctions, Error, RModule, RString, Ruby, TypedData, Value, method, prelude::*};

use crate::errors::guard;
use crate::gvl;
use crate::list::List;
use crate::node::Node;
use crate::value;

/// An answer that nobody has decoded.
#[derive(TypedData)]
#[magnus(class = "GitlabKube::Native::Document", free_immediately, size, frozen_shareable)]
pub struct Document(Core);

impl DataTypeFunctions for Document {
    fn size(&self) -> usize {
        self.0.heap_size()
    }
}

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = native.define_class("Document", ruby.class_object())?;
    class.undef_default_alloc_func();
    class.define_method("list?", method!(Document::is_list, 0))?;
    class.define_method("list", method!(Document::list, 0))?;
    class.define_method("root", method!(Document::root, 0))?;
    class.define_method("value", method!(Document::value, 1))?;
    class.define_method("json", method!(Document::json, 0))?;
    class.define_method("bytesize", method!(Document::bytesize, 0))
}

impl Document {
    /// Tells the GC how much it keeps.
    pub fn new(core: Core) -> Self {
        gvl::account(core.heap_size());
        Self(core)
    }

    fn is_list(&self) -> bool {
        self.0.is_list()
    }

    fn list(&self) -> List {
        List(self.0.clone())
    }

    fn root(&self) -> Node {
        Node(self.0.root())
    }

    /// Everything as plain Ruby; keys are Symbols if `symbols`.
    fn value(ruby: &Ruby, this: &Self, symbols: bool) -> Result<Value, Error> {
        guard(ruby, || value::deep(ruby, &this.0.root(), symbols))
    }

    fn json(ruby: &Ruby, this: &Self) -> RString {
        ruby.enc_str_new(this.0.bytes(), ruby.utf8_encoding())
    }

    fn bytesize(&self) -> usize {
        self.0.bytes().len()
    }
}
