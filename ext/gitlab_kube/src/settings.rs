//! `GitlabKube::Native::Settings`: the four policy settings, as they are at one moment.

use client::policy::{Allowlist, Settings as Policy};
use magnus::{Error, RArray, RModule, Ruby, function, prelude::*};

use crate::class::define;

/// A snapshot of the settings.
#[magnus::wrap(class = "GitlabKube::Native::Settings", free_immediately)]
pub struct Settings(pub Policy);

pub fn init(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = define::<Settings>(ruby, native, "Settings")?;
    class.define_singleton_method("new", function!(Settings::new, 4))
}

impl Settings {
    fn new(local: bool, rebinding: bool, deny_all: bool, allowlist: RArray) -> Result<Self, Error> {
        let entries: Vec<String> = allowlist.to_vec()?;
        Ok(Self(Policy {
            local_requests_allowed: local,
            dns_rebinding_protection: rebinding,
            deny_all_except_allowed: deny_all,
            allowlist: Allowlist::parse(&entries),
        }))
    }
}
