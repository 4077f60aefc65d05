//! One request to an API server, decided purely: method, path, query, body, and what is wanted back.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use url::form_urlencoded;

use crate::api::group::GroupVersion;
use crate::api::name::Name;
use crate::error::{Error, Kind, Result};
use crate::wire::Path as Column;

/// What the caller wants of the answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// A JSON document.
    Document,
    /// The bytes as they are (a log, a raw answer).
    Text,
    /// The body as it comes: a watch, a log that is followed.
    Stream,
    /// These columns of a list, while it comes.
    Pluck(Arc<[Column]>),
    /// No body but a WebSocket, with the channels of a command.
    Exec,
    /// No body but a WebSocket, with the channels of a port.
    PortForward,
}

impl Want {
    /// The WebSocket protocols to offer, best first; none where plain HTTP will do. The kubelet forwards ports in v4 only.
    pub const fn protocols(&self) -> Option<&'static str> {
        match self {
            Self::Exec => Some("v5.channel.k8s.io, v4.channel.k8s.io"),
            Self::PortForward => Some("v4.channel.k8s.io"),
            Self::Document | Self::Text | Self::Stream | Self::Pluck(_) => None,
        }
    }
}

/// The media types of what is sent and asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is one media type")]
pub enum Format {
    Json,
    JsonPatch,
    MergePatch,
    StrategicMergePatch,
    ApplyPatch,
    Table,
    PartialMetadata,
    PartialMetadataList,
    AggregatedDiscovery,
    Any,
}

impl Format {
    /// The media type, as Kubernetes writes it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonPatch => "application/json-patch+json",
            Self::MergePatch => "application/merge-patch+json",
            Self::StrategicMergePatch => "application/strategic-merge-patch+json",
            Self::ApplyPatch => "application/apply-patch+yaml",
            Self::Table => "application/json;as=Table;v=v1;g=meta.k8s.io",
            Self::PartialMetadata => "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
            Self::PartialMetadataList => "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
            Self::AggregatedDiscovery => "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io",
            Self::Any => "*/*",
        }
    }
}

/// A request below the API URL.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The HTTP method.
    pub method: Method,
    /// Path and query, starting with `/`, to be put behind the API URL's own path.
    pub path_and_query: String,
    /// The body and its media type.
    pub body: Option<(Format, Bytes)>,
    /// What is asked for.
    pub accept: Format,
    /// What the caller wants of the body.
    pub want: Want,
}

impl Spec {
    /// A request without body that wants a document.
    pub fn get(path: String) -> Self {
        Self { method: Method::GET, path_and_query: path, body: None, accept: Format::Json, want: Want::Document }
    }

    /// The discovery request of a group version: exactly `GET <group path>/<version>`.
    pub fn discovery(group_version: &GroupVersion) -> Self {
        Self::get(format!("/{}", group_version.path()))
    }

    /// Whether sending it twice does what sending it once does (RFC 9110 §9.2.2). PATCH is not: a JSON patch may append.
    /// Nor is a GET that starts a command.
    pub fn idempotent(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE)
            && self.want.protocols().is_none()
    }

    /// Whether it changes nothing.
    pub fn safe(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD) && self.want.protocols().is_none()
    }
}

/// The path of a resource: built of checked names, never spliced.
#[derive(Clone, Debug)]
pub struct Path {
    segments: Vec<String>,
    query: Vec<(String, String)>,
}

impl Path {
    /// The collection `resource` of a group version, in a namespace or of the whole cluster.
    pub fn new(group_version: &GroupVersion, namespace: Option<&str>, resource: &str) -> Result<Self> {
        Self::with_prefix(group_version, None, namespace, resource)
    }

    /// As [`Path::new`], below `/watch/`: deprecated since Kubernetes 1.11, but what programs written for kubeclient stub.
    pub fn watch(group_version: &GroupVersion, namespace: Option<&str>, resource: &str) -> Result<Self> {
        Self::with_prefix(group_version, Some("watch"), namespace, resource)
    }

    fn with_prefix(gv: &GroupVersion, prefix: Option<&str>, namespace: Option<&str>, resource: &str) -> Result<Self> {
        let mut segments = vec![gv.path()];
        segments.extend(prefix.map(str::to_owned));
        if let Some(namespace) = namespace.filter(|ns| !ns.is_empty()) {
            segments.push("namespaces".into());
            segments.push(Name::new("namespace", namespace)?.to_string());
        }
        segments.push(Name::new("resource", resource)?.to_string());
        Ok(Self { segments, query: Vec::new() })
    }

    /// Goes on to one object.
    pub fn name(mut self, name: &str) -> Result<Self> {
        self.segments.push(Name::new("name", name)?.to_string());
        Ok(self)
    }

    /// Goes on to a subresource, which may have several segments (`proxy/metrics`).
    pub fn subresource(mut self, path: &str) -> Result<Self> {
        for segment in path.trim_start_matches('/').split('/') {
            match segment {
                "" => self.segments.push(String::new()),
                _ => self.segments.push(Name::new("subresource", segment)?.to_string()),
            }
        }
        Ok(self)
    }

    /// Adds a query parameter; it is encoded, whatever it holds.
    #[must_use]
    pub fn query(mut self, key: &str, value: &str) -> Self {
        self.query.push((key.to_owned(), value.to_owned()));
        self
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}", self.segments.join("/"))?;
        if self.query.is_empty() {
            return Ok(());
        }
        write!(f, "?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish())
    }
}

/// A path the caller wrote (`/version`, `/apis/apps/v1/deployments?limit=1`): every segment is checked as a name is.
pub fn raw_path(path: &str) -> Result<String> {
    let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
    let rest = path.strip_prefix('/').ok_or_else(|| Error::new(Kind::Argument, "path must start with \"/\""))?;
    for segment in rest.split('/').filter(|s| !s.is_empty()) {
        Name::new("path segment", segment)?;
    }
    match query {
        None => Ok(path.to_owned()),
        Some(query) if query.bytes().all(|b| b.is_ascii_graphic() && b != b'#') => Ok(format!("{path}?{query}")),
        Some(_) => Err(Error::new(Kind::Argument, "query has a character that must be percent-encoded")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core() -> GroupVersion {
        GroupVersion::new("api", "v1").unwrap()
    }

    fn apps() -> GroupVersion {
        GroupVersion::new("apis/apps", "v1").unwrap()
    }

    #[test]
    fn builds_the_paths_kubernetes_has() {
        let pods = Path::new(&core(), Some("ns"), "pods").unwrap();
        assert_eq!(pods.to_string(), "/api/v1/namespaces/ns/pods");
        assert_eq!(pods.clone().name("web-0").unwrap().to_string(), "/api/v1/namespaces/ns/pods/web-0");
        assert_eq!(
            pods.name("web-0").unwrap().subresource("log").unwrap().query("follow", "true").to_string(),
            "/api/v1/namespaces/ns/pods/web-0/log?follow=true"
        );
        assert_eq!(Path::new(&apps(), None, "deployments").unwrap().to_string(), "/apis/apps/v1/deployments");
        assert_eq!(Path::watch(&core(), Some("ns"), "pods").unwrap().to_string(), "/api/v1/watch/namespaces/ns/pods");
    }

    #[test]
    fn encodes_what_a_caller_puts_into_a_query() {
        let path = Path::new(&core(), None, "pods").unwrap().query("labelSelector", "a=b,c in (d, e)&limit=1#");
        assert_eq!(path.to_string(), "/api/v1/pods?labelSelector=a%3Db%2Cc+in+%28d%2C+e%29%26limit%3D1%23");
    }

    #[test]
    fn refuses_names_that_leave_their_segment() {
        for name in ["..", "a/../../secrets/x", "%2e%2e", "a?watch=1"] {
            assert!(Path::new(&core(), None, "pods").unwrap().name(name).is_err(), "{name}");
            assert!(Path::new(&core(), Some(name), "pods").is_err(), "{name}");
            assert!(Path::new(&core(), None, name).is_err(), "{name}");
        }
    }

    #[test]
    fn checks_every_segment_of_a_raw_path() {
        assert_eq!(raw_path("/version").unwrap(), "/version");
        assert_eq!(raw_path("/api/v1/pods?limit=1&continue=a%3D").unwrap(), "/api/v1/pods?limit=1&continue=a%3D");
        for path in ["version", "/api/../secrets", "/api/%2e%2e/x", "/a b", "/a?b c", "/a?b#c", "//x\r\ny"] {
            assert!(raw_path(path).is_err(), "{path:?}");
        }
    }
}
