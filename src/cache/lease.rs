//! Leases: one holder per key, for a time that ends by itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Proof of holding a lease; no two are equal in one process.
pub type Token = u64;

/// Who holds which key, until when. A holder that dies without releasing keeps its key no longer than it asked for.
#[derive(Debug, Default)]
pub struct Leases(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    by_key: HashMap<Box<[u8]>, Lease>,
    last_token: Token,
    sweep_at: usize,
}

#[derive(Debug)]
struct Lease {
    token: Token,
    until: Instant,
}

impl Leases {
    /// Takes `key` for `timeout`, unless somebody holds it.
    pub fn obtain(&self, key: &[u8], timeout: Duration) -> Option<Token> {
        let now = Instant::now();
        let until = now.checked_add(timeout)?;
        let mut held = self.lock();
        if held.by_key.get(key).is_some_and(|lease| lease.until > now) {
            return None;
        }
        held.sweep(now);
        held.last_token += 1;
        let token = held.last_token;
        held.by_key.insert(key.into(), Lease { token, until });
        Some(token)
    }

    /// Starts the time of `key` anew for its holder; one whose time had ended does not get it back.
    pub fn renew(&self, key: &[u8], token: Token, timeout: Duration) -> bool {
        let now = Instant::now();
        let Some(until) = now.checked_add(timeout) else { return false };
        let mut held = self.lock();
        let ours = held.by_key.get_mut(key).filter(|lease| lease.token == token && lease.until > now);
        ours.map(|lease| lease.until = until).is_some()
    }

    /// Gives `key` back; a holder whose time had ended gives nothing back.
    pub fn release(&self, key: &[u8], token: Token) -> bool {
        let mut held = self.lock();
        let ours = held.by_key.get(key).is_some_and(|lease| lease.token == token);
        if ours {
            held.by_key.remove(key);
        }
        ours
    }

    // A thread that panicked with the lock cannot have left the map half changed: no call of ours panics in between.
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    // Leases that nobody released would otherwise stay for ever; sweeping at each doubling keeps obtaining O(1) on average.
    fn sweep(&mut self, now: Instant) {
        if self.by_key.len() < self.sweep_at.max(64) {
            return;
        }
        self.by_key.retain(|_, lease| lease.until > now);
        self.sweep_at = self.by_key.len() * 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn has_one_holder_however_many_ask() {
        let leases = Leases::default();
        let won: usize = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..32).map(|_| scope.spawn(|| usize::from(leases.obtain(b"k", LONG).is_some()))).collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(won, 1);
    }

    #[test]
    fn is_free_again_once_released() {
        let leases = Leases::default();
        let token = leases.obtain(b"k", LONG).unwrap();
        assert!(leases.release(b"k", token));
        assert!(leases.obtain(b"k", LONG).is_some());
    }

    #[test]
    fn ends_by_itself_and_the_late_holder_cannot_release_its_successor() {
        let leases = Leases::default();
        let late = leases.obtain(b"k", Duration::ZERO).unwrap();
        let successor = leases.obtain(b"k", LONG).unwrap();
        assert!(!leases.release(b"k", late));
        assert!(leases.obtain(b"k", LONG).is_none());
        assert!(leases.release(b"k", successor));
    }

    #[test]
    fn lasts_longer_once_renewed_and_is_not_renewed_after_its_end() {
        let leases = Leases::default();
        let token = leases.obtain(b"k", LONG).unwrap();
        assert!(leases.renew(b"k", token, Duration::ZERO));
        assert!(!leases.renew(b"k", token, LONG));
        let successor = leases.obtain(b"k", LONG).unwrap();
        assert!(!leases.renew(b"k", token, LONG));
        assert!(leases.renew(b"k", successor, LONG));
        assert!(!leases.renew(b"none", successor, LONG));
    }

    #[test]
    fn forgets_leases_nobody_released() {
        let leases = Leases::default();
        for n in 0..10_000_u32 {
            leases.obtain(&n.to_be_bytes(), Duration::ZERO);
        }
        assert!(leases.lock().by_key.len() < 200);
    }
}
