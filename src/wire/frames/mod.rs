//! Streams, cut into lines; and the events that are the lines of a watch.

mod event;
mod lines;

pub use event::{EventKind, WatchEvent};
pub use lines::Lines;
