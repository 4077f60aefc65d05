//! Which answers are documents and which are not, and what is said then.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use gitlab_kube::error::{Kind, Limit};
use gitlab_kube::wire::frames::Lines;
use gitlab_kube::wire::{Builder, Document, NodeKind, Number, Path, PluckStream, pluck};
use gitlab_kube::{Limits, Result};

fn parse(bytes: impl AsRef<[u8]>) -> Result<Document> {
    Document::parse(bytes.as_ref().to_vec(), &Limits::default())
}

#[test]
fn refuses_what_is_not_json() {
    let marker = "MARKER";
    for bad in [
        "",
        " ",
        "\n",
        "{",
        "[",
        "\"",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "[1",
        "[1,",
        "\"abc",
        "\"abc\\",
        "\"\\u12",
        "tru",
        "-",
        "1.",
        "1e",
        "{\"items\":[",
        "{\"items\":[1",
        "{\"items\":[1]",
        "{\"items\":[{}",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "undefined",
        "'a'",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{,}",
        "{\"a\":1,}",
        "[,]",
        "[1,]",
        "[1,,2]",
        "[1 2]",
        "[1}",
        "{\"a\":1]",
        "]",
        "}",
        "{}}",
        "{} {}",
        "1 2",
        "[]x",
        "{\"a\":[}",
        "01",
        "+1",
        ".5",
        "1.e3",
        "0x10",
        "--1",
        "1e+",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "\"\u{0}\"",
        "\u{0}",
        "{}\u{0}",
        "\u{feff}{}",
        "// c\n{}",
        "{}/**/",
        "{\"items\":[1 2]}",
        "{\"items\":[1,]}",
        "{\"items\":[,1]}",
        "{\"items\":[1}]}",
        "{\"items\":[{]}]}",
        "{\"items\":[1]2}",
        "{\"items\":[1:2]}",
        "{\"items\":[\"a\"\"b\"]}",
        "{\"items\":[{}{}]}",
        "{\"items\":[{}1]}",
        "{\"items\":[1{}]}",
        "{\"items\":[1\"a\"]}",
        "{\"items\":[\\\"1\\\"]}",
        "{\"items\":[tru]}",
        "{\"items\":5[1]}",
        "{\"items\"::[1]}",
        "{\"items\":[1][2]}",
        "{\"items\" \"x\":[1]}",
        "{\"items\":[1],\"items\":[2]}",
        "{\"items\":null,\"items\":[2]}",
        "{\"items\":[1],\"it\\u0065ms\":2}",
        "{\"items\":[1]}x",
        "x{\"items\":[1]}",
        "{\"items\":[1]},{\"b\":2}",
        "{\"items\":nothing}",
        "{\"items\":[\\]}",
        "{\"a\":\\\"items\":[1]}",
        "MARKER",
        "[\"MARKER\", MARKER]",
        "{\"items\":[{\"MARKER\":MARKER}]}",
    ] {
        let error = parse(bad).expect_err(bad);
        assert_eq!(error.kind(), Kind::Parse, "{bad:?}");
        assert!(!format!("{error} {error:?}").contains(marker), "{bad:?} is quoted in {error}");
    }
}

#[test]
fn refuses_invalid_utf8_wherever_it_is() {
    for bad in [
        &b"\"\xff\""[..],
        b"\"\xc0\xaf\"",
        b"\"\xed\xa0\x80\"",
        b"{\"items\":[\"\xe2\x82\"]}",
        b"{\"\x80\":1,\"items\":[1]}",
        b"{\"items\":[1],\"a\":\"\xf5\"}",
        b"\xff\xfe{}",
    ] {
        assert_eq!(parse(bad).unwrap_err().kind(), Kind::Parse, "{bad:?}");
    }
}

#[test]
fn says_how_an_answer_is_incomplete() {
    for (cut, how) in [
        ("", "it is empty"),
        (" \n", "it ends too early"),
        ("{\"a", "it ends inside a string"),
        ("{\"items\":[{}", "it ends inside an object or array"),
        ("tru", "it ends too early"),
    ] {
        assert_eq!(parse(cut).unwrap_err().words(), format!("the answer is not complete JSON ({how})"));
    }
}

#[test]
fn every_cut_of_a_list_is_refused() {
    let whole =
        r#"{"kind":"List","metadata":{"resourceVersion":"5"},"items":[{"a":"\\\"é"},[1,2],-1.5e3,null]}"#.as_bytes();
    assert!(parse(whole).is_ok());
    for end in 0..whole.len() {
        assert_eq!(parse(&whole[..end]).unwrap_err().kind(), Kind::Parse, "cut at {end}");
    }
}

#[test]
fn finds_items() {
    for (text, items) in [
        (r#"{"items":[]}"#, Some(0)),
        (r#"{"items":null,"kind":"PodList"}"#, Some(0)),
        (r#" { "kind" : "List" , "items" : [ 1 , "]" , { } ] , "metadata" : { } } "#, Some(3)),
        (r#"{"it\u0065ms":[1]}"#, Some(1)),
        (r#"{"items":{"a":1}}"#, None),
        (r#"{"items":"[1]"}"#, None),
        (r#"{"data":{"items":[1]}}"#, None),
        (r#"["items",[1]]"#, None),
        (r#""items""#, None),
    ] {
        let document = parse(text).unwrap();
        assert_eq!((document.items_len(), document.is_list()), (items, items.is_some()), "{text}");
        assert!(document.item(items.unwrap_or(0)).is_none());
    }
}

#[test]
fn decodes_what_is_asked_for() {
    let document =
        parse(r#"{"a":{"b":[10,{"c":"d\n"},18446744073709551616],"t":true},"n":null,"\u0061\"":1.5,"a\\b":"x"}"#)
            .unwrap();
    let root = document.root();
    let list = root.get("a").unwrap().get("b").unwrap();
    assert_eq!((list.kind(), list.len(), list.index(0).unwrap().number()), (NodeKind::Array, 3, Some(Number::I64(10))));
    assert_eq!(list.index(1).unwrap().get("c").unwrap().text().as_deref(), Some("d\n"));
    assert_eq!(list.index(2).unwrap().number(), Some(Number::Big("18446744073709551616")));
    assert_eq!(root.get("a").unwrap().get("t").unwrap().boolean(), Some(true));
    assert!(
        root.get("n").unwrap().is_null()
            && root.get("x").is_none()
            && list.index(3).is_none()
            && list.get("a").is_none()
    );
    assert_eq!(
        root.members().into_iter().map(|(key, _)| key.into_owned()).collect::<Vec<_>>(),
        ["a", "n", "a\"", "a\\b"]
    );
    assert_eq!(root.get("a\"").unwrap().number(), Some(Number::F64(1.5)));
    assert_eq!(root.get("a\\b").unwrap().raw(), b"\"x\"");
    assert_eq!(list.elements().len(), 3);
}

#[test]
fn a_detached_part_does_not_hold_the_rest() {
    let document = parse(format!(r#"{{"items":[{{"name":"a"}},{{"name":"{}"}}]}}"#, "b".repeat(100_000))).unwrap();
    let part = document.item(0).unwrap().detach();
    assert_eq!((part.raw(), part.get("name").unwrap().text().as_deref()), (&br#"{"name":"a"}"#[..], Some("a")));
    assert!(part.document().heap_size() < 1000 && document.heap_size() > 100_000);
}

#[test]
fn shows_no_value_when_debugged() {
    let document = parse(r#"{"data":{"password":"MARKER"}}"#).unwrap();
    let table = pluck(&document, &[Path::parse("data.password").unwrap(), Path::parse("data").unwrap()]).unwrap();
    let mut builder = Builder::new(&Limits::default());
    let mut stream = PluckStream::new(&[], &Limits::default());
    let mut lines = Lines::new(100);
    (builder.push(b"MARKER"), stream.push(b"MARKER").unwrap(), lines.push(b"MARKER")).0.unwrap();
    let shown = format!("{:?} {document:?} {table:?} {builder:?} {stream:?} {lines:?}", document.root());
    assert!(shown.contains("Lines(6 bytes)") && !shown.contains("MARKER") && !shown.contains("[77, 65"), "{shown}");
}

#[test]
fn reads_the_deepest_allowed_and_refuses_the_next() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let in_item = |depth: usize| format!("{{\"items\":[{}]}}", nested(depth - 2));
    for text in [nested(64), in_item(64)] {
        assert!(parse(text).is_ok());
    }
    for text in [nested(65), in_item(65), nested(1_000_000), "[".repeat(1_000_000), "{\"a\":".repeat(100_000)] {
        assert_eq!(parse(text).unwrap_err().kind(), Kind::Limit(Limit::Depth));
    }
}

#[test]
fn limits_are_exact() {
    for at_most in [1, 7, 63, 64, 65, 127, 128, 129, 200, 1000] {
        let limits = Limits { string_bytes: at_most + 2, number_bytes: at_most, ..Limits::default() };
        for front in [0, 1, 30, 63, 64, 100] {
            for (shape, limit) in [("\"s\"", Limit::StringLength), ("n", Limit::NumberLength)] {
                let text = |len: usize| {
                    let value = shape.replace('s', &"s".repeat(len)).replace('n', &"1".repeat(len));
                    format!(r#"{{"i":{}[{{"b":[[{value},{value}]]}},{value},0]}}"#, " ".repeat(front))
                };
                assert!(Document::parse(text(at_most), &limits).is_ok(), "{limit:?} of {at_most} after {front}");
                assert_eq!(
                    Document::parse(text(at_most + 1), &limits).unwrap_err().kind(),
                    Kind::Limit(limit),
                    "{at_most} after {front}"
                );
            }
        }
    }
}

#[test]
fn counts_items_and_bytes() {
    let limits = Limits { items: 3, decoded_bytes: 40, ..Limits::default() };
    let kind = |text: &str| Document::parse(text.to_owned(), &limits).map(|_| ()).map_err(|error| error.kind());
    assert_eq!(kind(r#"{"items":[1,[2,2,2,2],3],"a":[4,5,6,7]}"#), Ok(()));
    assert_eq!(kind(r#"{"items":[1,2,3,4]}"#), Err(Kind::Limit(Limit::Items)));
    assert_eq!(kind(&format!("{:41}", "{}")), Err(Kind::Limit(Limit::DecodedBytes)));
}
