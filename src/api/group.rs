//! The API groups with a method of their own, one row each.

use crate::api::name::Name;
use crate::error::{Error, Kind, Result};

/// A group that a client names: `core_client`, `rbac_client`, …
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The first part of `<name>_client`.
    pub name: &'static str,
    /// What follows the API URL.
    pub path: &'static str,
    /// The version that is asked for.
    pub version: &'static str,
}

const fn row(name: &'static str, path: &'static str, version: &'static str) -> Group {
    Group { name, path, version }
}

/// Adding a group is adding a row.
pub const SUPPORTED_API_GROUPS: &[Group] = &[
    row("core", "api", "v1"),
    row("rbac", "apis/rbac.authorization.k8s.io", "v1"),
    row("apps", "apis/apps", "v1"),
    row("batch", "apis/batch", "v1"),
    row("networking", "apis/networking.k8s.io", "v1"),
    row("policy", "apis/policy", "v1"),
    row("autoscaling", "apis/autoscaling", "v2"),
    row("storage", "apis/storage.k8s.io", "v1"),
    row("apiextensions", "apis/apiextensions.k8s.io", "v1"),
    row("extensions", "apis/extensions", "v1beta1"),
    row("istio", "apis/networking.istio.io", "v1alpha3"),
    row("knative", "apis/serving.knative.dev", "v1alpha1"),
    row("metrics", "apis/metrics.k8s.io", "v1beta1"),
    row("cilium_networking", "apis/cilium.io", "v2"),
];

/// A group and version of any server, as they stand in a path: `api/v1`, `apis/apps/v1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupVersion {
    path: String,
    version: Name,
}

impl GroupVersion {
    /// `path` is `api` or `apis/<group>` (an `oapi` of old OpenShift too).
    pub fn new(path: &str, version: &str) -> Result<Self> {
        let version = Name::new("API version", version)?;
        match path.split_once('/') {
            None if path == "api" || path == "oapi" => (),
            Some(("apis", group)) => drop(Name::new("API group", group)?),
            _ => return Err(Error::new(Kind::Argument, "API group path must be \"api\" or \"apis/<group>\"")),
        }
        Ok(Self { path: path.to_owned(), version })
    }

    /// From an object's `apiVersion`: `v1`, `apps/v1`.
    pub fn from_api_version(api_version: &str) -> Result<Self> {
        match api_version.split_once('/') {
            None => Self::new("api", api_version),
            Some((group, version)) => Self::new(&format!("apis/{group}"), version),
        }
    }

    /// The path below the API URL: `apis/apps/v1`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.path, self.version)
    }

    /// What stands in an object's `apiVersion`: `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        match self.path.strip_prefix("apis/") {
            Some(group) => format!("{group}/{}", self.version),
            None => self.version.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_group_version_and_no_name_comes_twice() {
        let mut names: Vec<_> = SUPPORTED_API_GROUPS.iter().map(|g| g.name).collect();
        for group in SUPPORTED_API_GROUPS {
            assert!(GroupVersion::new(group.path, group.version).is_ok(), "{group:?}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SUPPORTED_API_GROUPS.len());
    }

    #[test]
    fn api_versions_and_paths_match() {
        for (api_version, path) in [("v1", "api/v1"), ("apps/v1", "apis/apps/v1")] {
            let gv = GroupVersion::from_api_version(api_version).unwrap();
            assert_eq!((gv.path().as_str(), gv.api_version().as_str()), (path, api_version));
        }
    }

    #[test]
    fn refuses_a_group_that_leaves_its_path() {
        for (path, version) in
            [("apis/a/b", "v1"), ("apis/..", "v1"), ("", "v1"), ("apis", "v1"), ("api", ".."), ("api", "v1/pods")]
        {
            assert!(GroupVersion::new(path, version).is_err(), "{path} {version}");
        }
    }
}
