//! `GitlabKube::Native::Document`: a whole answer, as bytes and an index.

use bytes::Bytes;
use client::Limits;
use client::wire::{Document as Core, Path, pluck};
use magnus::{
    DataTypeFunctions, Error, RArray, RModule, RString, Ruby, TypedData, Value, function, method, prelude::*,
};

use crate::class::define;
use crate::deep;
use crate::errors::{guard, raise};
use crate::gvl;
use crate::node::Node;
use crate::undisturbed;
use crate::value;

/// Bytes of items that are made into Ruby objects without giving up the GVL: a few milliseconds.
const AT_ONCE: usize = 512 << 10;

/// An answer that nobody has decoded.
#[derive(TypedData)]
#[magnus(class = "GitlabKube::Native::Document", free_immediately, size, frozen_shareable)]
pub struct Document(pub Core);

impl DataTypeFunctions for Document {
    fn size(&self) -> usize {
        self.0.heap_size()
    }
}

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Document>(ruby, native, "Document")?;
    class.define_singleton_method("parse", function!(Document::parse, 1))?;
    class.define_method("list?", method!(Document::is_list, 0))?;
    class.define_method("size", method!(Document::len, 0))?;
    class.define_method("item", method!(Document::item, 1))?;
    class.define_method("pluck", method!(Document::pluck, 1))?;
    class.define_method("root", method!(Document::root, 0))?;
    class.define_method("value", method!(Document::value, 1))?;
    class.define_method("values", method!(Document::values, 1))?;
    class.define_method("json", method!(Document::json, 0))?;
    class.define_method("bytesize", method!(Document::bytesize, 0))
}

impl Document {
    /// Tells the GC how much it keeps.
    pub fn new(core: Core) -> Self {
        gvl::account(core.heap_size());
        Self(core)
    }

    /// An answer that was kept somewhere and comes back. The checking happens without the GVL.
    fn parse(ruby: &Ruby, bytes: Bytes) -> Result<Self, Error> {
        guard(ruby, || {
            let core = gvl::compute(ruby, || Core::parse(bytes, &Limits::default()))?;
            Ok(Self::new(raise(ruby, core)?))
        })
    }

    fn is_list(&self) -> bool {
        self.0.is_list()
    }

    /// How many items a list has.
    fn len(&self) -> usize {
        self.0.items_len().unwrap_or(0)
    }

    fn item(&self, index: usize) -> Option<Node> {
        self.0.item(index).map(Node)
    }

    /// One row per item (or one for an object), one column per path. The decoding happens without the GVL.
    fn pluck(ruby: &Ruby, this: &Self, paths: Vec<String>) -> Result<RArray, Error> {
        guard(ruby, || {
            let paths: client::Result<Vec<Path>> = paths.iter().map(|path| Path::parse(path)).collect();
            let paths = raise(ruby, paths)?;
            let table = raise(ruby, gvl::compute(ruby, || pluck(&this.0, &paths))?)?;
            value::rows(ruby, table.rows(), ruby.ary_new())
        })
    }

    fn root(&self) -> Node {
        Node(self.0.root())
    }

    /// Everything as plain Ruby; keys are Symbols if `symbols`.
    fn value(ruby: &Ruby, this: &Self, symbols: bool) -> Result<Value, Error> {
        guard(ruby, || deep::deep(ruby, &this.0.root(), symbols))
    }

    /// The items from the `from`th on, as plain Ruby: so many at once that other threads need not wait long for the GVL.
    fn values(ruby: &Ruby, this: &Self, from: usize) -> Result<RArray, Error> {
        guard(ruby, || {
            let mut bytes = 0;
            let few = (from..this.len()).map_while(|index| {
                let room = bytes < AT_ONCE;
                this.0.item(index).filter(|_| room).inspect(|item| bytes += item.raw().len())
            });
            let few: Vec<_> = few.collect();
            if from == 0 {
                undisturbed::begin(this.bytesize());
            }
            undisturbed::part(ruby, this.bytesize(), || deep::all(ruby, &few))
        })
    }

    fn json(ruby: &Ruby, this: &Self) -> RString {
        ruby.enc_str_new(this.0.bytes(), ruby.utf8_encoding())
    }

    fn bytesize(&self) -> usize {
        self.0.bytes().len()
    }
}
