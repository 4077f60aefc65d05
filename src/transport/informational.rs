//! Answers before the answer (1xx): a server may send a few, and a hostile one for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Request;
use tokio::sync::Notify;

/// Kubernetes sends none; proxies send one or two.
const FEW: usize = 16;

/// Counts the informational answers of one request; hyper itself would take any number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flood(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    seen: AtomicUsize,
    crossed: Notify,
}

impl Flood {
    pub(crate) fn watch<B>(request: &mut Request<B>) -> Self {
        let flood = Self::default();
        let count = Arc::clone(&flood.0);
        hyper::ext::on_informational(request, move |_| {
            if count.seen.fetch_add(1, Ordering::Relaxed) == FEW {
                count.crossed.notify_one();
            }
        });
        flood
    }

    /// Returns when there were too many.
    pub(crate) async fn crossed(&self) {
        self.0.crossed.notified().await;
    }
}
