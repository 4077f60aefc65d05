//! How much may come: of headers, out of a body, and how far apart that may be from what came over the wire.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use crate::error::{Error, Kind, Limit, Result};
use crate::limits::Limits;

/// Counts one body.
#[derive(Debug)]
pub(crate) struct Meter {
    most: u64,
    ratio: u64,
    ratio_after: u64,
    decoded: u64,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { most: limits.decoded_bytes, ratio: limits.ratio, ratio_after: limits.ratio_after, decoded: 0 }
    }

    /// Whether more than `bytes` have come out.
    pub(crate) fn is_over(&self, bytes: u64) -> bool {
        self.decoded > bytes
    }

    /// `more` bytes have come out, of `wire` bytes in all.
    pub(crate) fn decoded(&mut self, more: u64, wire: u64) -> Result<()> {
        self.decoded += more;
        if self.decoded > self.most {
            return Err(crossed(Limit::DecodedBytes, "the answer is larger than is allowed"));
        }
        if self.decoded > self.ratio_after && self.decoded / wire.max(1) > self.ratio {
            return Err(crossed(Limit::Ratio, "the answer is compressed more than an honest one would be"));
        }
        Ok(())
    }
}

/// Whether a head keeps to `bytes`, counted as HTTP/2 counts (RFC 9113 §10.5.1).
///
/// hyper has stopped reading where an HTTP/1.1 head was larger. h2 does so at four times as much, because it does not say
/// why it stopped.
pub(crate) fn head(headers: &HeaderMap, bytes: usize) -> Result<()> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum();
    match size > bytes {
        true => Err(crossed(Limit::Headers, "the server sent more headers than are allowed")),
        false => Ok(()),
    }
}

/// Whether a head says in one way only how long its body is. With two, whoever reads one of them sees another end than whoever reads
/// the other: RFC 9112 §6.3 calls it a sign of smuggling, and an error.
pub(crate) fn one_length(headers: &HeaderMap) -> Result<()> {
    match headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        true => Err(Error::new(Kind::Parse, "the server's answer has two lengths").with_outcome_unknown(true)),
        false => Ok(()),
    }
}

/// A limit that the answer crossed; the request was heard.
pub(crate) fn crossed(limit: Limit, words: &'static str) -> Error {
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
        let mut meter = Meter::new(&Limits { decoded_bytes: 20, ..Limits::default() });
        assert_eq!(kind(meter.decoded(20, 20)), None);
        assert_eq!(kind(meter.decoded(1, 21)), Some(Kind::Limit(Limit::DecodedBytes)));
    }

    #[test]
    fn asks_for_the_ratio_only_after_the_free_bytes() {
        let mut meter = Meter::new(&Limits { ratio: 2, ratio_after: 100, ..Limits::default() });
        assert_eq!(kind(meter.decoded(100, 10)), None);
        assert_eq!(kind(meter.decoded(1, 10)), Some(Kind::Limit(Limit::Ratio)));
        assert_eq!(kind(meter.decoded(1, 50)), None);
    }
}
