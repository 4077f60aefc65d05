//! A message survives its round trip; no message, prefix or Status panics; a prefix costs two bytes and no more.
#![no_main]

use bytes::Bytes;
use gitlab_kube::exec::channels::{Prefixes, decode, encode};
use gitlab_kube::exec::exit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (size, channel, bytes) = (usize::from(input.0) + 1, input.1, input.2);
    let decoded = decode(encode(channel, bytes)).unwrap();
    assert_eq!(decoded, (channel, Bytes::copy_from_slice(bytes)));
    assert_eq!(decode(Bytes::copy_from_slice(bytes)).is_err(), bytes.is_empty());
    let mut prefixes = Prefixes::default();
    let stripped: Vec<u8> = bytes.chunks(size).flat_map(|piece| prefixes.strip(channel % 2, Bytes::copy_from_slice(piece))).collect();
    assert_eq!(stripped, bytes.get(2..).unwrap_or_default());
    let _ = exit::code(bytes);
});
