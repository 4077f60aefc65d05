//! Sixty-four bytes of JSON at a time, as bit masks: which bytes are quotes, inside strings, opening, closing.
//!
//! The method is simdjson's first stage (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, §3.1),
//! with the `wide` crate's vectors: no `unsafe`, any processor. Plain words instead took three times as long, and this
//! is where `pluck` and `get` spend their time.

use wide::u8x16;

/// How many bytes one block has.
pub(super) const BLOCK: usize = 64;

/// What stands where in one block; bit `i` is byte `i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Masks {
    /// Quotes that are not escaped: each begins or ends a string.
    pub quotes: u64,
    /// Bytes in strings, the opening quote included and the closing one not.
    pub inside: u64,
    /// `{` and `[` outside strings.
    pub opens: u64,
    /// `}` and `]` outside strings.
    pub closes: u64,
}

/// What one block has to know of the bytes before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Carry {
    inside: bool,
    escaped: bool,
}

impl Carry {
    /// Whether the next byte is in a string.
    pub fn inside(self) -> bool {
        self.inside
    }

    /// Reads the first `n` bytes of `block`; the others must be spaces.
    #[inline]
    pub fn read(&mut self, block: &[u8; BLOCK], n: usize) -> Masks {
        let raw = Raw::of(block);
        let (escaped, overflow) = escaped(raw.backslashes, self.escaped);
        let quotes = raw.quotes & !escaped;
        let inside = prefix_xor(quotes) ^ if self.inside { u64::MAX } else { 0 };
        self.inside = inside >> (BLOCK - 1) == 1;
        self.escaped = if n == BLOCK { overflow } else { escaped >> n & 1 == 1 };
        Masks { quotes, inside, opens: raw.opens & !inside, closes: raw.closes & !inside }
    }
}

/// The last bytes as a block, spaces after them.
pub(super) fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [b' '; BLOCK];
    block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    block
}

/// The bytes that follow an odd run of backslashes, and whether the first byte of the next block does.
#[inline]
fn escaped(backslashes: u64, first: bool) -> (u64, bool) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let first = u64::from(first);
    if backslashes == 0 {
        return (first, false);
    }
    let backslashes = backslashes & !first;
    let follows = backslashes << 1 | first;
    let (sequences, overflow) = (backslashes & !EVEN & !follows).overflowing_add(backslashes);
    ((EVEN ^ (sequences << 1)) & follows, overflow)
}

/// Bit `i` is the parity of the bits up to and including `i`.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// The four classes, before anything is known of strings.
struct Raw {
    quotes: u64,
    backslashes: u64,
    opens: u64,
    closes: u64,
}

impl Raw {
    #[inline]
    fn of(block: &[u8; BLOCK]) -> Self {
        let mut raw = Self { quotes: 0, backslashes: 0, opens: 0, closes: 0 };
        for (i, lane) in block.as_chunks::<16>().0.iter().enumerate() {
            let lane = u8x16::new(*lane);
            let folded = lane | u8x16::splat(0x20);
            raw.quotes |= equal(lane, b'"') << (16 * i);
            raw.backslashes |= equal(lane, b'\\') << (16 * i);
            raw.opens |= equal(folded, b'{') << (16 * i);
            raw.closes |= equal(folded, b'}') << (16 * i);
        }
        raw
    }
}

#[inline]
fn equal(lane: u8x16, byte: u8) -> u64 {
    u64::from(lane.simd_eq(u8x16::splat(byte)).to_bitmask() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, carry: &mut Carry) -> (String, Masks) {
        let mut block = [b' '; BLOCK];
        block[..text.len()].copy_from_slice(text.as_bytes());
        let masks = carry.read(&block, text.len());
        let inside = (0..text.len()).map(|i| if masks.inside >> i & 1 == 1 { 's' } else { '.' }).collect();
        (inside, masks)
    }

    #[test]
    fn knows_what_is_in_a_string() {
        let mut carry = Carry::default();
        assert_eq!(read(r#"{"a":"b\"}\\","#, &mut carry).0, ".ss..sssssss..");
        assert!(!carry.inside());
    }

    #[test]
    fn counts_brackets_outside_strings_only() {
        let (_, masks) = read(r#"[{"[{":"}]"}]"#, &mut Carry::default());
        assert_eq!((masks.opens, masks.closes), (0b11, 0b11 << 11));
    }

    #[test]
    fn carries_a_backslash_over_the_edge_wherever_it_is() {
        let text = r#""\\\"\\" "\\\\\"""#;
        let whole = read(text, &mut Carry::default()).0;
        for at in 0..text.len() {
            let mut carry = Carry::default();
            let head = read(&text[..at], &mut carry).0;
            assert_eq!(head + &read(&text[at..], &mut carry).0, whole, "cut at {at}");
        }
    }

    #[test]
    fn finds_every_byte_wherever_it_is_and_no_other() {
        for (byte, at) in (0..=255u8).flat_map(|byte| (0..BLOCK).map(move |at| (byte, at))) {
            let mut block = [byte ^ 0x80; BLOCK];
            block[at] = byte;
            let bit = |mask: u64, wanted: &[u8]| mask >> at & 1 == u64::from(wanted.contains(&byte));
            let raw = Raw::of(&block);
            assert!(bit(raw.quotes, b"\"") && bit(raw.backslashes, b"\\"), "{byte} at {at}");
            assert!(bit(raw.opens, b"{[") && bit(raw.closes, b"}]"), "{byte} at {at}");
        }
    }
}
