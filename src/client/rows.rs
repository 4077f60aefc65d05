//! Columns of a list that is still coming: rows are given, and the bytes they were in forgotten.

use std::future::ready;

use crate::client::Source;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::wire::{Path, PluckStream, Row, Tail};

/// How many bytes are read, where they are there already, before their rows are given: each time costs whoever asks a lock.
const TOGETHER: usize = 256 << 10;

/// A list being plucked. Dropping it closes the connection (HTTP/1.1) or resets the stream (HTTP/2).
#[derive(Debug)]
pub struct Rows {
    reading: Option<(Source, PluckStream)>,
    ended: Option<Result<Tail>>,
}

impl Rows {
    /// A row for each item of the list in `source`, with a cell for each of `columns`.
    pub fn new(source: Source, columns: &[Path], limits: &Limits) -> Self {
        Self { reading: Some((source, PluckStream::new(columns, &limits.in_pieces()))), ended: None }
    }

    /// Rows that have come, at least one; `None` at the end. An error comes after the rows before it.
    ///
    /// Whoever gives up waiting loses what has been read: this is not cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Vec<Row>>> {
        let (mut rows, mut taken) = (Vec::new(), 0);
        while let Some((source, list)) = self.reading.as_mut().filter(|_| rows.is_empty() || taken < TOGETHER) {
            let piece = tokio::select! {
                biased;
                piece = source.chunk() => piece,
                () = ready(()), if !rows.is_empty() => break,
            };
            match piece.map(|piece| piece.and_then(|bytes| Ok((bytes.len(), list.push(&bytes)?)))) {
                Some(Ok((length, fresh))) => {
                    taken += length;
                    rows.extend(fresh);
                }
                Some(Err(error)) => self.end(Some(error)),
                None => self.end(None),
            }
        }
        match &self.ended {
            _ if !rows.is_empty() => Some(Ok(rows)),
            Some(Err(error)) => Some(Err(error.clone())),
            _ => None,
        }
    }

    /// What the list said about itself, once all of it has come.
    pub fn tail(&self) -> Option<&Tail> {
        self.ended.as_ref()?.as_ref().ok()
    }

    fn end(&mut self, error: Option<Error>) {
        if let Some((source, list)) = self.reading.take() {
            let ended = error.map_or_else(|| list.finish(), Err);
            self.ended = Some(ended.inspect_err(|error| source.blame(error)));
        }
    }
}
