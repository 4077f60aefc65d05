//! WebSockets that say too much, or something else.

use std::time::Duration;

use gitlab_kube::api::request::Want;
use gitlab_kube::error::{Kind, Limit, Phase};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::attack::{Attack, attacks};
use crate::http1::{flood, greets};
use crate::support::MARKER;
use crate::support::server::request;

const LARGE: Kind = Kind::Limit(Limit::MessageBytes);
const BROKEN: &[Kind] = &[Kind::Parse, Kind::Cut, Kind::Reset];

/// Agrees to change the protocol, then says this once, and that for ever.
fn switches(protocol: &'static str, once: Vec<u8>, then: Vec<u8>) -> Attack {
    greets(move |mut io| {
        let (once, then) = (once.clone(), then.clone());
        async move {
            let asked = request(&mut io).await?;
            let key = asked.lines().find_map(|line| line.to_ascii_lowercase().starts_with("sec-websocket-key: ").then(|| line[19..].trim().to_owned()));
            let accept = derive_accept_key(key.unwrap().as_bytes());
            let head = format!("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n");
            let _ = io.write_all(&[head.as_bytes(), &once].concat()).await;
            if !then.is_empty() {
                flood(&mut io, &then, Duration::ZERO).await;
            }
            Some(io)
        }
    })
    .wanting(Want::Exec)
}

fn says(bytes: impl Into<Vec<u8>>) -> Attack {
    switches("v5.channel.k8s.io", bytes.into(), Vec::new())
}

fn says_without_end(bytes: impl Into<Vec<u8>>) -> Attack {
    switches("v5.channel.k8s.io", Vec::new(), bytes.into())
}

attacks! {
    a_message_that_says_it_is_huge_is_refused: says([&[0x82, 127][..], &(1u64 << 40).to_be_bytes()].concat()).ends(LARGE);
    a_message_larger_than_allowed_is_refused: says([&[0x82, 127][..], &(100u64 << 10).to_be_bytes(), &vec![1; 100 << 10]].concat()).ends(LARGE);
    a_message_of_fragments_without_end_is_refused: switches("v5.channel.k8s.io", vec![2, 1, 1], [&[0, 126, 0x10, 0][..], &[b'a'; 0x1000]].concat()).ends(LARGE);
    empty_fragments_without_end_can_be_left: switches("v5.channel.k8s.io", vec![2, 1, 1], vec![0, 0]).timeouts(|t| t.idle = Some(Duration::from_millis(500))).ends_in_one_of(&[Kind::Timeout(Phase::Read), Kind::Parse, LARGE]);
    a_control_frame_longer_than_allowed_is_refused: says([&[0x89, 126, 1, 0][..], &[0; 256]].concat()).ends_in_one_of(BROKEN);
    a_frame_of_a_reserved_kind_is_refused: says([0x83, 0]).ends_in_one_of(BROKEN);
    a_frame_with_reserved_bits_is_refused: says([0xf2, 0]).ends_in_one_of(BROKEN);
    a_frame_masked_by_the_server_is_refused: says([0x82, 0x81, 1, 2, 3, 4, 5]).ends_in_one_of(BROKEN);
    words_in_place_of_frames_are_refused: says(MARKER).ends_in_one_of(BROKEN);
    text_that_is_not_utf_8_is_refused: says([0x81, 2, 0xff, 0xfe]).ends_in_one_of(BROKEN);
    silence_times_out_where_that_is_wanted: says([]).timeouts(|t| t.idle = Some(Duration::from_millis(300))).ends(Kind::Timeout(Phase::Read));
    another_protocol_is_refused: switches(MARKER, Vec::new(), Vec::new()).ends(Kind::Parse);
    pongs_without_end_can_be_left: says_without_end([0x8a, 0].repeat(100)).timeouts(|t| t.idle = Some(Duration::from_millis(500))).ends_in_one_of(&[Kind::Timeout(Phase::Read), Kind::Parse]);
}
