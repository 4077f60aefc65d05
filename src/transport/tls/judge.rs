//! What somebody outside decided about certificate chains: a foreign `X509::Store` can only be asked by its own language.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long an approval holds: whoever judges may have learnt of a revocation since.
const APPROVED_FOR: Duration = Duration::from_secs(600);
/// How long a rejection holds: long enough for the call that asked.
const REJECTED_FOR: Duration = Duration::from_secs(10);
/// How many chains are remembered; a server that shows a new one each time must not fill the memory.
const CHAINS: usize = 64;

/// Remembers verdicts. A chain that has none is not spoken to: see [`crate::error::Kind::Unjudged`].
#[derive(Debug, Default)]
pub struct Judge {
    verdicts: Mutex<HashMap<Question, Verdict>>,
}

/// A chain as it was presented (DER, leaf first), and the name it was presented for.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Question(String, Vec<Vec<u8>>);

#[derive(Clone, Copy, Debug)]
struct Verdict {
    approved: bool,
    until: Instant,
}

impl Judge {
    /// The chain is believed for `name` (the URL's host, or the server name that replaces it).
    pub fn approve(&self, chain: &[Vec<u8>], name: &str) {
        self.decide(chain, name, true, APPROVED_FOR);
    }

    /// The chain is not believed.
    pub fn reject(&self, chain: &[Vec<u8>], name: &str) {
        self.decide(chain, name, false, REJECTED_FOR);
    }

    /// What was decided, if anything was.
    pub(super) fn verdict(&self, chain: &Arc<[Vec<u8>]>, name: &str) -> Option<bool> {
        let question = Question::new(chain, name);
        self.lock().get(&question).filter(|v| v.until > Instant::now()).map(|v| v.approved)
    }

    fn decide(&self, chain: &[Vec<u8>], name: &str, approved: bool, time: Duration) {
        let now = Instant::now();
        let mut verdicts = self.lock();
        verdicts.retain(|_, verdict| verdict.until > now);
        if verdicts.len() >= CHAINS {
            verdicts.clear();
        }
        verdicts.insert(Question::new(chain, name), Verdict { approved, until: now + time });
    }

    /// The map holds whole values only, so a panic elsewhere cannot have left it half written.
    fn lock(&self) -> MutexGuard<'_, HashMap<Question, Verdict>> {
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question {
    fn new(chain: &[Vec<u8>], name: &str) -> Self {
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        Self(bare.strip_suffix('.').unwrap_or(bare).to_ascii_lowercase(), chain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_verdicts_for_the_very_chain_and_name() {
        let judge = Judge::default();
        let chain: Arc<[Vec<u8>]> = Arc::from(vec![vec![1], vec![2]]);
        judge.approve(&chain, "API.test.");
        assert_eq!(judge.verdict(&chain, "api.test"), Some(true));
        assert_eq!(judge.verdict(&chain, "other.test"), None);
        assert_eq!(judge.verdict(&Arc::from(vec![vec![1, 2]]), "api.test"), None);
        judge.reject(&chain, "api.test");
        assert_eq!(judge.verdict(&chain, "api.test"), Some(false));
    }

    #[test]
    fn forgets_rather_than_grows() {
        let judge = Judge::default();
        for n in 0..=u8::MAX {
            judge.approve(&[vec![n]], "api.test");
        }
        assert!(judge.lock().len() <= CHAINS);
    }
}
