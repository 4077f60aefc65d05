//! A large compressed body is unpacked in a thread of its own, while its reader works on what has come before.
//!
//! A reader never waits for a thread: it unpacks by itself until one has come. The threads are not those of Tokio's blocking pool,
//! which may all hang in name lookups, and whose exhaustion panics.

use bytes::BytesMut;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::gzip::Gzip;
use super::places::Place;
use super::timeout::Clock;
use crate::error::{Error, Kind, Result};

/// Unpacked bytes after which a body is large: what is left is then likely worth the start of a thread, a twentieth of a millisecond.
pub(crate) const LARGE: u64 = 2 << 20;

/// The largest piece that is unpacked at once.
const PIECE: usize = 256 << 10;

/// Pieces that wait for their reader. With the one that is being made a body holds 1 MiB more than its reader has counted.
const AHEAD: usize = 3;

/// A thread that has been asked to come.
#[derive(Debug)]
pub(crate) struct Asked(oneshot::Receiver<oneshot::Sender<Job>>);

/// What a thread does: all that is left of a body.
#[derive(Debug)]
struct Job {
    gzip: Box<Gzip>,
    clock: Clock,
    pieces: mpsc::Sender<Part>,
}

/// What came out, and of how many bytes in all. A missing one is the end.
#[derive(Debug)]
struct Part(Option<Result<BytesMut>>, u64);

/// A body that is being unpacked elsewhere. Dropping it ends that, and closes the connection.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    pieces: mpsc::Receiver<Part>,
    taken: u64,
}

/// Where a body is unpacked now, or what there was.
type Given = std::result::Result<Elsewhere, (Box<Gzip>, Option<Asked>)>;

impl Asked {
    /// Asks for a thread; there is none when enough of them are at work, or the system gives no more.
    pub(crate) fn new() -> Option<Self> {
        let (place, handle) = (Place::take()?, Handle::current());
        let (here, asked) = oneshot::channel();
        let work = move || {
            handle.block_on(volunteer(here));
            drop(place);
        };
        std::thread::Builder::new().name("gitlab_unpack".into()).spawn(work).ok()?;
        Some(Self(asked))
    }

    /// Gives it `gzip`, or that back where it has not come yet. The silence of the wire is now its to watch: the reader's wait is not
    /// the server's.
    pub(crate) fn give(mut self, gzip: Box<Gzip>, clock: &mut Clock) -> Given {
        let Ok(thread) = self.0.try_recv() else { return Err((gzip, Some(self))) };
        let (pieces, reader) = mpsc::channel(AHEAD);
        let taken = gzip.taken();
        match thread.send(Job { gzip, clock: clock.of_the_wire(), pieces }) {
            Ok(()) => Ok(Elsewhere { pieces: reader, taken }),
            Err(job) => {
                *clock = job.clock;
                Err((job.gzip, None))
            }
        }
    }
}

impl Elsewhere {
    /// Bytes that had come over the wire for the last piece.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next piece. A thread that ends without saying so has panicked.
    pub(crate) async fn piece(&mut self) -> Option<Result<BytesMut>> {
        match self.pieces.recv().await {
            Some(Part(piece, taken)) => {
                self.taken = taken;
                piece
            }
            None => Some(Err(Error::new(Kind::Internal, "the answer was not unpacked to its end"))),
        }
    }
}

/// Says that it is here, and waits for what it was asked to come for; the reader may have finished without it.
async fn volunteer(here: oneshot::Sender<oneshot::Sender<Job>>) {
    let (give, given) = oneshot::channel();
    if here.send(give).is_ok()
        && let Ok(job) = given.await
    {
        job.run().await;
    }
}

impl Job {
    /// To the end of the body or of its reader, whichever comes first. The connection is closed before the reader hears of an error.
    async fn run(mut self) {
        let end = loop {
            let piece = tokio::select! {
                biased;
                () = self.pieces.closed() => return,
                piece = self.clock.piece(self.gzip.piece(PIECE)) => piece.unwrap_or_else(|timeout| Some(Err(timeout))),
            };
            match Part(piece, self.gzip.taken()) {
                part @ Part(Some(Ok(_)), _) => {
                    if self.pieces.send(part).await.is_err() {
                        return;
                    }
                }
                end => break end,
            }
        };
        drop(self.gzip);
        let _ = self.pieces.send(end).await;
    }
}
