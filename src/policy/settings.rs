//! What GitLab's administrators decide: the four outbound request settings.

use super::allowlist::Allowlist;

/// The four settings, as they are now; the binding reads them again at each request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// Opens localhost, loopback, private, shared and link-local addresses, and localhost names. Never metadata services.
    pub local_requests_allowed: bool,
    /// A name must have an answer to pass. Without it a name nobody knows passes the check with nothing to dial, for a
    /// proxy or an interceptor that may know it. What is dialled is judged and pinned either way.
    pub dns_rebinding_protection: bool,
    /// Nothing passes but what the allowlist holds.
    pub deny_all_except_allowed: bool,
    /// What passes all the same.
    pub allowlist: Allowlist,
}

impl Default for Settings {
    /// The strictest that can still reach the world.
    fn default() -> Self {
        Self {
            local_requests_allowed: false,
            dns_rebinding_protection: true,
            deny_all_except_allowed: false,
            allowlist: Allowlist::default(),
        }
    }
}
