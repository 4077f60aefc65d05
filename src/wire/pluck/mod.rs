//! Columns out of lists: paths in, rows of cells out.

mod cell;
mod path;
mod plan;
mod stream;
mod table;

pub use cell::{Cell, Row, Text};
pub use path::Path;
pub use stream::{PluckStream, Tail};
pub use table::{Table, pluck};
