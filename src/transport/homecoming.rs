//! Waits until a connection is back in its pool, so that the next request finds it there.
//!
//! hyper's pool takes a connection back in a task of its own, a moment after the end of the body. A caller whose next request comes in
//! that moment would dial once more: a hundred calls, one after the other, would open two or three connections.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::rt::Executor;
use tokio::task::JoinHandle;

/// What the way home may take; it takes microseconds, unless the machine is very busy.
const PATIENCE: Duration = Duration::from_millis(20);

type Slot = Arc<Mutex<Option<JoinHandle<()>>>>;

tokio::task_local! {
    /// Where [`Spawner`] leaves what it spawned for the request that is being polled.
    static SPAWNED: Slot;
}

/// Runs hyper's tasks on Tokio, and tells the request that is being polled of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spawner;

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Spawner {
    fn execute(&self, task: F) {
        let spawned = tokio::spawn(task);
        let _ = SPAWNED.try_with(|slot| put(slot, Some(spawned)));
    }
}

/// The task that takes a connection back.
#[derive(Debug)]
pub(crate) struct Homecoming(JoinHandle<()>);

impl Homecoming {
    /// Runs `request`. hyper spawns the task in the very poll that gives the answer; what came before was the connection's own.
    pub(crate) async fn of<T>(request: impl Future<Output = T>) -> (T, Option<Self>) {
        let slot = Slot::default();
        let mut request = pin!(SPAWNED.scope(Arc::clone(&slot), request));
        let answer = poll_fn(|cx| {
            put(&slot, None);
            request.as_mut().poll(cx)
        })
        .await;
        (answer, put(&slot, None).map(Self))
    }

    /// Waits for it; called when the body has ended.
    pub(crate) async fn wait(self) {
        let _ = tokio::time::timeout(PATIENCE, self.0).await;
    }
}

fn put(slot: &Slot, spawned: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
    std::mem::replace(&mut *slot.lock().unwrap_or_else(PoisonError::into_inner), spawned)
}
