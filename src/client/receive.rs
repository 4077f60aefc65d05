//! Turns the body of a success into what the call wants.

use bytes::{Bytes, BytesMut};

use crate::api::request::Want;
use crate::client::{Outcome, Rows, Source, Stream};
use crate::error::{Error, Kind, Result};
use crate::limits::Limits;
use crate::wire::{Builder, Document};

pub(crate) async fn receive(source: Source, want: &Want, length: Option<u64>, limits: &Limits) -> Result<Outcome> {
    match want {
        Want::Document => document(source, length, limits).await.map(Outcome::Document),
        Want::Text => text(source).await.map(Outcome::Text),
        Want::Stream => Ok(Outcome::Stream(Box::new(Stream::new(source, limits)))),
        Want::Pluck(columns) => Ok(Outcome::Rows(Box::new(Rows::new(source, columns, limits)))),
        Want::Exec | Want::PortForward => session(source),
    }
}

/// The index is made while the bytes arrive, so a list costs its transfer.
async fn document(mut source: Source, length: Option<u64>, limits: &Limits) -> Result<Document> {
    let mut builder = Builder::new(limits);
    if let Some(length) = length {
        builder.expect_len(length);
    }
    while let Some(chunk) = source.chunk().await {
        builder.push(&chunk?)?;
    }
    builder.finish()
}

/// Only a connection can be one: what an interceptor made up cannot.
fn session(source: Source) -> Result<Outcome> {
    match source {
        Source::Switched(session) => Ok(Outcome::Session(session)),
        _ => Err(Error::new(Kind::Parse, "the server, or who answered in its place, did not change to WebSocket")),
    }
}

async fn text(mut source: Source) -> Result<Bytes> {
    let mut text = BytesMut::new();
    while let Some(chunk) = source.chunk().await {
        text.extend_from_slice(&chunk?);
    }
    Ok(text.freeze())
}
