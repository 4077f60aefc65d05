//! Who named the address. Only code says so, never a record or an options Hash.

/// Where an address comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A user of the application: the full policy.
    #[default]
    User,
    /// Whoever runs the application: their own endpoint may be private or loopback, never a metadata service.
    Operator,
}
