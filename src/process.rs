//! Everything that lives as long as a process: made at first use, made anew after fork.
//!
//! A forked child has the parent's memory but only one of its threads: a runtime without workers, and locks that nobody will
//! release. So the child never touches the parent's [`Process`]: it makes its own, and forgets the old one without dropping it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::runtime::{Builder, Runtime};

use crate::client::Endpoints;
use crate::error::{Error, Kind, Result};

static CURRENT: ArcSwapOption<Process> = ArcSwapOption::const_empty();

/// The statics of one process.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    runtime: Runtime,
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

    /// Of two threads that come first, one wins; the loser's runtime has run nothing yet and goes without waiting.
    fn install(pid: u32, found: Option<Arc<Self>>) -> Result<()> {
        let fresh = Arc::new(Self { pid, runtime: runtime()?, endpoints: Endpoints::default() });
        let before = CURRENT.compare_and_swap(&found, Some(Arc::clone(&fresh)));
        let won = match (before.as_ref(), found.as_ref()) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        if won {
            std::mem::forget(found); // the parent's: its locks and threads are not ours
        } else if let Some(loser) = Arc::into_inner(fresh) {
            loser.runtime.shutdown_background();
        }
        Ok(())
    }

    /// The one Tokio runtime.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
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

/// Two workers: they move bytes; the parsing is done by whoever waits.
fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(64)
        .thread_name("gitlab_kube")
        .enable_all()
        .build()
        .map_err(|_| Error::new(Kind::Internal, "the system gave no thread for the network runtime"))
}
