//! Messages of `channel.k8s.io`: one byte that names a channel, then what goes over it. Pure.

use bytes::{BufMut, Bytes, BytesMut};

use crate::error::{Error, Kind, Result};

/// Standard input of a command; the data of a forwarded port, both ways.
pub const STDIN: u8 = 0;
/// Standard output of a command; the errors of a forwarded port.
pub const STDOUT: u8 = 1;
/// Standard error of a command.
pub const STDERR: u8 = 2;
/// How the command ended: a `metav1.Status`.
pub const STATUS: u8 = 3;
/// The size of the terminal.
pub const RESIZE: u8 = 4;
/// The end of another channel; only in v5 (KEP-4006).
pub const CLOSE: u8 = 255;

/// How much one message carries: what client-go and the kubelet send, and no server refuses.
pub const PIECE: usize = 32 << 10;

/// A message for `channel`.
pub fn encode(channel: u8, payload: &[u8]) -> Bytes {
    let mut message = BytesMut::with_capacity(payload.len() + 1);
    message.put_u8(channel);
    message.put_slice(payload);
    message.freeze()
}

/// The channel of a message, and what came over it.
pub fn decode(mut message: Bytes) -> Result<(u8, Bytes)> {
    match message.is_empty() {
        true => Err(Error::new(Kind::Parse, "the server sent a message that names no channel")),
        false => Ok((message.split_to(1)[0], message)),
    }
}

/// Says that nothing more will come over `channel`.
pub fn close(channel: u8) -> Bytes {
    encode(CLOSE, &[channel])
}

/// Says how large the terminal is, in characters (`TerminalSize` of client-go).
pub fn resize(width: u16, height: u16) -> Bytes {
    encode(RESIZE, format!("{{\"Width\":{width},\"Height\":{height}}}").as_bytes())
}

/// The two bytes with which the kubelet begins each channel of a forwarded port: its number, which the caller knows.
#[derive(Debug, Default)]
pub struct Prefixes([usize; 2]);

impl Prefixes {
    const LENGTH: usize = 2;

    /// What remains of a channel's next bytes.
    pub fn strip(&mut self, channel: u8, mut payload: Bytes) -> Bytes {
        if let Some(seen) = self.0.get_mut(usize::from(channel)) {
            let prefix = payload.split_to((Self::LENGTH - *seen).min(payload.len()));
            *seen += prefix.len();
        }
        payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_channel_and_its_bytes() {
        assert_eq!(encode(STDIN, b"ls\n"), &b"\0ls\n"[..]);
        assert_eq!(decode(Bytes::from_static(b"\x02no")).unwrap(), (STDERR, Bytes::from_static(b"no")));
        assert_eq!(decode(Bytes::from_static(b"\x01")).unwrap(), (STDOUT, Bytes::new()));
        assert_eq!(decode(Bytes::new()).unwrap_err().kind(), Kind::Parse);
    }

    #[test]
    fn the_end_of_input_and_a_size_are_messages_too() {
        assert_eq!(close(STDIN), &b"\xff\0"[..]);
        assert_eq!(resize(120, 40), &b"\x04{\"Width\":120,\"Height\":40}"[..]);
    }

    #[test]
    fn each_channel_of_a_port_loses_its_first_two_bytes_however_they_come() {
        let mut prefixes = Prefixes::default();
        let mut strip = |channel, bytes: &'static [u8]| prefixes.strip(channel, Bytes::from_static(bytes)).to_vec();
        assert_eq!(strip(0, b"\x90"), b"");
        assert_eq!(strip(1, b"\x90\x1f"), b"");
        assert_eq!(strip(0, b"\x1fpong"), b"pong");
        assert_eq!(strip(0, b"more"), b"more");
        assert_eq!(strip(1, b"refused"), b"refused");
        assert_eq!(strip(9, b"whatever"), b"whatever");
    }
}
