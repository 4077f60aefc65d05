//! What paths find.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

#[path = "support/corpus.rs"]
mod corpus;

use gitlab_kube::Limits;
use gitlab_kube::wire::{Cell, Document, Path, Table, pluck};

fn table(text: &str, paths: &[&str]) -> Table {
    let paths: Vec<Path> = paths.iter().map(|path| Path::parse(path).unwrap()).collect();
    pluck(&Document::parse(text.to_owned(), &Limits::default()).unwrap(), &paths).unwrap()
}

fn cells(text: &str, paths: &[&str]) -> Vec<String> {
    table(text, paths).rows().iter().flat_map(|row| row.iter().map(corpus::shown).collect::<Vec<_>>()).collect()
}

#[test]
fn finds_one_cell_for_each_path() {
    let object = r#"{"a":{"b":1,"c":{"d":"x"}},"l":[{"n":"p","t":[1,2]},{"n":null,"t":[3]},{}],"k.l":true,"e":[],"f":1.5,"u":18446744073709551615,"g":99999999999999999999}"#;
    for (path, found) in [
        ("a.b", "I64(1)"),
        ("a.c", r#"{"d":"x"}"#),
        ("a.c.d", r#""x""#),
        ("a.b.c", "Null"),
        ("x", "Null"),
        ("['k.l']", "Bool(true)"),
        ("f", "F64(1.5)"),
        ("u", "U64(18446744073709551615)"),
        ("g", r#"Big("99999999999999999999")"#),
        ("l[*].n", r#"["p",Null,Null]"#),
        ("l[*].t[*]", "[[I64(1),I64(2)],[I64(3)],Null]"),
        ("l[0].n", r#""p""#),
        ("l[1].t[0]", "I64(3)"),
        ("l[9].n", "Null"),
        ("l[*]", r#"[{"n":"p","t":[1,2]},{"n":null,"t":[3]},{}]"#),
        ("l[*].t[1]", "[I64(2),Null,Null]"),
        ("e", "[]"),
        ("e[*]", "[]"),
        ("e[0]", "Null"),
        ("a[*]", "Null"),
        ("a[0]", "Null"),
        ("l.n", "Null"),
        ("f.x", "Null"),
    ] {
        assert_eq!(cells(object, &[path]), [found], "{path}");
    }
}

#[test]
fn paths_that_share_their_beginning_do_not_disturb_each_other() {
    let object = r#"{"a":{"b":{"c":1,"d":[{"e":2},{"e":3}]}}}"#;
    let paths = ["a.b.c", "a.b", "a.b.d[*].e", "a.b.d[1].e", "a.b.d[*]", "a.b.c", "a.x"];
    let found = [
        "I64(1)",
        r#"{"c":1,"d":[{"e":2},{"e":3}]}"#,
        "[I64(2),I64(3)]",
        "I64(3)",
        r#"[{"e":2},{"e":3}]"#,
        "I64(1)",
        "Null",
    ];
    assert_eq!(cells(object, &paths), found);
}

#[test]
fn of_two_members_the_last_counts_as_it_does_for_get() {
    assert_eq!(cells(r#"{"a":{"b":1,"c":[1]},"a":{"x":2}}"#, &["a.b", "a.c[*]", "a.x"]), ["Null", "Null", "I64(2)"]);
    assert_eq!(cells(r#"{"a":[1],"a":null}"#, &["a[*]", "a"]), ["Null", "Null"]);
}

#[test]
fn gives_a_row_for_each_item() {
    assert_eq!(cells(r#"{"items":[{"a":1},{"a":"x"},3,null],"a":9}"#, &["a"]), ["I64(1)", r#""x""#, "Null", "Null"]);
    assert!(cells(r#"{"items":null}"#, &["a"]).is_empty());
    assert_eq!(table(r#"{"items":[{},{}]}"#, &[]).rows().len(), 2);
}

#[test]
fn finds_in_a_list_what_serde_json_finds() {
    for seed in 1..30 {
        let list = corpus::list(seed, 10);
        let table = table(
            &list.to_string(),
            &["metadata.name", "metadata.annotations['a.b/c']", "spec.containers[*].image", "status.phase"],
        );
        for (row, item) in table.rows().iter().zip(list["items"].as_array().unwrap()) {
            let images = item["spec"]["containers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|container| format!("{:?}", container["image"].as_str().unwrap()));
            let images = format!("[{}]", images.collect::<Vec<_>>().join(","));
            let text = |value: &serde_json::Value| format!("{:?}", value.as_str().unwrap());
            let expected = [
                text(&item["metadata"]["name"]),
                text(&item["metadata"]["annotations"]["a.b/c"]),
                images,
                text(&item["status"]["phase"]),
            ];
            assert_eq!(row.iter().map(corpus::shown).collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn equal_words_have_one_id() {
    let table = table(r#"{"items":[{"p":"Running"},{"p":"Pending"},{"p":"Running"}]}"#, &["p"]);
    let ids: Vec<_> =
        table.rows().iter().map(|row| if let Cell::Str(text) = &row[0] { text.id() } else { None }).collect();
    assert!(ids[0].is_some() && ids[0] == ids[2] && ids[0] != ids[1]);
}
