//! `GitlabKube::Native::Session`: a command that runs in a pod, or a port that is forwarded.

use bytes::Bytes;
use client::exec::{Event, Session as Core};
use magnus::{Error, IntoValue, RArray, RModule, RString, Ruby, method, prelude::*};

use crate::class::define;
use crate::errors::{guard, raise};
use crate::gvl;
use crate::owner::Owned;

/// One thread reads, another writes, any closes. It belongs to the process that opened it.
#[magnus::wrap(class = "GitlabKube::Native::Session", free_immediately)]
pub struct Session(Owned<Core>);

const PARENTS: &str = "this session belongs to the parent process";

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Session>(ruby, native, "Session")?;
    class.define_method("read", method!(Session::read, 0))?;
    class.define_method("write", method!(Session::write, 1))?;
    class.define_method("close_stdin", method!(Session::close_stdin, 0))?;
    class.define_method("resize", method!(Session::resize, 2))?;
    class.define_method("close", method!(Session::close, 0))
}

impl Session {
    pub fn new(core: Core) -> Self {
        Self(Owned::new(core))
    }

    /// `[:stdout, bytes]`, `[:stderr, bytes]` or `[:exit, code]`; nil at the end.
    fn read(ruby: &Ruby, this: &Self) -> Result<Option<RArray>, Error> {
        guard(ruby, || {
            let Some(event) = gvl::wait(ruby, this.0.get(ruby, PARENTS)?.next())? else { return Ok(None) };
            let (name, value) = match raise(ruby, event)? {
                Event::Stdout(bytes) => ("stdout", ruby.str_from_slice(&bytes).into_value_with(ruby)),
                Event::Stderr(bytes) => ("stderr", ruby.str_from_slice(&bytes).into_value_with(ruby)),
                Event::Exit(code) => ("exit", code.into_value_with(ruby)),
            };
            let tuple = ruby.ary_new_capa(2);
            tuple.push(ruby.to_symbol(name))?;
            tuple.push(value)?;
            Ok(Some(tuple))
        })
    }

    fn write(ruby: &Ruby, this: &Self, bytes: RString) -> Result<(), Error> {
        guard(ruby, || {
            let bytes: Bytes = bytes.to_bytes();
            raise(ruby, gvl::wait(ruby, this.0.get(ruby, PARENTS)?.write(&bytes))?)
        })
    }

    fn close_stdin(ruby: &Ruby, this: &Self) -> Result<(), Error> {
        guard(ruby, || raise(ruby, gvl::wait(ruby, this.0.get(ruby, PARENTS)?.close_stdin())?))
    }

    fn resize(ruby: &Ruby, this: &Self, width: u16, height: u16) -> Result<(), Error> {
        guard(ruby, || raise(ruby, gvl::wait(ruby, this.0.get(ruby, PARENTS)?.resize(width, height))?))
    }

    /// Ends it; in a child of fork nothing happens, because the connection is the parent's.
    fn close(&self) {
        if let Some(core) = self.0.here() {
            core.close();
        }
    }
}
