//! However an answer is cut on its way, it is the same document.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

#[path = "support/corpus.rs"]
mod corpus;

use gitlab_kube::error::{Kind, Limit};
use gitlab_kube::wire::{Builder, Document, Path, PluckStream};
use gitlab_kube::{Limits, Result};

fn build<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, limits: &Limits) -> Result<Document> {
    let mut builder = Builder::new(limits);
    pieces.into_iter().try_for_each(|piece| builder.push(piece))?;
    builder.finish()
}

/// All that the index says.
fn index(document: &Document) -> (bool, Vec<u8>, Vec<Vec<u8>>) {
    let items = (0..document.items_len().unwrap_or(0)).map(|i| document.item(i).unwrap().raw().to_vec()).collect();
    (document.is_list(), document.bytes().to_vec(), items)
}

#[test]
fn two_pieces_are_one_document_wherever_they_are_cut() {
    let limits = Limits::default();
    for text in corpus::by_hand() {
        let whole = index(&Document::parse(text.clone(), &limits).expect(&text));
        for at in 0..=text.len() {
            let (head, tail) = text.as_bytes().split_at(at);
            assert_eq!(index(&build([head, tail], &limits).unwrap()), whole, "{text} cut at {at}");
        }
    }
}

#[test]
fn pieces_of_any_size_are_one_document() {
    let limits = Limits::default();
    for text in corpus::by_hand() {
        let whole = index(&Document::parse(text.clone(), &limits).unwrap());
        for size in 1..=130 {
            assert_eq!(
                index(&build(text.as_bytes().chunks(size), &limits).unwrap()),
                whole,
                "{text} in pieces of {size}"
            );
        }
    }
}

#[test]
fn the_items_are_those_that_serde_json_finds() {
    for seed in 1..40 {
        let list = corpus::list(seed, 20);
        let text = if seed % 2 == 0 { list.to_string() } else { serde_json::to_string_pretty(&list).unwrap() };
        let document = build(text.as_bytes().chunks(seed as usize * 37), &Limits::default()).unwrap();
        let items = document.root().get("items").unwrap().elements();
        assert_eq!(items.len(), 20);
        for (i, item) in items.iter().enumerate() {
            let value: serde_json::Value = serde_json::from_slice(item.raw()).unwrap();
            assert_eq!(value, list["items"][i], "seed {seed}, item {i}");
        }
    }
}

#[test]
fn careful_and_hurried_reading_agree() {
    let careful = Limits { number_bytes: 127, ..Limits::default() };
    for seed in 1..20 {
        let text = corpus::list(seed, 10).to_string();
        let read = |limits| index(&build(text.as_bytes().chunks(1000), limits).unwrap());
        assert_eq!(read(&careful), read(&Limits::default()));
    }
}

#[test]
fn limits_are_noticed_before_the_answer_ends() {
    let limits = Limits { string_bytes: 1000, decoded_bytes: 1 << 20, items: 10, ..Limits::default() };
    for (endless, limit) in [
        ("\"aaaaaaaa", "a"),
        ("[1", "1"),
        ("{\"a\":[{\"b\":\"", "\\\""),
        ("{\"items\":[{\"b\":\"", "b"),
        ("{\"items\":[1", ",1"),
        ("[", "["),
        ("", " "),
    ]
    .map(|(head, more)| (head, more))
    {
        let mut builder = Builder::new(&limits);
        builder.push(endless.as_bytes()).unwrap();
        let pushes = (1..200_000).find(|_| builder.push(limit.repeat(10).as_bytes()).is_err()).expect("never noticed");
        assert!(pushes < 120 || (endless.is_empty() && pushes * 10 > 1 << 20), "{endless}: after {pushes} pushes");
        assert!(matches!(builder.finish().unwrap_err().kind(), Kind::Limit(_)), "the error stays");
    }
}

#[test]
fn a_bad_item_is_noticed_when_it_is_complete() {
    let mut builder = Builder::new(&Limits::default());
    builder.push(br#"{"items":[{"a":tru"#).unwrap();
    assert_eq!(builder.push(b"},").unwrap_err().kind(), Kind::Parse);
}

#[test]
fn a_promised_length_is_not_believed() {
    let mut builder = Builder::new(&Limits { decoded_bytes: u64::MAX, ..Limits::default() });
    builder.expect_len(u64::MAX).push(b"{}").unwrap();
    assert!(builder.finish().unwrap().heap_size() < 1000);
}

#[test]
fn a_stream_of_rows_is_the_same_however_it_is_cut() {
    let paths = ["metadata.name", "spec.containers[*].image", "status.extra", "spec.priority"]
        .map(|path| Path::parse(path).unwrap());
    let text = corpus::list(9, 6).to_string();
    let document = Document::parse(text.clone(), &Limits::default()).unwrap();
    let whole = show(gitlab_kube::wire::pluck(&document, &paths).unwrap().rows());
    for size in (1..200).chain([1000, text.len()]) {
        let mut stream = PluckStream::new(&paths, &Limits::default());
        let rows: Vec<_> = text.as_bytes().chunks(size).flat_map(|piece| stream.push(piece).unwrap()).collect();
        let tail = stream.finish().unwrap();
        assert_eq!(show(&rows), whole, "pieces of {size}");
        assert_eq!((tail.resource_version.as_deref(), tail.r#continue.as_deref()), (Some("77"), Some("next")));
    }
}

fn show(rows: &[gitlab_kube::wire::Row]) -> Vec<String> {
    rows.iter().map(|row| row.iter().map(corpus::shown).collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn a_stream_refuses_what_a_document_refuses() {
    let kind = |text: &str, limits: &Limits| {
        let mut stream = PluckStream::new(&[Path::parse("a").unwrap()], limits);
        let pushed: Result<Vec<_>> = text.as_bytes().chunks(7).map(|piece| stream.push(piece)).collect();
        pushed.and_then(|_| stream.finish()).map_err(|error| error.kind())
    };
    let limits = Limits { line_bytes: 200, ..Limits::default() };
    for bad in [
        "",
        "{}",
        "[1]",
        r#"{"items":[1}"#,
        r#"{"items":[tru],"a":1}"#,
        r#"{"items":[1]"#,
        r#"{"items":[1]}x"#,
        r#"{"items":[1],"items":[2]}"#,
        r#"{"items":[1],"a":}"#,
        r#"{"items":{}}"#,
        r#"{"items":"x"[1]:2}"#,
    ] {
        assert_eq!(kind(bad, &limits), Err(Kind::Parse), "{bad}");
    }
    for long in [
        format!(r#"{{"items":["{}"]}}"#, "a".repeat(200)),
        format!(r#"{{"items":[],"a":"{}"}}"#, "a".repeat(200)),
        format!(r#"{{"a":"{}"}}"#, "a".repeat(200)),
    ] {
        assert_eq!(kind(&long, &limits), Err(Kind::Limit(Limit::LineLength)), "{long}");
    }
    assert_eq!(kind(r#"{"metadata":{"continue":""},"items":null}"#, &limits), Ok(Default::default()));
    assert!(kind(&format!(r#"{{"items":[{}0]}}"#, "1,".repeat(10_000)), &limits).is_ok(), "only what is kept counts");
}
