//! Names that are refused before anyone is asked for their addresses.

use super::address::{Class, Key};

/// A blocked name: a whole name, or with a leading dot everything below it.
struct Row {
    name: &'static str,
    class: Class,
    key: Key,
}

const fn row(name: &'static str, class: Class, key: Key) -> Row {
    Row { name, class, key }
}

#[rustfmt::skip]
const ROWS: &[Row] = {
    use Class::{Localhost, Metadata};
    use Key::{LocalRequests, Named};
    &[
        row("localhost",                  Localhost, LocalRequests), // RFC 6761 §6.3, as are all names below it
        row(".localhost",                 Localhost, LocalRequests),
        row("localhost.localdomain",      Localhost, LocalRequests), // /etc/hosts of Red Hat and Debian
        row("localhost4",                 Localhost, LocalRequests),
        row("localhost4.localdomain4",    Localhost, LocalRequests),
        row("localhost6",                 Localhost, LocalRequests),
        row("localhost6.localdomain6",    Localhost, LocalRequests),
        row("ip6-localhost",              Localhost, LocalRequests),
        row("ip6-loopback",               Localhost, LocalRequests),
        row("metadata",                   Metadata,  Named),         // Google: the short name
        row("metadata.google.internal",   Metadata,  Named),
        row("metadata.goog",              Metadata,  Named),
        row("instance-data",              Metadata,  Named),         // AWS
        row("instance-data.ec2.internal", Metadata,  Named),
        row("metadata.tencentyun.com",    Metadata,  Named),
        row("api.metadata.cloud.ibm.com", Metadata,  Named),
    ]
};

/// Why a normalised name is refused and what opens it.
pub(super) fn blocked(name: &str) -> Option<(Class, Key)> {
    ROWS.iter().find(|row| row.holds(name)).map(|row| (row.class, row.key))
}

impl Row {
    fn holds(&self, name: &str) -> bool {
        if self.name.starts_with('.') { name.ends_with(self.name) } else { name == self.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_whole_names_and_what_is_below_localhost() {
        for (name, class) in [
            ("localhost", Some(Class::Localhost)),
            ("a.b.localhost", Some(Class::Localhost)),
            ("ip6-loopback", Some(Class::Localhost)),
            ("metadata.google.internal", Some(Class::Metadata)),
            ("notlocalhost", None),
            ("localhost.example.com", None),
            ("metadata.example.com", None),
        ] {
            assert_eq!(blocked(name).map(|(class, _)| class), class, "{name}");
        }
    }
}
