//! Turns the body of a success into what the call wants.

use bytes::{Bytes, BytesMut};

use crate::api::request::Want;
use crate::client::{Outcome, Source, Stream};
use crate::error::Result;
use crate::limits::Limits;
use crate::wire::{Builder, Document};

pub(crate) async fn receive(source: Source, want: Want, length: Option<u64>, limits: &Limits) -> Result<Outcome> {
    match want {
        Want::Document => document(source, length, limits).await.map(Outcome::Document),
        Want::Text => text(source).await.map(Outcome::Text),
        Want::Stream => Ok(Outcome::Stream(Box::new(Stream::new(source, limits)))),
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

async fn text(mut source: Source) -> Result<Bytes> {
    let mut text = BytesMut::new();
    while let Some(chunk) = source.chunk().await {
        text.extend_from_slice(&chunk?);
    }
    Ok(text.freeze())
}
