//! The judgement: settings, origin and table applied to a URL, to the answers for its name, and to the peer.

use std::net::{IpAddr, SocketAddr};

use super::address::{self, Class, Key};
use super::embedded::faces;
use super::host::Host;
use super::origin::Origin;
use super::pinned::Pinned;
use super::settings::Settings;
use super::url::Endpoint;
use super::{interfaces, names};
use crate::error::{Error, Kind, Result};

/// What may be dialled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policy {
    settings: Settings,
    trusted: Option<(Host, u16)>,
    ports: Vec<u16>,
}

/// The words of a refusal.
type Refusal = &'static str;

impl Policy {
    /// The full policy, for a URL a user named.
    pub fn user(settings: Settings) -> Self {
        Self { settings, trusted: None, ports: Vec::new() }
    }

    /// The strictest policy, but that the operator's own `endpoint` (this host and port, no other) may be private or
    /// loopback. Metadata services stay closed.
    pub fn operator(endpoint: &Endpoint) -> Self {
        Self { trusted: Some((endpoint.host().clone(), endpoint.port())), ..Self::default() }
    }

    /// Of the ports below 1024, allows only these. An empty list, the default, allows all.
    #[must_use]
    pub fn with_ports(mut self, ports: &[u16]) -> Self {
        self.ports = ports.to_vec();
        self
    }

    /// Who named the address.
    pub fn origin(&self) -> Origin {
        if self.trusted.is_some() { Origin::Operator } else { Origin::User }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What can be said without I/O when a client is built: port, literal, localhost and metadata names.
    pub fn check_url(&self, url: &Endpoint) -> Result<()> {
        let checked = self.check_spoken(url.host(), url.port()).and_then(|()| match url.host().literal() {
            Some(ip) => self
                .check_listed(url.host(), url.port(), ip)
                .and_then(|()| self.check_ranges(url.host(), url.port(), ip)),
            None => Ok(()),
        });
        checked.map_err(|refusal| Error::new(Kind::BlockedUrl, refusal))
    }

    /// Judges every answer for `host`; one blocked answer blocks the call. The result is what may be dialled, in order.
    ///
    /// A literal is its own and only answer. A name without one is an error, unless the settings let it pass: then there
    /// is nothing to dial.
    pub fn check_addresses(&self, host: &Host, port: u16, answers: &[IpAddr]) -> Result<Vec<Pinned>> {
        self.check_host(host, port)?;
        let literal = host.literal();
        let answers = literal.as_ref().map_or(answers, std::slice::from_ref);
        if answers.is_empty() {
            return self.check_unanswered(host, port, self.settings.dns_rebinding_protection).map(|()| Vec::new());
        }
        let pins = answers.iter().map(|answer| self.check_address(host, port, answer.to_canonical()));
        let mut pinned = pins.collect::<Result<Vec<_>>>()?;
        let mut seen = std::collections::HashSet::new();
        pinned.retain(|pin| seen.insert(*pin));
        Ok(pinned)
    }

    /// The same where nothing will be dialled by us (an interceptor answers, or a proxy resolves): a name nobody knows
    /// passes, a blocked answer does not.
    pub fn check_undialled(&self, host: &Host, port: u16, answers: &[IpAddr]) -> Result<()> {
        if answers.is_empty() && host.literal().is_none() {
            self.check_host(host, port)?;
            return self.check_unanswered(host, port, false);
        }
        self.check_addresses(host, port, answers).map(drop)
    }

    /// The second lock: judges the peer of a connection to `host`, fresh or pooled, before a byte is sent.
    pub fn check_peer(&self, host: &Host, peer: SocketAddr) -> Result<()> {
        self.check_host(host, peer.port())?;
        self.check_address(host, peer.port(), peer.ip().to_canonical()).map(drop)
    }

    fn check_address(&self, host: &Host, port: u16, ip: IpAddr) -> Result<Pinned> {
        self.check_listed(host, port, ip)
            .and_then(|()| self.check_ranges(host, port, ip))
            .and_then(|()| self.check_own(host, port, ip))
            .map(|()| Pinned::new(ip, port))
            .map_err(blocked)
    }

    /// What can be said before a name is asked for.
    pub(super) fn check_host(&self, host: &Host, port: u16) -> Result<()> {
        self.check_spoken(host, port).map_err(blocked)
    }

    /// The port, and the name as far as it speaks for itself.
    fn check_spoken(&self, host: &Host, port: u16) -> Result<(), Refusal> {
        if port < 1024 && !self.ports.is_empty() && !self.ports.contains(&port) {
            return Err("Requests to this port are not allowed");
        }
        match host.name().and_then(names::blocked) {
            Some((class, key)) if self.key_of_name(host, port) < Some(key) => Err(class.refusal()),
            _ => Ok(()),
        }
    }

    fn check_unanswered(&self, host: &Host, port: u16, must_resolve: bool) -> Result<()> {
        if !self.settings.allowlist.holds_name(host, port) {
            if self.settings.deny_all_except_allowed {
                return Err(blocked(NOT_LISTED));
            }
            if must_resolve {
                return Err(Error::new(Kind::Dns, "Host cannot be resolved or invalid"));
            }
        }
        Ok(())
    }

    fn check_listed(&self, host: &Host, port: u16, ip: IpAddr) -> Result<(), Refusal> {
        let allowlist = &self.settings.allowlist;
        let listed = || allowlist.holds_name(host, port) || allowlist.key_for(ip, port).is_some();
        if self.settings.deny_all_except_allowed && !listed() { Err(NOT_LISTED) } else { Ok(()) }
    }

    /// The table, for the address and for each address it carries.
    fn check_ranges(&self, host: &Host, port: u16, ip: IpAddr) -> Result<(), Refusal> {
        if self.key_of(host, port, ip) == Some(Key::Named) {
            return Ok(());
        }
        let closed = |face: IpAddr| address::row(face).filter(|row| self.key_of(host, port, face) < Some(row.key));
        faces(ip).find_map(closed).map_or(Ok(()), |row| Err(row.class.refusal()))
    }

    fn check_own(&self, host: &Host, port: u16, ip: IpAddr) -> Result<(), Refusal> {
        if self.key_of(host, port, ip) >= Some(Key::LocalRequests) {
            return Ok(());
        }
        for face in faces(ip) {
            match interfaces::hold(face) {
                Ok(false) => {}
                Ok(true) => return Err(Class::Localhost.refusal()),
                Err(_) => return Err("The addresses of this machine cannot be read"),
            }
        }
        Ok(())
    }

    /// The strongest key held for a name itself: an entry of this very name names it.
    fn key_of_name(&self, host: &Host, port: u16) -> Option<Key> {
        if self.settings.allowlist.holds_name(host, port) { Some(Key::Named) } else { self.key_of_call(host, port) }
    }

    /// The strongest key held for an address. A name in the allowlist opens what it resolves to, but no metadata service.
    fn key_of(&self, host: &Host, port: u16, ip: IpAddr) -> Option<Key> {
        let by_name = self.settings.allowlist.holds_name(host, port).then_some(Key::Listed);
        by_name.max(self.settings.allowlist.key_for(ip, port)).max(self.key_of_call(host, port))
    }

    /// The key every address of this call has.
    fn key_of_call(&self, host: &Host, port: u16) -> Option<Key> {
        let trusted = self.trusted.as_ref().is_some_and(|(name, at)| name == host && *at == port);
        let local = self.settings.local_requests_allowed.then_some(Key::LocalRequests);
        local.max(trusted.then_some(Key::Listed))
    }
}

const NOT_LISTED: Refusal = "Requests to hosts and IP addresses not on the Allow List are denied";

/// GitLab's `ArgumentError` of a blocked dial; its specs match "is blocked".
fn blocked(refusal: Refusal) -> Error {
    Error::new(Kind::BlockedAddress, format!("URL is blocked: {refusal}"))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
