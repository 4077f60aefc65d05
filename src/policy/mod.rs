//! May we dial it? The one answer, for every request, watch, proxy hop and gRPC call.
//!
//! A URL is read once ([`Endpoint`]), judged without I/O when a client is built ([`Policy::check_url`]), and its name is
//! resolved once per dial: every answer is judged and only judged addresses ([`Pinned`]) can be dialled
//! ([`Policy::pin`]). After the connect the peer is judged again ([`Policy::check_peer`]).
//!
//! * [`address`]: the table of blocked ranges, one row each. `embedded`: the IPv4 addresses inside IPv6 ones.
//! * `names`: names that are blocked before anyone is asked. `interfaces`: the machine's own addresses.
//! * [`Settings`], [`Allowlist`], [`Origin`]: what the administrators and the calling code say.

pub mod address;
mod allowlist;
mod check;
mod embedded;
mod host;
mod interfaces;
mod names;
mod origin;
mod path;
mod pinned;
mod prefix;
mod resolver;
mod settings;
mod url;

pub use allowlist::Allowlist;
pub use check::Policy;
pub use host::Host;
pub use origin::Origin;
pub use pinned::Pinned;
pub use prefix::Prefix;
pub use resolver::{Answers, Resolve, SystemResolver};
pub use settings::Settings;
pub use url::Endpoint;
