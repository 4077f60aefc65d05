//! The opening of a WebSocket (RFC 6455 §4.1): what is asked, and whether the answer belongs to it. Pure.

use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::error::{Error, Kind, Result};

/// The version of the channels that a server chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Without a way to end standard input.
    V4,
    /// With one.
    V5,
}

/// Adds what asks for a WebSocket with one of `protocols`.
pub fn ask(headers: &mut HeaderMap, protocols: &'static str) -> Result<()> {
    let key = HeaderValue::try_from(generate_key());
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocols));
    headers
        .insert(SEC_WEBSOCKET_KEY, key.map_err(|_| Error::new(Kind::Internal, "a key of a WebSocket is not base64"))?);
    Ok(())
}

/// The version of the channels, if `answer` belongs to `asked`.
pub fn accepted(asked: &HeaderMap, answer: &HeaderMap) -> Result<Version> {
    let key = asked.get(SEC_WEBSOCKET_KEY).map_or(&b""[..], HeaderValue::as_bytes);
    if !text(answer, UPGRADE).eq_ignore_ascii_case("websocket") || !lists(text(answer, CONNECTION), "upgrade") {
        return Err(Error::new(Kind::Parse, "the server changed to a protocol nobody asked for"));
    }
    if text(answer, SEC_WEBSOCKET_ACCEPT) != derive_accept_key(key) {
        return Err(Error::new(Kind::Parse, "the server's Sec-WebSocket-Accept does not belong to this request"));
    }
    if answer.contains_key(SEC_WEBSOCKET_EXTENSIONS) {
        return Err(Error::new(Kind::Parse, "the server chose a WebSocket extension nobody asked for"));
    }
    version(text(asked, SEC_WEBSOCKET_PROTOCOL), text(answer, SEC_WEBSOCKET_PROTOCOL))
}

fn version(offered: &str, chosen: &str) -> Result<Version> {
    match chosen {
        "v5.channel.k8s.io" if lists(offered, chosen) => Ok(Version::V5),
        "v4.channel.k8s.io" if lists(offered, chosen) => Ok(Version::V4),
        _ => Err(Error::new(Kind::Parse, "the server speaks no version of channel.k8s.io that was offered")),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn lists(list: &str, word: &str) -> bool {
    list.split(',').any(|one| one.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &str = "v5.channel.k8s.io, v4.channel.k8s.io";

    fn pair(protocols: &'static str, protocol: &'static str) -> (HeaderMap, HeaderMap) {
        let (mut asked, mut answer) = (HeaderMap::new(), HeaderMap::new());
        ask(&mut asked, protocols).unwrap();
        let accept = derive_accept_key(asked[SEC_WEBSOCKET_KEY].as_bytes());
        answer.insert(CONNECTION, HeaderValue::from_static("keep-alive, upgrade"));
        answer.insert(UPGRADE, HeaderValue::from_static("WebSocket"));
        answer.insert(SEC_WEBSOCKET_ACCEPT, HeaderValue::try_from(accept).unwrap());
        answer.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        (asked, answer)
    }

    #[test]
    fn takes_the_version_that_the_server_chose() {
        for (offered, chosen, version) in [
            (BOTH, "v5.channel.k8s.io", Some(Version::V5)),
            (BOTH, "v4.channel.k8s.io", Some(Version::V4)),
            ("v4.channel.k8s.io", "v5.channel.k8s.io", None),
            (BOTH, "v6.channel.k8s.io", None),
            (BOTH, "", None),
        ] {
            let (asked, answer) = pair(offered, chosen);
            assert_eq!(accepted(&asked, &answer).ok(), version, "{offered}: {chosen}");
        }
    }

    #[test]
    fn refuses_an_answer_that_belongs_to_another_request() {
        for (name, value) in [
            (SEC_WEBSOCKET_ACCEPT, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            (UPGRADE, "h2c"),
            (CONNECTION, "close"),
            (SEC_WEBSOCKET_EXTENSIONS, "permessage-deflate"),
        ] {
            let (asked, mut answer) = pair(BOTH, "v5.channel.k8s.io");
            answer.insert(name.clone(), HeaderValue::from_static(value));
            assert_eq!(accepted(&asked, &answer).unwrap_err().kind(), Kind::Parse, "{name}");
        }
    }

    #[test]
    fn each_request_has_a_key_of_its_own() {
        let (one, two) = (pair(BOTH, "").0, pair(BOTH, "").0);
        assert_ne!(one[SEC_WEBSOCKET_KEY], two[SEC_WEBSOCKET_KEY]);
    }
}
