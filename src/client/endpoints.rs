//! What a process keeps of each server: connections, judged certificates, discovery.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex as Turnstile, OwnedMutexGuard};
use tokio::time::timeout;

use crate::api::{Catalog, GroupVersion};
use crate::client::Key;
use crate::error::Result;
use crate::policy::SystemResolver;
use crate::transport::{Transport, tls::Judge};

/// How long a discovery answer is believed.
const DISCOVERY_LIFE: Duration = Duration::from_secs(600);
/// How long a discovery waits for another's. A server that is well has answered by then; one that hangs is not asked by one thread after
/// the other, each with the patience of its timeouts.
const TURN: Duration = Duration::from_secs(5);
/// How long an unused server is remembered.
const IDLE: Duration = Duration::from_secs(300);
/// How many servers are remembered.
const SERVERS: u64 = 512;

/// The servers of one process, by the options of their clients. They share the places for lookups, as they share the threads these hang in.
#[derive(Debug)]
pub struct Endpoints {
    servers: moka::sync::Cache<Key, Arc<Live>>,
    names: SystemResolver,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self::new(SystemResolver::default())
    }
}

impl Endpoints {
    fn new(names: SystemResolver) -> Self {
        Self { servers: moka::sync::Cache::builder().max_capacity(SERVERS).time_to_idle(IDLE).build(), names }
    }

    /// The server of these options; made when it is first asked for.
    pub fn get(&self, options: &Key) -> Result<Arc<Live>> {
        if let Some(live) = self.servers.get(options) {
            return Ok(live);
        }
        let (transport, judge) = options.transport(&self.names)?;
        let fresh = Arc::new(Live { transport, judge, catalogs: Mutex::default(), turnstiles: Mutex::default() });
        Ok(self.servers.get_with_by_ref(options, || fresh))
    }
}

/// One server, as this process knows it.
#[derive(Debug)]
pub struct Live {
    transport: Transport,
    judge: Option<Arc<Judge>>,
    catalogs: Mutex<HashMap<GroupVersion, (Instant, Arc<Catalog>)>>,
    turnstiles: Mutex<HashMap<GroupVersion, Arc<Turnstile<()>>>>,
}

impl Live {
    /// The connector.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Where judged certificate chains are remembered, if somebody outside judges.
    pub fn judge(&self) -> Option<&Judge> {
        self.judge.as_deref()
    }

    /// What the group version serves, if that was asked less than ten minutes ago.
    pub fn catalog(&self, group_version: &GroupVersion) -> Option<Arc<Catalog>> {
        let catalogs = lock(&self.catalogs);
        catalogs
            .get(group_version)
            .filter(|(at, _)| at.elapsed() < DISCOVERY_LIFE)
            .map(|(_, catalog)| Arc::clone(catalog))
    }

    /// Remembers what the group version serves.
    pub fn remember(&self, group_version: &GroupVersion, catalog: Arc<Catalog>) {
        lock(&self.catalogs).insert(group_version.clone(), (Instant::now(), catalog));
    }

    /// Forgets it: `discover` was called, or a known resource was not found.
    pub fn forget(&self, group_version: &GroupVersion) {
        lock(&self.catalogs).remove(group_version);
    }

    /// One discovery at a time for each group version: whoever comes second waits here, then finds the answer. No longer than `left`, and
    /// `None` for whom it took too long: they ask beside it.
    pub async fn turn(&self, group_version: &GroupVersion, left: Option<Duration>) -> Option<OwnedMutexGuard<()>> {
        let turnstile = Arc::clone(lock(&self.turnstiles).entry(group_version.clone()).or_default());
        let patience = left.map_or(TURN, |left| left.min(TURN));
        timeout(patience, turnstile.lock_owned()).await.ok()
    }
}

/// These maps hold whole values only, so a panic elsewhere cannot have left them half written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant as Now;

    use super::*;
    use crate::client::Options;
    use crate::error::{Kind, Limit};
    use crate::policy::Policy;
    use crate::transport::{Mode, Terms};

    #[tokio::test]
    async fn all_servers_share_the_places_for_lookups() {
        let none_left = Endpoints::new(SystemResolver::bounded_by(0, Duration::from_millis(1)));
        for host in ["one.invalid", "other.invalid"] {
            let live = none_left.get(&Options::new(&format!("http://{host}")).into()).unwrap();
            let request = http::Request::get(format!("http://{host}/")).body(bytes::Bytes::new()).unwrap();
            let error =
                live.transport().send(request, &Policy::default(), Terms { mode: Mode::Whole }).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Limit(Limit::Concurrency), "{host}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_discovery_waits_for_another_as_long_as_its_call_may_take_and_never_for_ever() {
        let live = Endpoints::default().get(&Options::new("https://api.test").into()).unwrap();
        let core = GroupVersion::new("api", "v1").unwrap();
        let _held = live.turn(&core, None).await.unwrap();
        for (left, waited) in [(Some(Duration::from_secs(1)), 1), (Some(Duration::from_secs(60)), 5), (None, 5)] {
            let begun = Now::now();
            assert!(live.turn(&core, left).await.is_none());
            assert_eq!(begun.elapsed().as_secs(), waited);
        }
    }
}
