//! Bytes by key, each with its own lifetime, bounded in bytes all together.

use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

/// A generous guess at what moka keeps beside the bytes of one entry (its node, two queue links, a timer, the buckets).
const OVERHEAD: usize = 256;

/// One entry may take this part of the capacity, so that one value cannot push everything else out.
const LARGEST: u64 = 4;

/// The embedded store. Threads share it by reference; an entry leaves when its lifetime ends, or when the bytes are needed
/// for others (the one longest unused first).
#[derive(Debug)]
pub struct Store {
    entries: Cache<Vec<u8>, Entry>,
    capacity: u64,
}

/// The value is larger than the store takes; what was there stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

#[derive(Clone, Debug)]
struct Entry {
    bytes: Bytes,
    lifetime: Duration,
}

impl Store {
    /// A store that holds at most `capacity` bytes: keys, values and what it takes to keep them.
    pub fn new(capacity: u64) -> Self {
        let entries = Cache::builder()
            .max_capacity(capacity)
            .weigher(|key: &Vec<u8>, entry: &Entry| u32::try_from(weight(key, &entry.bytes)).unwrap_or(u32::MAX))
            // The default policy may refuse a new entry in favour of a popular one: then a cold key would never become warm.
            .eviction_policy(EvictionPolicy::lru())
            .expire_after(Lifetimes)
            .build();
        Self { entries, capacity }
    }

    /// The bytes of `key`, while they live.
    pub fn read(&self, key: &[u8]) -> Option<Bytes> {
        self.entries.get(key).map(|entry| entry.bytes)
    }

    /// Puts `bytes` in the place of whatever `key` had.
    pub fn write(&self, key: &[u8], bytes: Bytes, lifetime: Duration) -> Result<(), TooLarge> {
        self.fits(key, &bytes)?;
        self.entries.insert(key.to_vec(), Entry { bytes, lifetime });
        self.entries.run_pending_tasks(); // now, not some writes later: large values wait for nobody
        Ok(())
    }

    /// Puts `bytes` only where `key` has none; of many callers at once, one gets `true`.
    pub fn add(&self, key: &[u8], bytes: Bytes, lifetime: Duration) -> Result<bool, TooLarge> {
        self.fits(key, &bytes)?;
        Ok(self.entries.entry_by_ref(key).or_insert_with(|| Entry { bytes, lifetime }).is_fresh())
    }

    /// Starts the lifetime of `key` anew, if it still has these `bytes`.
    pub fn extend(&self, key: &[u8], bytes: &[u8], lifetime: Duration) -> bool {
        let result =
            self.entries.entry_by_ref(key).and_compute_with(|entry| match entry.map(moka::Entry::into_value) {
                Some(entry) if entry.bytes == bytes => Op::Put(Entry { lifetime, ..entry }),
                _ => Op::Nop,
            });
        matches!(result, CompResult::ReplacedWith(_))
    }

    /// Forgets `key`.
    pub fn delete(&self, key: &[u8]) {
        self.entries.invalidate(key);
    }

    /// Bytes held now, overhead included.
    pub fn weight(&self) -> u64 {
        self.entries.run_pending_tasks();
        self.entries.weighted_size()
    }

    fn fits(&self, key: &[u8], bytes: &[u8]) -> Result<(), TooLarge> {
        let weight = u64::try_from(weight(key, bytes)).unwrap_or(u64::MAX);
        if weight > self.capacity / LARGEST { Err(TooLarge) } else { Ok(()) }
    }
}

fn weight(key: &[u8], bytes: &[u8]) -> usize {
    key.len().saturating_add(bytes.len()).saturating_add(OVERHEAD)
}

/// An entry says itself how long it lives, counted from its last write.
struct Lifetimes;

impl Expiry<Vec<u8>, Entry> for Lifetimes {
    fn expire_after_create(&self, _: &Vec<u8>, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.lifetime)
    }

    fn expire_after_update(&self, _: &Vec<u8>, entry: &Entry, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(entry.lifetime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::sleep;

    const LONG: Duration = Duration::from_secs(3600);
    const SHORT: Duration = Duration::from_millis(20);

    fn store() -> Store {
        Store::new(1 << 20)
    }

    #[test]
    fn gives_back_the_bytes_it_was_given() {
        let store = store();
        store.write(b"k", Bytes::from_static(b"\x00\xffv"), LONG).unwrap();
        assert_eq!(store.read(b"k").as_deref(), Some(&b"\x00\xffv"[..]));
        store.delete(b"k");
        assert_eq!(store.read(b"k"), None);
    }

    #[test]
    fn forgets_an_entry_when_its_lifetime_ends() {
        let store = store();
        store.write(b"short", Bytes::from_static(b"v"), SHORT).unwrap();
        store.write(b"long", Bytes::from_static(b"v"), LONG).unwrap();
        sleep(SHORT * 2);
        assert_eq!(store.read(b"short"), None);
        assert!(store.read(b"long").is_some());
    }

    #[test]
    fn adds_once_however_many_ask() {
        let store = store();
        let won: usize = std::thread::scope(|scope| {
            let add = || usize::from(store.add(b"k", Bytes::from_static(b"v"), LONG).unwrap());
            let threads: Vec<_> = (0..32).map(|_| scope.spawn(add)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(won, 1);
    }

    #[test]
    fn adds_again_after_the_end() {
        let store = store();
        assert!(store.add(b"k", Bytes::from_static(b"v"), SHORT).unwrap());
        sleep(SHORT * 2);
        assert!(store.add(b"k", Bytes::from_static(b"w"), LONG).unwrap());
        assert_eq!(store.read(b"k").as_deref(), Some(&b"w"[..]));
    }

    #[test]
    fn extends_only_the_bytes_it_is_told() {
        let store = store();
        assert!(!store.extend(b"k", b"v", LONG), "nothing to extend");
        store.write(b"k", Bytes::from_static(b"v"), LONG).unwrap();
        assert!(!store.extend(b"k", b"other", SHORT));
        sleep(SHORT * 2);
        assert_eq!(store.read(b"k").as_deref(), Some(&b"v"[..]));
        assert!(store.extend(b"k", b"v", SHORT));
        sleep(SHORT * 2);
        assert_eq!(store.read(b"k"), None);
    }

    /// Asked of moka's question: an extension that came too late for a short lifetime would be none.
    #[test]
    fn a_new_lifetime_is_not_cut_short_by_the_one_before() {
        let entry = Entry { bytes: Bytes::from_static(b"v"), lifetime: LONG };
        let lifetime = Lifetimes.expire_after_update(&b"k".to_vec(), &entry, Instant::now(), Some(SHORT));
        assert_eq!(lifetime, Some(LONG));
    }

    #[test]
    fn a_write_takes_the_lifetime_it_names_and_not_the_one_before() {
        let store = store();
        store.write(b"k", Bytes::from_static(b"v"), LONG).unwrap();
        store.write(b"k", Bytes::from_static(b"v"), SHORT).unwrap();
        sleep(SHORT * 2);
        assert_eq!(store.read(b"k"), None);
    }

    #[test]
    fn stays_within_its_bytes_and_drops_what_was_longest_unused() {
        let store = store();
        for n in 0..100_u8 {
            store.write(&[n], Bytes::from(vec![n; 100_000]), LONG).unwrap();
            assert!(store.weight() <= 1 << 20);
        }
        assert_eq!(store.read(&[0]), None);
        assert_eq!(store.read(&[99]).map(|b| b.len()), Some(100_000));
    }

    #[test]
    fn refuses_a_value_that_would_push_the_others_out() {
        let store = store();
        store.write(b"k", Bytes::from_static(b"v"), LONG).unwrap();
        assert_eq!(store.write(b"k", Bytes::from(vec![0; 300_000]), LONG), Err(TooLarge));
        assert_eq!(store.read(b"k").as_deref(), Some(&b"v"[..]));
    }

    #[test]
    fn a_lifetime_of_nothing_is_over_at_once() {
        let store = store();
        store.write(b"k", Bytes::from_static(b"v"), Duration::ZERO).unwrap();
        sleep(Duration::from_millis(2));
        assert_eq!(store.read(b"k"), None);
    }
}
