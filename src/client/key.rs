//! What a server is found by: the options of its clients.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use crate::client::Options;

/// Options, and their hash: made once, not with each call, because a bundle of certificates can be long.
#[derive(Clone, Debug, Eq)]
pub struct Key {
    options: Arc<Options>,
    hash: u64,
}

impl From<Options> for Key {
    fn from(options: Options) -> Self {
        let mut hasher = DefaultHasher::new();
        options.hash(&mut hasher);
        Self { options: Arc::new(options), hash: hasher.finish() }
    }
}

impl Deref for Key {
    type Target = Options;

    fn deref(&self) -> &Options {
        &self.options
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.options, &other.options) || self.options == other.options)
    }
}
