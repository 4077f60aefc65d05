//! What Kubernetes says: groups, names, paths, parameters, statuses. Pure; no I/O.

pub mod discovery;
mod few;
pub mod group;
pub mod name;
pub mod naming;
pub mod redirect;
pub mod request;
pub mod status;

pub use discovery::{Catalog, Entity};
pub use group::{GroupVersion, SUPPORTED_API_GROUPS};
pub use name::Name;
pub use request::{Format, Spec, Want};
