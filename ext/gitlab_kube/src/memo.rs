//! The keys met last, as they are written, and the Ruby value of each.

use magnus::{IntoValue, Ruby, Value};

/// A pod has some two hundred different keys; fewer places than this and they would keep driving each other out.
const PLACES: usize = 2048;

/// A place for each hash; who comes later takes it over. It lives on the machine stack, where the GC sees its values.
pub struct Memo<'a> {
    keys: Vec<&'a [u8]>,
    values: [Value; PLACES],
}

impl<'a> Memo<'a> {
    pub fn new(ruby: &Ruby) -> Self {
        Self { keys: vec![b""; PLACES], values: [ruby.qnil().into_value_with(ruby); PLACES] }
    }

    /// The value that was put for this key, if it is still there. A key has at least its quotes: none is like an empty place.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        let place = place(key);
        (self.keys[place] == key).then(|| self.values[place])
    }

    pub fn put(&mut self, key: &'a [u8], value: Value) {
        let place = place(key);
        (self.keys[place], self.values[place]) = (key, value);
    }
}

/// Of the words at both ends and the length: keys in Kubernetes differ there, and two in one place cost no more than a String each.
#[inline]
fn place(bytes: &[u8]) -> usize {
    let word = |word: Option<&[u8; 8]>| word.map(|word| u64::from_le_bytes(*word));
    let (first, last) = match (word(bytes.first_chunk()), word(bytes.last_chunk())) {
        (Some(first), Some(last)) => (first, last),
        _ => (bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 0),
    };
    let mixed = (first ^ last.rotate_left(23) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as usize % PLACES
}
