//! What all whole bodies of this process may hold together while they arrive.

use super::tally::Tally;
use crate::error::{Error, Kind, Limit, Result};

/// Bodies that are being received at the same time; what has arrived belongs to the caller.
const BYTES: u64 = 512 << 20;

/// What each body has for nothing: however many large answers come, a small one is never refused for their sake.
const FREE: u64 = 1 << 20;

static IN_FLIGHT: Budget = Budget::new(BYTES, FREE);

/// A bounded sum.
#[derive(Debug)]
struct Budget {
    bytes: u64,
    free: u64,
    sum: Tally,
}

/// The part of one body; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: &'static Budget,
    bytes: u64,
    most: u64,
}

impl Budget {
    const fn new(bytes: u64, free: u64) -> Self {
        Self { bytes, free, sum: Tally::new() }
    }
}

impl Share {
    /// An empty part of this process's budget, for a body of at most `most` bytes: what one body is allowed must not fail alone.
    pub(crate) fn new(most: u64) -> Self {
        Self { budget: &IN_FLIGHT, bytes: 0, most }
    }

    /// Takes `more` bytes, or says that there are none left.
    pub(crate) fn take(&mut self, more: u64) -> Result<()> {
        let before = self.budget.sum.add(more);
        self.bytes += more;
        match before + more > self.budget.bytes.max(self.most) && self.bytes > self.budget.free {
            true => {
                Err(Error::new(Kind::Limit(Limit::Budget), "too many large answers at once").with_outcome_unknown(true))
            }
            false => Ok(()),
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.sum.take_off(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_bodies_are_never_refused() {
        static FULL: Budget = Budget::new(100, 10);
        let share = || Share { budget: &FULL, bytes: 0, most: 80 };
        let (mut large, mut small) = (share(), share());
        large.take(100).unwrap();
        small.take(10).unwrap();
        assert_eq!(small.take(1).unwrap_err().kind(), Kind::Limit(Limit::Budget));
    }

    #[test]
    fn gives_back_what_it_took_even_after_a_refusal() {
        static SMALL: Budget = Budget::new(100, 10);
        let share = || Share { budget: &SMALL, bytes: 0, most: 80 };
        let (mut one, mut two) = (share(), share());
        one.take(60).unwrap();
        assert_eq!(two.take(60).unwrap_err().kind(), Kind::Limit(Limit::Budget));
        drop(two);
        one.take(40).unwrap();
        drop(one);
        assert_eq!(SMALL.sum.add(0), 0);
        share().take(100).unwrap();
    }

    #[test]
    fn lets_one_body_have_what_it_is_allowed_and_no_other_beside_it() {
        static SMALL: Budget = Budget::new(100, 0);
        let mut large = Share { budget: &SMALL, bytes: 0, most: 150 };
        large.take(150).unwrap();
        let mut other = Share { budget: &SMALL, bytes: 0, most: 100 };
        assert_eq!(other.take(1).unwrap_err().kind(), Kind::Limit(Limit::Budget));
    }
}
