//! How much may come: bytes on the wire, bytes after decompression, and how far apart the two may be.

use crate::error::{Error, Kind, Limit, Result};
use crate::limits::Limits;

/// Counts one body.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    wire: u64,
    decoded: u64,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { limits: limits.clone(), wire: 0, decoded: 0 }
    }

    /// So many bytes have come over the wire in all.
    pub(crate) fn wire(&mut self, total: u64) -> Result<()> {
        self.wire = total;
        match total > self.limits.wire_bytes {
            true => Err(crossed(Limit::WireBytes, "the answer is larger than is allowed on the wire")),
            false => Ok(()),
        }
    }

    /// `more` bytes have come out of the decompressor.
    pub(crate) fn decoded(&mut self, more: u64) -> Result<()> {
        self.decoded += more;
        if self.decoded > self.limits.decoded_bytes {
            return Err(crossed(Limit::DecodedBytes, "the answer is larger than is allowed"));
        }
        if self.decoded > self.limits.ratio_after && self.decoded / self.wire.max(1) > self.limits.ratio {
            return Err(crossed(Limit::Ratio, "the answer is compressed more than an honest one would be"));
        }
        Ok(())
    }
}

fn crossed(limit: Limit, words: &'static str) -> Error {
    Error::new(Kind::Limit(limit), words).with_outcome_unknown(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(result: Result<()>) -> Option<Kind> {
        result.err().map(|error| error.kind())
    }

    #[test]
    fn stops_at_the_byte_after_the_last_allowed_one() {
        let mut meter = Meter::new(&Limits { wire_bytes: 10, decoded_bytes: 20, ..Limits::default() });
        assert_eq!(kind(meter.wire(10)), None);
        assert_eq!(kind(meter.wire(11)), Some(Kind::Limit(Limit::WireBytes)));
        assert_eq!(kind(meter.decoded(20)), None);
        assert_eq!(kind(meter.decoded(1)), Some(Kind::Limit(Limit::DecodedBytes)));
    }

    #[test]
    fn asks_for_the_ratio_only_after_the_free_bytes() {
        let mut meter = Meter::new(&Limits { ratio: 2, ratio_after: 100, ..Limits::default() });
        meter.wire(10).unwrap();
        assert_eq!(kind(meter.decoded(100)), None);
        assert_eq!(kind(meter.decoded(1)), Some(Kind::Limit(Limit::Ratio)));
    }
}
