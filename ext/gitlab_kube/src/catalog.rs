//! `GitlabKube::Native::Catalog`: what a group version serves.

use std::sync::Arc;

use client::api::discovery::{Catalog as Core, Entity, Number};
use client::api::group::SUPPORTED_API_GROUPS;
use magnus::{Error, RArray, RHash, RModule, Ruby, function, method, prelude::*};

use crate::class::define;
use crate::document::Document;
use crate::errors::{guard, raise};

/// A discovery answer; shared with the process's cache.
#[magnus::wrap(class = "GitlabKube::Native::Catalog", free_immediately, frozen_shareable)]
pub struct Catalog(pub Arc<Core>);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Catalog>(ruby, native, "Catalog")?;
    class.define_singleton_method("parse", function!(Catalog::parse, 1))?;
    class.define_method("lookup", method!(Catalog::lookup, 1))?;
    class.define_method("resource", method!(Catalog::resource, 1))?;
    class.define_method("entities", method!(Catalog::entities, 0))?;
    class.define_method("subresource?", method!(Catalog::has_subresource, 1))
}

/// The table of groups, for the table of delegations in `lib`.
pub fn groups(ruby: &Ruby) -> Result<RHash, Error> {
    let groups = ruby.hash_new();
    for group in SUPPORTED_API_GROUPS {
        groups.aset(ruby.to_symbol(group.name), (group.path, group.version))?;
    }
    groups.freeze();
    Ok(groups)
}

impl Catalog {
    /// What a discovery document says that was asked for in another way than by `Client#discovery`.
    fn parse(ruby: &Ruby, document: &Document) -> Result<Self, Error> {
        guard(ruby, || raise(ruby, Core::parse(document.0.bytes())).map(|core| Self(Arc::new(core))))
    }

    /// `[{kind:, resource:}, :singular | :plural | :both]`, or nil. Each call of a generated method asks, so nothing else is made.
    fn lookup(ruby: &Ruby, this: &Self, name: String) -> Result<Option<RArray>, Error> {
        let Some((entity, number)) = this.0.lookup(&name) else { return Ok(None) };
        let number = ruby.sym_new(match number {
            Number::Singular => "singular",
            Number::Plural => "plural",
            Number::Both => "both",
        });
        let pair = ruby.ary_new_capa(2);
        pair.push(brief(ruby, &entity)?)?;
        pair.push(number)?;
        Ok(Some(pair))
    }

    fn resource(ruby: &Ruby, this: &Self, resource: String) -> Result<Option<RHash>, Error> {
        this.0.resource(&resource).map(|entity| describe(ruby, &entity)).transpose()
    }

    fn entities(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        let all = ruby.ary_new_capa(this.0.entities().len());
        for entity in this.0.entities() {
            all.push(describe(ruby, entity)?)?;
        }
        Ok(all)
    }

    fn has_subresource(&self, path: String) -> bool {
        self.0.subresource(&path)
    }
}

fn brief(ruby: &Ruby, entity: &Entity) -> Result<RHash, Error> {
    let hash = ruby.hash_new();
    hash.aset(ruby.sym_new("kind"), entity.kind.as_str())?;
    hash.aset(ruby.sym_new("resource"), entity.resource.as_str())?;
    Ok(hash)
}

fn describe(ruby: &Ruby, entity: &Entity) -> Result<RHash, Error> {
    let hash = brief(ruby, entity)?;
    hash.aset(ruby.sym_new("namespaced"), entity.namespaced)?;
    hash.aset(ruby.sym_new("verbs"), ruby.ary_from_iter(entity.verbs.iter().map(String::as_str)))?;
    let names = ruby.ary_new_capa(entity.names.len());
    for name in &entity.names {
        names.push((name.singular.as_str(), name.plural.as_str()))?;
    }
    hash.aset(ruby.sym_new("names"), names)?;
    Ok(hash)
}
