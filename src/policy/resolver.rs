//! Resolve once, check all answers, pin what is dialled. The only place that asks for names.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::check::Policy;
use super::host::Host;
use super::pinned::Pinned;
use crate::error::{Error, Kind, Limit, Result};

/// The answers to come for one name.
pub type Answers<'a> = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>>> + Send + 'a>>;

/// Something that knows addresses of names. What it says is judged, never trusted.
pub trait Resolve: Send + Sync {
    /// All addresses of `host`, in the order to try them.
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Answers<'a>;
}

impl Policy {
    /// The way from a host to what may be dialled: a blocked name is not asked for, a literal needs no one, and `names`
    /// is asked exactly once.
    pub async fn pin(&self, names: &dyn Resolve, host: &Host, port: u16) -> Result<Vec<Pinned>> {
        self.check_host(host, port)?;
        let answers = match host {
            Host::Name(name) => answers(names, name, port).await?,
            _ => Vec::new(),
        };
        self.check_addresses(host, port, &answers)
    }
}

/// A name nobody knows has no answers; whether that is an error is the policy's to say.
async fn answers(names: &dyn Resolve, name: &str, port: u16) -> Result<Vec<IpAddr>> {
    match names.resolve(name, port).await {
        Err(error) if error.kind() == Kind::Dns => Ok(Vec::new()),
        other => other,
    }
}

/// The system's resolver (`getaddrinfo`: hosts file, search list, DNS).
///
/// `getaddrinfo` cannot be called off: a caller that leaves after its timeout leaves a thread behind until the system
/// gives up. So a lookup holds its permit until it ends, whoever still waits, and no more than `LOOKUPS` threads hang.
#[derive(Clone, Debug)]
pub struct SystemResolver {
    permits: Arc<Semaphore>,
    patience: Duration,
}

/// Lookups at one time.
const LOOKUPS: usize = 64;
/// How long a call waits for one of them to end.
const PATIENCE: Duration = Duration::from_secs(5);

impl Default for SystemResolver {
    fn default() -> Self {
        Self::bounded_by(LOOKUPS, PATIENCE)
    }
}

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Answers<'a> {
        let asked = host.to_owned();
        Box::pin(self.bounded(async move { look_up(&asked, port).await }))
    }
}

impl SystemResolver {
    /// Its clones share the `lookups`.
    pub(crate) fn bounded_by(lookups: usize, patience: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(lookups)), patience }
    }

    async fn bounded<T: Send + 'static>(&self, lookup: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        let permit = tokio::time::timeout(self.patience, self.permits.clone().acquire_owned());
        let Ok(Ok(permit)) = permit.await else { return Err(Error::new(Kind::Limit(Limit::Concurrency), TOO_MANY)) };
        let held = async move {
            let _until_it_ends = permit;
            lookup.await
        };
        tokio::spawn(held).await.unwrap_or_else(|_| Err(Error::new(Kind::Internal, "The name lookup was given up")))
    }
}

const TOO_MANY: &str = "Too many name lookups are waiting for the system";

#[allow(clippy::disallowed_methods, reason = "the one place that asks for names")]
async fn look_up(host: &str, port: u16) -> Result<Vec<IpAddr>> {
    match tokio::net::lookup_host((host, port)).await {
        Ok(addresses) => Ok(addresses.map(|address| address.ip()).collect()),
        Err(_) => Err(Error::new(Kind::Dns, "Host cannot be resolved or invalid")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asks_the_system() {
        let answers = SystemResolver::default().resolve("localhost", 80).await.unwrap();
        assert!(!answers.is_empty() && answers.iter().all(IpAddr::is_loopback), "{answers:?}");
    }

    #[tokio::test]
    async fn a_name_nobody_has_is_a_dns_error() {
        let error = SystemResolver::default().resolve("nobody.invalid", 80).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Dns);
    }

    #[tokio::test]
    async fn a_lookup_that_hangs_keeps_its_permit_when_the_caller_leaves() {
        let names = SystemResolver::bounded_by(1, Duration::from_millis(20));
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let hanging = names.bounded(async move { Ok(ended.await.is_ok()) });
        assert!(tokio::time::timeout(Duration::from_millis(20), hanging).await.is_err(), "the caller left");

        let refused = names.bounded(async { Ok(()) }).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Limit(Limit::Concurrency));

        end.send(()).unwrap();
        while names.permits.available_permits() == 0 {
            tokio::task::yield_now().await;
        }
        assert!(names.bounded(async { Ok(()) }).await.is_ok());
    }
}
