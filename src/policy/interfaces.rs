//! The addresses of this machine's own interfaces: a public one leads back here as surely as loopback does.
//!
//! Each thread keeps its own copy for a moment: no lock that a fork could find held, no system call per request.

use std::cell::RefCell;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long an address that has just been taken away (or given) may be judged as before.
const FRESH: Duration = Duration::from_secs(5);

thread_local! {
    static KEPT: RefCell<Option<(Instant, Vec<IpAddr>)>> = const { RefCell::new(None) };
}

/// Whether `address` is one of this machine's; an error when the machine does not say.
pub(super) fn hold(address: IpAddr) -> std::io::Result<bool> {
    KEPT.with_borrow_mut(|kept| {
        let fresh = kept.take_if(|(read_at, _)| read_at.elapsed() < FRESH);
        let (_, addresses) = kept.insert(match fresh {
            Some(fresh) => fresh,
            None => (Instant::now(), read()?),
        });
        Ok(addresses.contains(&address))
    })
}

fn read() -> std::io::Result<Vec<IpAddr>> {
    Ok(if_addrs::get_if_addrs()?.iter().map(|interface| interface.ip().to_canonical()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_address_the_system_lists_and_no_other() {
        for interface in if_addrs::get_if_addrs().unwrap() {
            assert!(hold(interface.ip()).unwrap(), "{}", interface.ip());
        }
        assert!(!hold("1.1.1.1".parse().unwrap()).unwrap());
    }
}
