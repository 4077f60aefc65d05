//! The opening of a session: one hop that leaves HTTP.

use bytes::Bytes;
use http::HeaderMap;

use crate::call::Call;
use crate::client::{Client, Live, Source};
use crate::error::Result;
use crate::exec::{Session, handshake};
use crate::transport::Upgrade;

/// HTTP's code for a connection that changed its protocol.
pub(crate) const SWITCHED: u16 = 101;

impl Client {
    pub(crate) async fn upgrade(
        &self,
        live: &Live,
        call: &Call,
        request: http::Request<Bytes>,
    ) -> Result<(u16, HeaderMap, Source)> {
        let asked = request.headers().clone();
        match live.transport().upgrade(request, &call.terms().policy).await? {
            Upgrade::Refused(response) => Ok((response.status, response.headers, Source::Net(response.body))),
            Upgrade::Switched(headers, io) => {
                let version = handshake::accepted(&asked, &headers)?;
                let options = self.options();
                let session =
                    Session::new(io, &call.spec().want, version, options.limits.message_bytes, options.timeouts.idle)
                        .await;
                Ok((SWITCHED, headers, Source::Switched(Box::new(session))))
            }
        }
    }
}
