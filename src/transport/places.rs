//! How many threads may unpack at once in this process: one for each two cores, because the reader of each keeps another one busy.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The process in the upper half, how many of its places are taken in the lower: a forked child has none of its parent's threads.
static TAKEN: AtomicU64 = AtomicU64::new(0);

/// However many cores there are.
const MOST: usize = 16;

/// One of them; free again when it is dropped, by the thread that has it.
#[derive(Debug)]
pub(crate) struct Place(());

impl Place {
    /// None where all are taken. With a single core there never is one.
    pub(crate) fn take() -> Option<Self> {
        let most = (cores() / 2).min(MOST) as u64;
        let next = |now| next(now, std::process::id(), most);
        TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok().map(|_| Self(()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is taken after one more of at most `most` was taken in the process `pid`.
fn next(now: u64, pid: u32, most: u64) -> Option<u64> {
    let ours = u64::from(pid) << 32;
    let taken = if now >> 32 == u64::from(pid) { now & u64::from(u32::MAX) } else { 0 };
    (taken < most).then_some(ours | (taken + 1))
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
        let first = next(0, 7, 2).unwrap();
        let second = next(first, 7, 2).unwrap();
        assert_eq!(next(second, 7, 2), None);
        assert_eq!(next(second - 1, 7, 2), Some(second), "one was given back");
        assert_eq!(next(0, 7, 0), None, "a single core has none");
    }

    #[test]
    fn a_forked_child_has_all_places() {
        let parents = next(0, 7, 1).unwrap();
        let childs = next(parents, 8, 1).unwrap();
        assert_eq!((childs >> 32, childs & 0xffff), (8, 1));
    }
}
