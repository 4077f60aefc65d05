//! How much a server may send, and how long it may take: one value per client, plain numbers.

use std::time::Duration;

/// The bounds of one client's calls; docs/limits.md tells users. Each one crossed is its own typed error ([`crate::error::Limit`]) and closes the connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes of the status line and all header fields.
    pub header_bytes: usize,
    /// Bytes of a whole body as they come over the wire, before decompression. Streams (watch, log follow) have no bound.
    pub wire_bytes: u64,
    /// Bytes of a whole body after decompression.
    pub decoded_bytes: u64,
    /// Bytes, after decompression, of a list that is plucked while it comes. Nobody keeps them, so by default there is no bound.
    pub streamed_bytes: u64,
    /// Decoded bytes per wire byte, once [`Limits::ratio_after`] decoded bytes have come.
    pub ratio: u64,
    /// Decoded bytes that are free of the ratio.
    pub ratio_after: u64,
    /// Nesting of objects and arrays in JSON.
    pub depth: usize,
    /// Bytes of one JSON string, quotes and escapes included.
    pub string_bytes: usize,
    /// Bytes of one JSON number.
    pub number_bytes: usize,
    /// Bytes of one line of a watch or a log.
    pub line_bytes: usize,
    /// Bytes of one message of a WebSocket (exec, attach, port-forward).
    pub message_bytes: usize,
    /// Items of one page of a list.
    pub items: usize,
    /// Connections to the server at one time. A call waits for one as long as it would for it to open.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            header_bytes: 64 << 10,
            wire_bytes: 64 * MIB,
            decoded_bytes: 256 * MIB,
            streamed_bytes: u64::MAX,
            ratio: 200,
            ratio_after: 10 * MIB,
            depth: 64,
            string_bytes: 32 << 20,
            number_bytes: 1 << 10,
            line_bytes: 8 << 20,
            message_bytes: 4 << 20,
            items: 1_000_000,
            connections: 128,
        }
    }
}

impl Limits {
    /// Those of a body that nobody keeps.
    pub(crate) fn in_pieces(&self) -> Self {
        Self { wire_bytes: u64::MAX, decoded_bytes: self.streamed_bytes, ..self.clone() }
    }
}

/// How long each phase of one call may take; `None` waits for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timeouts {
    /// Name, connect, proxy and TLS handshakes together.
    pub open: Option<Duration>,
    /// Silence: from the request to the head of the answer, and between two pieces of its body.
    pub read: Option<Duration>,
    /// Silence of a stream once its head has come. A quiet watch is no failure, so by default there is none: a dead peer is
    /// found by keep-alive.
    pub idle: Option<Duration>,
    /// The whole call, body included. Streams (watch, log follow) have none.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    /// GitLab's own: open 10 s, read 30 s; and ten minutes in all, so that a drip cannot hold a job.
    fn default() -> Self {
        let secs = |s| Some(Duration::from_secs(s));
        Self { open: secs(10), read: secs(30), idle: None, total: secs(600) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_told_the_defaults_of_now() {
        let told = include_str!("../docs/limits.md");
        let d = Limits::default();
        for (name, value) in [
            ("header_bytes", d.header_bytes as u64),
            ("wire_bytes", d.wire_bytes),
            ("decoded_bytes", d.decoded_bytes),
            ("streamed_bytes", d.streamed_bytes),
            ("ratio", d.ratio),
            ("ratio_after", d.ratio_after),
            ("depth", d.depth as u64),
            ("string_bytes", d.string_bytes as u64),
            ("number_bytes", d.number_bytes as u64),
            ("line_bytes", d.line_bytes as u64),
            ("message_bytes", d.message_bytes as u64),
            ("items", d.items as u64),
            ("connections", d.connections as u64),
        ] {
            let value = if value == u64::MAX { "none".to_owned() } else { value.to_string() };
            assert!(told.contains(&format!("| `{name}` | {value} |")), "{name} is {value}");
        }
        let t = Timeouts::default();
        for (name, time) in [("open", t.open), ("read", t.read), ("total", t.total), ("idle", t.idle)] {
            let time = time.map_or_else(|| "none".to_owned(), |time| format!("{} s", time.as_secs()));
            assert!(told.contains(&format!("| `{name}` | {time} |")), "{name} is {time}");
        }
    }
}
