//! How long one call may take: its silence, and all of it.

use std::future::Future;
use std::time::Duration;

use hyper_util::client::legacy::connect::CaptureConnection;
use tokio::task::coop::unconstrained;
use tokio::time::{Instant, sleep, sleep_until};

use super::{Mode, failure};
use crate::error::Result;
use crate::limits::Timeouts;

/// The clock of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    head: Option<Duration>,
    silence: Option<Duration>,
    deadline: Option<Instant>,
    pauses: bool,
    paused: Option<Instant>,
}

impl Clock {
    /// Starts. A stream has no end to keep to, and its own silence. While a body comes in pieces, what its reader does
    /// between two of them is not the server's time.
    pub(crate) fn start(timeouts: &Timeouts, mode: Mode) -> Self {
        let (silence, total) = match mode {
            Mode::Whole | Mode::Pieces => (timeouts.read, timeouts.total),
            Mode::Stream => (timeouts.idle, None),
        };
        let deadline = total.map(|total| Instant::now() + total);
        Self { head: timeouts.read, silence, deadline, pauses: mode == Mode::Pieces, paused: None }
    }

    /// The clock of who waits for the wire, where that is no longer who has this one: only one of them watches its silence.
    pub(crate) fn of_the_wire(&mut self) -> Self {
        Self { silence: self.silence.take(), ..*self }
    }

    /// Waits for the head of an answer. Silence counts from when the request has a connection.
    pub(crate) async fn head<T>(
        &self,
        mut connection: CaptureConnection,
        answer: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let sent = connection.clone();
        let silent = async {
            connection.wait_for_connection_metadata().await;
            elapse(self.head).await;
        };
        tokio::select! {
            biased;
            answer = answer => answer,
            () = silent => Err(failure::read_timeout().with_outcome_unknown(true)),
            () = until(self.deadline) => Err(failure::total_timeout().with_outcome_unknown(sent.connection_metadata().is_some())),
        }
    }

    /// Waits for the next piece of a body.
    pub(crate) async fn piece<T>(&mut self, piece: impl Future<Output = T>) -> Result<T> {
        if let (Some(paused), Some(deadline)) = (self.paused.take(), &mut self.deadline) {
            *deadline += paused.elapsed();
        }
        self.paused = self.pauses.then(Instant::now); // should nobody wait for this piece to the end
        let piece = tokio::select! {
            biased;
            piece = piece => Ok(piece),
            () = elapse(self.silence) => Err(failure::read_timeout().with_outcome_unknown(true)),
            () = until(self.deadline) => Err(failure::total_timeout().with_outcome_unknown(true)),
        };
        self.paused = self.pauses.then(Instant::now);
        piece
    }
}

/// A clock is looked at also by a task that has used up its turn on data.
async fn elapse(time: Option<Duration>) {
    match time {
        Some(time) => unconstrained(sleep(time)).await,
        None => std::future::pending().await,
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => unconstrained(sleep_until(deadline)).await,
        None => std::future::pending().await,
    }
}
