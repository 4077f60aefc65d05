//! Documents for the tests of `wire`: some by hand, and as many as wanted from a seed.

#![allow(dead_code, reason = "each test file uses a part of it")]

use serde_json::{Map, Value, json};

/// Valid documents with everything in them that has ever been read wrongly somewhere.
pub fn by_hand() -> Vec<String> {
    let long = "x".repeat(150);
    let deep = format!("{}1{}", r#"{"a":["#.repeat(20), "]}".repeat(20));
    let mut documents: Vec<String> = [
        "null", "0", "-12.5e-3", r#""text""#, "[]", "{}", " [ 1 , [ ] , { } ] ", r#"{"items":[]}"#, r#"{"items":null}"#,
        r#"{"items":{"a":[1]}}"#, r#"{"items":"[1,2]","a":[{"items":[1]}]}"#, r#"{"a":{"items":[1,2]},"b":1}"#, r#"["items",[1]]"#,
        r#"{"items":[1,"two",null,true,[3],{"four":4}],"kind":"List"}"#, r#"{"it\u0065ms":[{"a":1},{"b":2}]}"#,
        "{ \"kind\" : \"List\" ,\r\n\t\"items\" : [ { \"a\" : \"b\" } , 1 , 22 ] , \"metadata\" : { \"items\" : [ 5 ] } }\n",
        r#"{"items":[{"a":"}]\"\\"},{"b":"\\\\\""},{"c":"\\"}],"x":"\"items\":[1]"}"#, r#"{"a":1,"a":2,"b":{"c":3,"c":[4]}}"#,
        r#"{"n":[18446744073709551615,18446744073709551616,-9223372036854775809,1e999,0.1,-0],"s":"\ud83d\ude00 \ud83d \u0000"}"#,
    ]
    .map(str::to_owned)
    .to_vec();
    documents.push(format!(r#"{{"items":[{{"name":"{long}"}},"{long}",{deep},"{}"],"end":"\\"}}"#, "\\\"".repeat(70)));
    documents
        .push(format!(r#"{{"items":[{}{}]}}"#, r#"{"a":{"b":[]}},"#.repeat(30), " ".repeat(130)).replace(", ", " "));
    documents.push(list(1, 3).to_string());
    documents
}

/// A list of objects that look like pods, the same for the same seed.
pub fn list(seed: u64, items: usize) -> Value {
    let mut random = Random::new(seed);
    let items: Vec<Value> = (0..items).map(|i| pod(&mut random, i)).collect();
    json!({"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "77", "continue": "next"}, "items": items})
}

fn pod(random: &mut Random, i: usize) -> Value {
    let phase = ["Running", "Pending", "Succeeded"][random.below(3)];
    let containers: Vec<Value> =
        (0..1 + random.below(3)).map(|c| json!({"name": format!("c{c}"), "image": random.text()})).collect();
    let extra = random.value(3);
    json!({"metadata": {"name": format!("pod-{i}"), "annotations": {"a.b/c": random.text(), "last": extra.to_string()}},
           "spec": {"containers": containers, "priority": random.number()}, "status": {"phase": phase, "extra": extra}})
}

/// A xorshift generator: repeatable, and no dependency.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1) // small seeds are spread, and it never stands still at zero
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    pub fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => self.number(),
            3 | 4 => Value::String(self.text()),
            5 => (0..self.below(5)).map(|_| self.value(depth - 1)).collect(),
            _ => Value::Object((0..self.below(5)).map(|_| (self.text(), self.value(depth - 1))).collect::<Map<_, _>>()),
        }
    }

    pub fn number(&mut self) -> Value {
        match self.below(4) {
            0 => json!(self.below(1000)),
            1 => json!(-(self.below(usize::MAX >> 1) as i64)),
            2 => json!(self.0 | 1 << 63),
            _ => json!(self.below(1 << 30) as f64 / 4.0),
        }
    }

    pub fn text(&mut self) -> String {
        const PARTS: [&str; 12] =
            ["a", "\"", "\\", "é", "😀", "{", "]", "\n", "\0", "items", ",:", "plain words of some length"];
        (0..self.below(9)).map(|_| PARTS[self.below(PARTS.len())]).collect()
    }
}

/// A cell as text, for comparing.
pub fn shown(cell: &gitlab_kube::wire::Cell) -> String {
    use gitlab_kube::wire::Cell;
    match cell {
        Cell::Str(text) => format!("{:?}", &**text),
        Cell::List(cells) => format!("[{}]", cells.iter().map(shown).collect::<Vec<_>>().join(",")),
        Cell::Json(node) => String::from_utf8_lossy(node.raw()).into_owned(),
        other => format!("{other:?}"),
    }
}
