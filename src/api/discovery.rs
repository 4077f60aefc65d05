//! What a group version serves, from its discovery document.

use std::collections::HashMap;
use std::sync::Arc;

use crate::api::few::Few;
use crate::api::naming::{MethodNames, method_names};
use crate::error::{Error, Kind, Limit, Result};

/// What a discovery answer may weigh, and how many resources and verbs of one it may have. The largest known groups of custom
/// resources have some hundreds of kinds. It is kept for minutes, so it must be small however a server lies.
const BYTES: usize = 4 << 20;
const RESOURCES: usize = 10_000;
const VERBS: usize = 32;

/// One kind that a server offers.
#[derive(Clone, Debug)]
pub struct Entity {
    /// `Pod`.
    pub kind: String,
    /// `pods`: what stands in the path.
    pub resource: String,
    /// Whether its objects live in namespaces, as far as the server said.
    pub namespaced: bool,
    /// What the server says can be done (`get`, `list`, …); empty when it did not say.
    pub verbs: Vec<String>,
    /// Method names, in both spellings.
    pub names: Vec<MethodNames>,
}

/// Which of its names a method used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// `get_pod`.
    Singular,
    /// `get_pods`.
    Plural,
    /// Either: some kinds have one name for both, such as `PodChaos` at `podchaos`.
    Both,
}

/// All kinds of one group version, found by method name or by resource.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    entities: Vec<Arc<Entity>>,
    by_name: HashMap<String, (usize, Number)>,
    subresources: Vec<String>,
}

/// The parts of `metav1.APIResourceList` that are looked at; servers, and specs, leave out much of it.
#[derive(serde::Deserialize)]
struct List {
    #[serde(default)]
    resources: Option<Few<Row, RESOURCES>>,
}

#[derive(serde::Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    namespaced: Option<bool>,
    #[serde(default)]
    verbs: Option<Few<String, VERBS>>,
}

impl Catalog {
    /// Reads a discovery document.
    pub fn parse(json: &[u8]) -> Result<Self> {
        if json.len() > BYTES {
            return Err(too_many(Limit::DecodedBytes));
        }
        let list: List = serde_json::from_slice(json)
            .map_err(|_| Error::new(Kind::Parse, "the discovery answer is not a list of API resources"))?;
        let mut catalog = Self::default();
        for row in few(list.resources)? {
            catalog.add(row)?;
        }
        Ok(catalog)
    }

    fn add(&mut self, row: Row) -> Result<()> {
        match (row.name.contains('/'), row.kind) {
            (true, _) => self.subresources.push(row.name),
            (false, Some(kind)) if row.name != "processedtemplates" => self.insert(Entity {
                names: method_names(&kind, &row.name),
                namespaced: row.namespaced.unwrap_or(false),
                verbs: few(row.verbs)?,
                resource: row.name,
                kind,
            }),
            _ => (), // a resource without kind has no method
        }
        Ok(())
    }

    /// A later kind of the same singular name replaces an earlier one, as in kubeclient.
    fn insert(&mut self, entity: Entity) {
        let index = self.entities.len();
        for names in &entity.names {
            self.by_name.insert(names.plural.clone(), (index, Number::Plural));
        }
        for names in &entity.names {
            let number = if names.singular == names.plural { Number::Both } else { Number::Singular };
            self.by_name.insert(names.singular.clone(), (index, number));
        }
        self.entities.push(Arc::new(entity));
    }

    /// The kind a method name means: `pods`, `pod`, `network_policies`.
    pub fn lookup(&self, name: &str) -> Option<(Arc<Entity>, Number)> {
        self.by_name.get(name).map(|&(index, number)| (Arc::clone(&self.entities[index]), number))
    }

    /// The kind served at `resource` (`pods`).
    pub fn resource(&self, resource: &str) -> Option<Arc<Entity>> {
        self.entities.iter().find(|e| e.resource == resource).cloned()
    }

    /// Every kind, in the server's order.
    pub fn entities(&self) -> &[Arc<Entity>] {
        &self.entities
    }

    /// Whether the server offers `resource/name`, such as `pods/eviction`.
    pub fn subresource(&self, path: &str) -> bool {
        self.subresources.iter().any(|s| s == path)
    }
}

fn few<T, const N: usize>(list: Option<Few<T, N>>) -> Result<Vec<T>> {
    list.map_or_else(|| Ok(Vec::new()), |list| list.all().ok_or_else(|| too_many(Limit::Items)))
}

fn too_many(limit: Limit) -> Error {
    Error::new(Kind::Limit(limit), "the discovery answer has more in it than any API server offers")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(json: &str) -> Catalog {
        Catalog::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn finds_kinds_by_both_names() {
        let c = catalog(
            r#"{"resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["get"]},{"name":"pods/log","kind":"Pod"}]}"#,
        );
        assert_eq!(c.lookup("pods").map(|(e, n)| (e.kind.clone(), n)), Some(("Pod".into(), Number::Plural)));
        assert_eq!(c.lookup("pod").map(|(_, n)| n), Some(Number::Singular));
        let alike = catalog(r#"{"resources":[{"name":"podchaos","kind":"PodChaos"}]}"#);
        assert_eq!(alike.lookup("pod_chaos").map(|(_, n)| n), Some(Number::Both));
        assert!(c.lookup("pods/log").is_none());
        assert!(c.subresource("pods/log"));
    }

    #[test]
    fn takes_the_sloppy_documents_specs_stub() {
        assert!(catalog("{}").entities().is_empty());
        assert!(catalog(r#"{"resources":null}"#).entities().is_empty());
        let c = catalog(
            r#"{"resources":[{"name":"ingresses","kind":"Deployment"},{"name":"nodes","kind":"NodeMetrics"},{"name":"x"}]}"#,
        );
        assert_eq!(c.lookup("ingresses").map(|(e, _)| e.resource.clone()), Some("ingresses".into()));
        assert!(c.lookup("deployment").is_some());
    }

    #[test]
    fn refuses_more_than_any_server_offers() {
        let kind = |json: String| Catalog::parse(json.as_bytes()).err().map(|error| error.kind());
        let rows = |n: usize| format!(r#"{{"resources":[{}{{"name":"a"}}]}}"#, r#"{"name":"a"},"#.repeat(n - 1));
        assert_eq!((kind(rows(10_000)), kind(rows(10_001))), (None, Some(Kind::Limit(Limit::Items))));
        let verbs = |n: usize| {
            format!(r#"{{"resources":[{{"name":"a","kind":"A","verbs":[{}"v"]}}]}}"#, r#""v","#.repeat(n - 1))
        };
        assert_eq!((kind(verbs(32)), kind(verbs(33))), (None, Some(Kind::Limit(Limit::Items))));
        assert_eq!(kind(format!("{{}}{}", " ".repeat(4 << 20))), Some(Kind::Limit(Limit::DecodedBytes)));
    }

    #[test]
    fn says_what_is_wrong_without_repeating_it() {
        let error = Catalog::parse(br#"{"resources":"MARKER"}"#).unwrap_err();
        assert_eq!(error.kind(), Kind::Parse);
        assert!(!error.words().contains("MARKER"));
    }
}
