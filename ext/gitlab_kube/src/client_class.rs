//! `GitlabKube::Native::Client`: options in, calls out.

use std::sync::Arc;
use std::time::Duration;

use client::api::group::GroupVersion;
use client::api::request::Spec;
use client::call::Retry;
use client::client::{Client as Core, Manner};
use magnus::{Error, RHash, RModule, Ruby, function, method, prelude::*};

use crate::call::Call;
use crate::catalog::Catalog;
use crate::class::define;
use crate::errors::{guard, raise};
use crate::options::{self, get};
use crate::settings::Settings;
use crate::spec;

/// A client of one server; cheap to keep, safe across threads and forks.
#[magnus::wrap(class = "GitlabKube::Native::Client", free_immediately)]
pub struct Client(pub Core);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Client>(ruby, native, "Client")?;
    class.define_singleton_method("new", function!(Client::new, 3))?;
    class.define_method("check", method!(Client::check, 1))?;
    class.define_method("call", method!(Client::call, 3))?;
    class.define_method("discovery", method!(Client::discovery, 4))?;
    class.define_method("catalog", method!(Client::catalog, 2))?;
    class.define_method("remember", method!(Client::remember, 3))?;
    class.define_method("forget", method!(Client::forget, 2))
}

impl Client {
    fn new(ruby: &Ruby, url: String, hash: RHash, settings: &Settings) -> Result<Self, Error> {
        guard(ruby, || {
            let options = options::read(ruby, &url, hash)?;
            raise(ruby, Core::new(options, &settings.0)).map(Self)
        })
    }

    /// The policy's word on this URL under the settings of now.
    fn check(ruby: &Ruby, this: &Self, settings: &Settings) -> Result<(), Error> {
        guard(ruby, || raise(ruby, this.0.policy(&settings.0).check_url(this.0.endpoint())))
    }

    fn call(ruby: &Ruby, this: &Self, request: RHash, settings: &Settings, manner: RHash) -> Result<Call, Error> {
        guard(ruby, || this.begin(ruby, spec::read(ruby, request)?, settings, manner, None))
    }

    fn discovery(
        ruby: &Ruby,
        this: &Self,
        group: String,
        version: String,
        settings: &Settings,
        manner: RHash,
    ) -> Result<Call, Error> {
        guard(ruby, || {
            let group_version = raise(ruby, GroupVersion::new(&group, &version))?;
            this.begin(ruby, Spec::discovery(&group_version), settings, manner, Some(group_version))
        })
    }

    fn begin(
        &self,
        ruby: &Ruby,
        spec: Spec,
        settings: &Settings,
        manner: RHash,
        discovers: Option<GroupVersion>,
    ) -> Result<Call, Error> {
        let manner = Manner {
            intercepted: get(ruby, manner, "intercepted")?.unwrap_or(false),
            retry: Retry { attempts: get(ruby, manner, "attempts")?.unwrap_or(0) },
            total: get::<f64>(ruby, manner, "total")?.and_then(|s| Duration::try_from_secs_f64(s).ok()),
        };
        let call = self.0.call(spec, &settings.0, manner);
        Ok(Call::new(self.0.clone(), call, manner, discovers))
    }

    fn catalog(ruby: &Ruby, this: &Self, group: String, version: String) -> Result<Option<Catalog>, Error> {
        guard(ruby, || {
            let group_version = raise(ruby, GroupVersion::new(&group, &version))?;
            Ok(raise(ruby, this.0.live())?.catalog(&group_version).map(Catalog))
        })
    }

    fn remember(ruby: &Ruby, this: &Self, group: String, version: String, catalog: &Catalog) -> Result<(), Error> {
        guard(ruby, || {
            let group_version = raise(ruby, GroupVersion::new(&group, &version))?;
            raise(ruby, this.0.live())?.remember(&group_version, Arc::clone(&catalog.0));
            Ok(())
        })
    }

    fn forget(ruby: &Ruby, this: &Self, group: String, version: String) -> Result<(), Error> {
        guard(ruby, || {
            let group_version = raise(ruby, GroupVersion::new(&group, &version))?;
            raise(ruby, this.0.live())?.forget(&group_version);
            Ok(())
        })
    }
}
