//! `GitlabKube::Native::Rows`: columns of a list that is still coming.

use client::client::Rows as Core;
use magnus::{Error, RArray, RModule, Ruby, method, prelude::*};
use tokio::sync::Mutex;

use crate::class::define;
use crate::errors::{guard, raise};
use crate::gvl;
use crate::owner::Owned;
use crate::value;

/// One thread reads and closes. It belongs to the process that opened it.
#[magnus::wrap(class = "GitlabKube::Native::Rows", free_immediately)]
pub struct Rows(Owned<Mutex<Option<Core>>>);

const PARENTS: &str = "this list belongs to the parent process";

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Rows>(ruby, native, "Rows")?;
    class.define_method("next", method!(Rows::next, 1))?;
    class.define_method("tail", method!(Rows::tail, 0))?;
    class.define_method("close", method!(Rows::close, 0))
}

impl Rows {
    pub fn new(core: Core) -> Self {
        Self(Owned::new(Mutex::new(Some(core))))
    }

    /// The rows that have come since; nil at the end. Strings that stand in many cells are kept in `shared`.
    fn next(ruby: &Ruby, this: &Self, shared: RArray) -> Result<Option<RArray>, Error> {
        guard(ruby, || {
            let core = this.0.get(ruby, PARENTS)?;
            let next = gvl::wait(ruby, async {
                match core.lock().await.as_mut() {
                    Some(core) => core.next().await,
                    None => None,
                }
            })?;
            next.map(|rows| value::rows(ruby, &raise(ruby, rows)?, shared)).transpose()
        })
    }

    /// `[resource_version, continue]`, once all rows have come.
    fn tail(&self) -> Option<(Option<String>, Option<String>)> {
        let core = self.0.here()?.try_lock().ok()?;
        core.as_ref()?.tail().map(|tail| (tail.resource_version.clone(), tail.r#continue.clone()))
    }

    /// Takes the request back, if it is not over.
    fn close(&self) {
        if let Some(mut core) = self.0.here().and_then(|core| core.try_lock().ok()) {
            *core = None;
        }
    }
}
