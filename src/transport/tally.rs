//! A number that belongs to one process: a forked child, which has none of its parent's bodies and threads, begins at zero.

use std::sync::atomic::{AtomicU64, Ordering};

/// The bits of the number. The process id is in the others, so that both change at once; they hold Linux's largest (PID_MAX_LIMIT, 2^22).
const BITS: u32 = 42;
const MOST: u64 = (1 << BITS) - 1;

/// What is counted in this process.
#[derive(Debug)]
pub(crate) struct Tally(AtomicU64);

impl Tally {
    pub(crate) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Changes it, unless `change` says no; what it was before.
    pub(crate) fn change(&self, change: impl Fn(u64) -> Option<u64>) -> Option<u64> {
        let pid = std::process::id();
        let next = |now| change(of(now, pid)).map(|number| tagged(number, pid));
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok().map(|before| of(before, pid))
    }

    pub(crate) fn add(&self, more: u64) -> u64 {
        self.change(|now| Some(now + more)).unwrap_or_default()
    }

    pub(crate) fn take_off(&self, less: u64) {
        self.change(|now| Some(now.saturating_sub(less)));
    }
}

fn tagged(number: u64, pid: u32) -> u64 {
    u64::from(pid) << BITS | number.min(MOST)
}

/// The number of this process: another's counts for nothing.
fn of(tagged: u64, pid: u32) -> u64 {
    if tagged & !MOST == u64::from(pid) << BITS { tagged & MOST } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forked_child_begins_anew() {
        let parents = tagged(100, 7);
        assert_eq!((of(parents, 7), of(parents, 8)), (100, 0));
        let childs = tagged(of(parents, 8) + 30, 8);
        assert_eq!((of(childs, 7), of(childs, 8)), (0, 30));
    }

    #[test]
    fn the_first_threads_of_a_process_lose_nothing() {
        for _ in 0..200 {
            let tally = Tally::new();
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| tally.add(10));
                }
            });
            assert_eq!(tally.add(0), 40);
        }
    }

    #[test]
    fn never_falls_below_zero() {
        let tally = Tally::new();
        tally.add(1);
        tally.take_off(2);
        assert_eq!(tally.add(0), 0);
    }
}
