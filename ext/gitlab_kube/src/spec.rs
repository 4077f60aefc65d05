//! One request, read from a Hash with symbol keys.

use std::sync::Arc;

use client::api::group::GroupVersion;
use client::api::request::{Format, Path, Spec, Want, raw_path};
use client::error::Kind;
use client::wire::Path as Column;
use http::Method;
use magnus::value::ReprValue;
use magnus::{Error, RHash, RString, Ruby, Symbol, Value};

use crate::errors;
use crate::options::get;

/// `{verb:, group:, version:, namespace:, resource:, name:, subresource:, watch:, query: [[k, v]], body:, content_type:, accept:, want:,
/// columns: [path]}`
/// or `{verb:, path:, …}` for a raw request.
pub fn read(ruby: &Ruby, hash: RHash) -> Result<Spec, Error> {
    let path_and_query = match get::<String>(ruby, hash, "path")? {
        Some(path) => errors::raise(ruby, raw_path(&path))?,
        None => path(ruby, hash)?,
    };
    let body = get::<RString>(ruby, hash, "body")?.map(RString::to_bytes);
    let content_type = format(ruby, hash, "content_type", Format::Json)?;
    Ok(Spec {
        method: method(ruby, hash)?,
        path_and_query,
        body: body.map(|bytes| (content_type, bytes)),
        accept: format(ruby, hash, "accept", Format::Json)?,
        want: want(ruby, hash)?,
    })
}

fn path(ruby: &Ruby, hash: RHash) -> Result<String, Error> {
    let text = |key| word(ruby, hash, key);
    let (group, version) = (text("group")?.unwrap_or_default(), text("version")?.unwrap_or_default());
    let (namespace, resource) = (text("namespace")?, text("resource")?.unwrap_or_default());
    let watch = get::<bool>(ruby, hash, "watch")?.unwrap_or(false);
    let (name, subresource) = (text("name")?, text("subresource")?);
    let query: Vec<(String, String)> = get(ruby, hash, "query")?.unwrap_or_default();
    errors::raise(
        ruby,
        build(
            &group,
            &version,
            namespace.as_deref(),
            &resource,
            watch,
            name.as_deref(),
            subresource.as_deref(),
            &query,
        ),
    )
}

// A name may be a Symbol or a number, as kubeclient's may: what they print is checked as any other name is.
fn word(ruby: &Ruby, hash: RHash, key: &str) -> Result<Option<String>, Error> {
    get::<Value>(ruby, hash, key)?.map(|value| value.to_r_string()?.to_string()).transpose()
}

#[allow(clippy::too_many_arguments, reason = "the parts of one path, each named at its only call")]
fn build(
    group: &str,
    version: &str,
    namespace: Option<&str>,
    resource: &str,
    watch: bool,
    name: Option<&str>,
    subresource: Option<&str>,
    query: &[(String, String)],
) -> client::Result<String> {
    let group_version = GroupVersion::new(group, version)?;
    let start = if watch { Path::watch } else { Path::new };
    let mut path = start(&group_version, namespace, resource)?;
    if let Some(name) = name {
        path = path.name(name)?;
    }
    if let Some(subresource) = subresource {
        path = path.subresource(subresource)?;
    }
    Ok(query.iter().fold(path, |path, (key, value)| path.query(key, value)).to_string())
}

fn method(ruby: &Ruby, hash: RHash) -> Result<Method, Error> {
    let verb =
        get::<Symbol>(ruby, hash, "verb")?.map(|s| s.name().map(|n| n.to_uppercase())).transpose()?.unwrap_or_default();
    Method::from_bytes(verb.as_bytes()).map_err(|_| unknown(ruby, "verb"))
}

fn want(ruby: &Ruby, hash: RHash) -> Result<Want, Error> {
    match symbol(ruby, hash, "want")?.as_deref() {
        None | Some("document") => Ok(Want::Document),
        Some("text") => Ok(Want::Text),
        Some("stream") => Ok(Want::Stream),
        Some("pluck") => columns(ruby, hash).map(Want::Pluck),
        Some("exec") => Ok(Want::Exec),
        Some("port_forward") => Ok(Want::PortForward),
        Some(_) => Err(unknown(ruby, "want")),
    }
}

fn columns(ruby: &Ruby, hash: RHash) -> Result<Arc<[Column]>, Error> {
    let paths: Vec<String> = get(ruby, hash, "columns")?.unwrap_or_default();
    errors::raise(ruby, paths.iter().map(|path| Column::parse(path)).collect())
}

fn format(ruby: &Ruby, hash: RHash, key: &str, default: Format) -> Result<Format, Error> {
    Ok(match symbol(ruby, hash, key)?.as_deref() {
        None => default,
        Some("json") => Format::Json,
        Some("json_patch") => Format::JsonPatch,
        Some("merge_patch") => Format::MergePatch,
        Some("strategic_merge_patch") => Format::StrategicMergePatch,
        Some("apply_patch") => Format::ApplyPatch,
        Some("table") => Format::Table,
        Some("partial_metadata") => Format::PartialMetadata,
        Some("partial_metadata_list") => Format::PartialMetadataList,
        Some("aggregated_discovery") => Format::AggregatedDiscovery,
        Some("any") => Format::Any,
        Some(_) => return Err(unknown(ruby, key)),
    })
}

fn symbol(ruby: &Ruby, hash: RHash, key: &str) -> Result<Option<String>, Error> {
    get::<Symbol>(ruby, hash, key)?.map(|s| s.name().map(|n| n.into_owned())).transpose()
}

fn unknown(ruby: &Ruby, what: &str) -> Error {
    errors::exception(ruby, &client::Error::new(Kind::Argument, format!("{what} is not one this client knows")))
}
