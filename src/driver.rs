//! The one Tokio runtime, and who drives it: a call that waits, or a thread of its own while none does.
//!
//! Two threads that wake each other for every answer cost more than all the rest of a small call. So the thread that makes a call
//! moves its bytes itself, and those of everybody else, until it has its answer: Tokio's current-thread runtime is driven by
//! whoever blocks on it, one at a time. A standby thread takes over when no call has come for a moment (a server closes an idle
//! connection, a ping wants its answer), and wherever somebody waits who has better things to do: who unpacks and checks a large
//! answer, or is handed a watch event by event, must not keep the bytes of others waiting.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::error::{Error, Kind, Result};

/// How long after a call the next one still finds nobody in its way.
const GRACE: Duration = Duration::from_millis(2);
/// The same after a call that took long: until its end the standby looks less and less often.
const LONG_GRACE: Duration = Duration::from_millis(64);

thread_local! {
    static STEPPED_BACK: Cell<bool> = const { Cell::new(false) };
}

/// Said by a future that has more to do than to wait: its thread goes on with it, and leaves the driving to another. It costs nothing to
/// say it again, and it has to be: a thread that was interrupted, and goes on, drives anew.
pub async fn step_back() {
    if !STEPPED_BACK.replace(true) {
        yield_now().await;
    }
}

/// The runtime of a process.
#[derive(Debug)]
pub struct Driver(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    runtime: Runtime,
    seats: Mutex<Seats>,
    changed: Condvar,
    leave: Notify,
}

/// Who waits.
#[derive(Debug, Default)]
struct Seats {
    driving: usize,
    aside: usize,
    calls: usize,
    standby: bool,
    over: bool,
}

impl Driver {
    /// Starts its thread. Fails only when the system has none left to give.
    pub fn new() -> Result<Self> {
        let none = |_| Error::new(Kind::Internal, "the system gave no thread for the network runtime");
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(64)
            .thread_name("gitlab_kube")
            .enable_all()
            .build()
            .map_err(none)?;
        let shared =
            Arc::new(Shared { runtime, seats: Mutex::default(), changed: Condvar::new(), leave: Notify::new() });
        let standby = Arc::clone(&shared);
        thread::Builder::new().name("gitlab_kube".into()).spawn(move || standby.stand_by()).map_err(none)?;
        Ok(Self(shared))
    }

    /// Runs `future` in this thread, which moves the bytes of the process until it is done, or [steps back](step_back).
    pub fn drive<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let early = self.0.sit_down().and_then(|_seat| self.0.runtime.block_on(unless_back(future.as_mut())));
        early.unwrap_or_else(|| self.wait(future))
    }

    /// Runs `future` in this thread, while another moves the bytes.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        let _aside = self.0.stand_aside();
        self.0.runtime.handle().block_on(future)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.seats().over = true;
        self.0.changed.notify_one();
        self.0.leave.notify_one();
    }
}

/// What servers did while nobody drove is heard first, and taken in by their connections: an answer that came before its request is none,
/// and a connection that was closed is not used. Who yields is woken after the runtime has looked at its sockets; a task, because a thread
/// that waits for another to leave the runtime to it polls its future meanwhile, and there a yield is none.
async fn catch_up() {
    let looked = tokio::spawn(async {
        yield_now().await;
        yield_now().await;
    });
    let _ = looked.await; // it cannot fail
}

async fn unless_back<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    catch_up().await;
    STEPPED_BACK.set(false);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if STEPPED_BACK.get() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}

impl Shared {
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place among those who drive: none where somebody stands aside, who wants the bytes moved all the time.
    fn sit_down(&self) -> Option<Seat<'_>> {
        let mut seats = self.seats();
        if seats.aside > 0 {
            return None;
        }
        seats.driving += 1;
        seats.calls = seats.calls.wrapping_add(1);
        if std::mem::take(&mut seats.standby) {
            self.leave.notify_one();
        }
        Some(Seat(self))
    }

    fn stand_aside(&self) -> Aside<'_> {
        let mut seats = self.seats();
        seats.aside += 1;
        if seats.wants_standby() {
            self.changed.notify_one();
        }
        Aside(self)
    }

    fn stand_by(&self) {
        while self.comes_on() {
            self.runtime.block_on(self.leave.notified());
        }
    }

    /// Waits until the standby is wanted; false when all is over.
    fn comes_on(&self) -> bool {
        let (mut seats, mut seen, mut pause) = (self.seats(), None, GRACE);
        while !(seats.over || seats.wants_standby() || seats.is_quiet_since(seen)) {
            pause = if seen == Some(seats.calls) { LONG_GRACE.min(pause * 2) } else { GRACE };
            seen = Some(seats.calls);
            seats = self.changed.wait_timeout(seats, pause).unwrap_or_else(PoisonError::into_inner).0;
        }
        seats.standby = !seats.over;
        seats.standby
    }
}

impl Seats {
    fn wants_standby(&self) -> bool {
        self.aside > 0 && self.driving == 0 && !self.standby
    }

    fn is_quiet_since(&self, calls: Option<usize>) -> bool {
        self.driving == 0 && calls == Some(self.calls)
    }
}

/// Somebody who drives, or will when whoever does has his answer.
struct Seat<'a>(&'a Shared);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut seats = self.0.seats();
        seats.driving -= 1;
        if seats.wants_standby() {
            self.0.changed.notify_one();
        }
    }
}

/// Somebody who waits for what others move.
struct Aside<'a>(&'a Shared);

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        self.0.seats().aside -= 1;
    }
}
