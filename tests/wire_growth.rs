//! What large answers cost in memory. How fast they are is measured in bench/.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

#[path = "support/corpus.rs"]
mod corpus;

use gitlab_kube::Limits;
use gitlab_kube::wire::{Builder, Document, Path, PluckStream};

#[test]
fn the_index_takes_sixteen_bytes_for_an_item() {
    let of = |items: usize| {
        let text = format!(r#"{{"items":[{}]}}"#, vec!["{}"; items].join(","));
        Document::parse(text.clone(), &Limits::default()).unwrap().heap_size() - text.len()
    };
    assert_eq!(of(50_000) - of(10_000), 40_000 * 16);
    assert!(of(0) < 512);
}

/// The one test here that looks at the whole process: it must not run beside another that holds much.
#[test]
fn large_lists_cost_little_more_than_themselves() {
    let pods =
        corpus::list(3, 200)["items"].as_array().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let pieces = || {
        ["{\"items\":["]
            .into_iter()
            .chain((0..250).flat_map(|_| [pods.as_str(), ","]))
            .chain(["{}],\"metadata\":{\"resourceVersion\":\"1\"}}"])
    };
    let size: usize = pieces().map(str::len).sum();

    let before = peak();
    let mut stream = PluckStream::new(&[Path::parse("metadata.name").unwrap()], &Limits::default());
    let rows: usize = pieces().map(|piece| stream.push(piece.as_bytes()).unwrap().len()).sum();
    assert_eq!((rows, stream.finish().unwrap().resource_version.as_deref()), (50_001, Some("1")));
    assert!(
        peak().saturating_sub(before) < 16 << 20,
        "plucked from a stream: {} bytes more",
        peak().saturating_sub(before)
    );

    let before = peak();
    let mut builder = Builder::new(&Limits::default());
    pieces().for_each(|piece| builder.push(piece.as_bytes()).unwrap());
    let document = builder.finish().unwrap();
    assert_eq!((document.items_len(), document.bytes().len()), (Some(50_001), size));
    let most = size / 10 * 13;
    assert!(
        size > 15 << 20 && peak().saturating_sub(before) < most,
        "{} for a document of {size}",
        peak().saturating_sub(before)
    );
}

/// The most memory this process ever held; the kernel's count is off by a few pages either way.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}
