//! Plucking from a stream in any pieces gives what plucking from the document gives, and that is what `get` gives.
#![no_main]

use gitlab_kube::Limits;
use gitlab_kube::wire::{Cell, Document, Path, PluckStream, Row, pluck};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str, &[u8])| {
    let (size, path, bytes) = (usize::from(input.0) + 1, input.1, input.2);
    let mut paths = ["a", "a.b", "a[*].b", "a[*]", "a[1]", "b['c.d'][0][*]"]
        .map(|path| Path::parse(path).expect("it is one"))
        .to_vec();
    paths.extend(Path::parse(path));
    let limits = Limits::default();
    let document = Document::parse(bytes.to_vec(), &limits);
    let mut stream = PluckStream::new(&paths, &limits);
    let mut rows = Vec::new();
    let streamed = bytes.chunks(size).try_for_each(|piece| stream.push(piece).map(|more| rows.extend(more)));
    let streamed = streamed.and_then(|()| stream.finish());
    let Ok(document) = document else {
        return assert!(streamed.is_err(), "the stream took what the document refused");
    };
    let table = pluck(&document, &paths).expect("a document can be plucked");
    assert_eq!(streamed.is_ok(), document.is_list());
    if document.is_list() {
        assert_eq!(shown(&rows), shown(table.rows()));
    } else {
        let found = document.root().get("a").and_then(|a| a.get("b")).map(|b| b.raw().to_vec());
        assert_eq!(matches!(table.rows()[0][1], Cell::Null), found.is_none_or(|raw| raw == b"null"));
    }
});

fn shown(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn cell(cell_: &Cell) -> String {
    match cell_ {
        Cell::Str(text) => format!("{:?}", &**text),
        Cell::List(cells) => format!("[{}]", cells.iter().map(cell).collect::<Vec<_>>().join(",")),
        Cell::Json(node) => String::from_utf8_lossy(node.raw()).into_owned(),
        other => format!("{other:?}"),
    }
}
