//! `GitlabKube::Native::Stream`: a watch or a followed log.

use client::client::Stream as Core;
use client::wire::frames::EventKind;
use magnus::{Error, RArray, RModule, RString, Ruby, method, prelude::*};

use crate::class::define;
use crate::document::Document;
use crate::errors::{guard, raise};
use crate::gvl;
use crate::node::Node;
use crate::options::duration;
use crate::owner::Owned;

/// One thread reads, any thread closes. It belongs to the process that opened it.
#[magnus::wrap(class = "GitlabKube::Native::Stream", free_immediately)]
pub struct Stream(Owned<Box<Core>>);

const PARENTS: &str = "this stream belongs to the parent process";

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Stream>(ruby, native, "Stream")?;
    class.define_method("line", method!(Stream::line, 0))?;
    class.define_method("event", method!(Stream::event, 1))?;
    class.define_method("close", method!(Stream::close, 0))
}

impl Stream {
    pub fn new(core: Box<Core>) -> Self {
        Self(Owned::new(core))
    }

    /// The next line of a log, without its newline; nil at the end.
    fn line(ruby: &Ruby, this: &Self) -> Result<Option<RString>, Error> {
        guard(ruby, || {
            let core = this.0.get(ruby, PARENTS)?;
            let line = match core.ready_line() {
                None => gvl::wait(ruby, core.line(false, None))?,
                ready => ready,
            };
            line.map(|line| Ok(ruby.enc_str_new(&raise(ruby, line)?, ruby.utf8_encoding()))).transpose()
        })
    }

    /// The next event of a watch: `[type, node, document, resource_version, code]`; nil at the end.
    /// `idle` is the seconds of silence after which the server is taken for dead.
    fn event(ruby: &Ruby, this: &Self, idle: Option<f64>) -> Result<Option<RArray>, Error> {
        guard(ruby, || {
            let core = this.0.get(ruby, PARENTS)?;
            let idle = idle.map(|seconds| duration(ruby, seconds)).transpose()?;
            let Some(event) = gvl::wait(ruby, core.event(idle))? else { return Ok(None) };
            let event = raise(ruby, event)?;
            let tuple = ruby.ary_new_capa(5);
            tuple.push(name(event.kind))?;
            tuple.push(Node(event.object))?;
            tuple.push(Document::new(event.document))?;
            tuple.push(event.resource_version)?;
            tuple.push(event.code)?;
            Ok(Some(tuple))
        })
    }

    /// Ends it; the reader gets nil. In a child of fork nothing happens, because the connection is the parent's.
    fn close(&self) {
        if let Some(core) = self.0.here() {
            core.close();
        }
    }
}

/// Kubernetes' own words; a type this client does not know is said so.
fn name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Added => "ADDED",
        EventKind::Modified => "MODIFIED",
        EventKind::Deleted => "DELETED",
        EventKind::Bookmark => "BOOKMARK",
        EventKind::Error => "ERROR",
        EventKind::Other => "UNKNOWN",
    }
}
