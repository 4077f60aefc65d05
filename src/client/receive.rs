//! Turns the body of a success into what the call wants.

use bytes::Bytes;

use crate::api::request::Want;
use crate::client::{Outcome, Rows, Source, Stream};
use crate::error::{Error, Kind, Result};
use crate::limits::Limits;
use crate::transport::Piece;
use crate::wire::{Buffer, Builder, Document};

pub(crate) async fn receive(source: Source, want: &Want, length: Option<u64>, limits: &Limits) -> Result<Outcome> {
    match want {
        Want::Document => {
            blaming(source, async |source| document(source, length, limits).await).await.map(Outcome::Document)
        }
        Want::Text => blaming(source, async |source| text(source, length, limits).await).await.map(Outcome::Text),
        Want::Stream => Ok(Outcome::Stream(Box::new(Stream::new(source, limits)))),
        Want::Pluck(columns) => Ok(Outcome::Rows(Box::new(Rows::new(source, columns, limits)))),
        Want::Exec | Want::PortForward => session(source),
    }
}

/// Reads all of `source`, whose connection is closed where what it brought cannot be taken.
async fn blaming<T>(mut source: Source, read: impl AsyncFnOnce(&mut Source) -> Result<T>) -> Result<T> {
    read(&mut source).await.inspect_err(|error| source.blame(error))
}

/// The index is made while the bytes arrive, so a list costs its transfer.
async fn document(source: &mut Source, length: Option<u64>, limits: &Limits) -> Result<Document> {
    let mut builder = Builder::new(limits);
    if let Some(length) = length {
        builder.expect_len(length);
    }
    while let Some(piece) = source.piece().await {
        let (piece, before) = (piece?, builder.index_size());
        match piece {
            Piece::Came(bytes) => builder.push(&bytes),
            Piece::Unpacked(bytes) => builder.join(bytes),
        }?;
        source.hold(builder.index_size() - before)?;
        source.unpack_into(|| builder.room());
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

async fn text(source: &mut Source, length: Option<u64>, limits: &Limits) -> Result<Bytes> {
    let mut text = Buffer::new(limits.decoded_bytes);
    text.expect_len(length.unwrap_or(0));
    while let Some(chunk) = source.chunk().await {
        text.push(&chunk?)?;
    }
    Ok(text.into_bytes())
}
