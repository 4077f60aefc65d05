//! Lines are those that `split` finds, in whatever pieces they came, and an event never panics.
#![no_main]

use gitlab_kube::Limits;
use gitlab_kube::wire::frames::{Lines, WatchEvent};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (size, limit, bytes) = (usize::from(input.0) + 1, usize::from(input.1), input.2);
    let mut lines = Lines::new(limit);
    let mut got = Vec::new();
    let mut refused = false;
    for piece in bytes.chunks(size) {
        lines.push(piece);
        while let Some(line) = lines.next_line() {
            match line {
                Ok(line) => got.push(line.to_vec()),
                Err(_) => assert!(!std::mem::replace(&mut refused, true), "an error comes once"),
            }
        }
    }
    let mut expected: Vec<_> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let long = expected.iter().position(|line| line.len() > limit);
    assert_eq!(refused, long.is_some());
    let rest = expected.pop().unwrap_or_default();
    expected.truncate(long.unwrap_or(usize::MAX));
    assert_eq!(got, expected);
    if !refused {
        assert_eq!(lines.finish().is_ok(), rest.is_empty());
        assert_eq!(lines.rest().map(|rest| rest.to_vec()).unwrap_or_default(), rest);
    }
    for line in got {
        if let Ok(event) = WatchEvent::parse(line, &Limits::default()) {
            assert!(event.object.raw().starts_with(b"{"));
        }
    }
});
