//! `GitlabKube::Native::Rows`: columns of a list that is still coming.

use client::client::Rows as Core;
use magnus::{Error, RArray, RModule, Ruby, method, prelude::*};
use tokio::sync::Mutex;

use crate::class::define;
use crate::errors::{guard, raise};
use crate::gvl;
use crate::owner::Owner;
use crate::value;

/// One thread reads and closes. It belongs to the process that opened it.
#[magnus::wrap(class = "GitlabKube::Native::Rows", free_immediately)]
pub struct Rows {
    core: Mutex<Option<Core>>,
    owner: Owner,
}

const PARENTS: &str = "this list belongs to the parent process";

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Rows>(ruby, native, "Rows")?;
    class.define_method("next", method!(Rows::next, 1))?;
    class.define_method("tail", method!(Rows::tail, 0))?;
    class.define_method("close", method!(Rows::close, 0))
}

impl Rows {
    pub fn new(core: Core) -> Self {
        Self { core: Mutex::new(Some(core)), owner: Owner::this_process() }
    }

    /// The rows that have come since; nil at the end. Strings that stand in many cells are kept in `shared`.
    fn next(ruby: &Ruby, this: &Self, shared: RArray) -> Result<Option<RArray>, Error> {
        guard(ruby, || {
            this.owner.check(ruby, PARENTS)?;
            let next = gvl::wait(ruby, async {
                match this.core.lock().await.as_mut() {
                    Some(core) => core.next().await,
                    None => None,
                }
            })?;
            next.map(|rows| value::rows(ruby, &raise(ruby, rows)?, shared)).transpose()
        })
    }

    /// `[resource_version, continue]`, once all rows have come.
    fn tail(&self) -> Option<(Option<String>, Option<String>)> {
        let core = self.core.try_lock().ok()?;
        core.as_ref()?.tail().map(|tail| (tail.resource_version.clone(), tail.r#continue.clone()))
    }

    /// Takes the request back, if it is not over.
    fn close(&self) {
        if let Some(core) = self.core.try_lock().ok().and_then(|mut core| core.take()) {
            self.free(core);
        }
    }

    // In a child of fork the connection is left alone: dropping it would take it out of the parent's epoll.
    fn free(&self, core: Core) {
        if !self.owner.is_here() {
            std::mem::forget(core);
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if let Some(core) = self.core.get_mut().take() {
            self.free(core);
        }
    }
}
