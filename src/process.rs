//! Everything that lives as long as a process: made at first use, made anew after fork.
//!
//! A forked child has the parent's memory but only one of its threads: a runtime that nobody drives, and locks that nobody will
//! release. So the child never touches the parent's [`Process`]: it makes its own, and forgets the old one without dropping it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use crate::client::Endpoints;
use crate::driver::Driver;
use crate::error::Result;

static CURRENT: ArcSwapOption<Process> = ArcSwapOption::const_empty();

/// The statics of one process.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    driver: Driver,
    endpoints: Endpoints,
}

impl Process {
    /// This process's own. Fails only when the system has no thread left to give.
    pub fn current() -> Result<Arc<Self>> {
        let pid = std::process::id();
        loop {
            let found = CURRENT.load_full();
            match &found {
                Some(process) if process.pid == pid => return Ok(Arc::clone(process)),
                _ => Self::install(pid, found)?,
            }
        }
    }

    /// Of two threads that come first, one wins; the loser's runtime has run nothing yet.
    fn install(pid: u32, found: Option<Arc<Self>>) -> Result<()> {
        let fresh = Arc::new(Self { pid, driver: Driver::new()?, endpoints: Endpoints::default() });
        let before = CURRENT.compare_and_swap(&found, Some(Arc::clone(&fresh)));
        let won = match (before.as_ref(), found.as_ref()) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        if won {
            std::mem::forget(found); // the parent's: its locks and threads are not ours
        }
        Ok(())
    }

    /// The one Tokio runtime.
    pub fn driver(&self) -> &Driver {
        &self.driver
    }

    /// The servers this process talks to.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The process this belongs to.
    pub fn pid(&self) -> u32 {
        self.pid
    }
}
