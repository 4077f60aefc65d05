//! How many threads may unpack at once in this process: one for each two cores, because the reader of each keeps another one busy.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::tally::Tally;

static TAKEN: Tally = Tally::new();

/// However many cores there are.
const MOST: usize = 16;

/// One of them; free again when it is dropped, by the thread that has it.
#[derive(Debug)]
pub(crate) struct Place(());

impl Place {
    /// None where all are taken. With a single core there never is one.
    pub(crate) fn take() -> Option<Self> {
        let most = (cores() / 2).min(MOST) as u64;
        TAKEN.change(|taken| next(taken, most)).map(|_| Self(()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.take_off(1);
    }
}

/// What is taken after one more of at most `most` was taken.
fn next(taken: u64, most: u64) -> Option<u64> {
    (taken < most).then_some(taken + 1)
}

/// Asking reads files. Not a `OnceLock`: a fork in the middle of it would leave the child one that nobody ever fills.
fn cores() -> usize {
    static CORES: AtomicUsize = AtomicUsize::new(0);
    match CORES.load(Ordering::Relaxed) {
        0 => {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            CORES.store(cores, Ordering::Relaxed);
            cores
        }
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_no_more_places_than_there_are() {
        let first = next(0, 2).unwrap();
        let second = next(first, 2).unwrap();
        assert_eq!(next(second, 2), None);
        assert_eq!(next(second - 1, 2), Some(second), "one was given back");
        assert_eq!(next(0, 0), None, "a single core has none");
    }
}
