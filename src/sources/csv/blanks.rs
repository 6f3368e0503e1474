//! Text whose columns stand between blanks, as old statistical packages write it.
//!
//! The readers below know delimiters only, so the text is rewritten on its way from the store:
//! each run of blanks becomes one comma.

use std::io::Read;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// The words of a line.
pub(super) fn words(line: &[u8]) -> Vec<&[u8]> {
    line.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .collect()
}

/// The text with commas for blanks; words with commas or quotes in them are quoted.
pub(super) fn respaced(text: &[u8]) -> Vec<u8> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut out = Vec::with_capacity(text.len());
    for line in text.split(|byte| *byte == b'\n') {
        for (at, word) in words(line).into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            push_field(&mut out, word);
        }
        out.push(b'\n');
    }
    out
}

fn push_field(out: &mut Vec<u8>, word: &[u8]) {
    if !word.iter().any(|byte| matches!(byte, b',' | b'"')) {
        out.extend_from_slice(word);
        return;
    }
    out.push(b'"');
    for byte in word {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// A store whose objects come decompressed and with commas for blanks. It holds an object in
/// memory while it is rewritten.
#[derive(Debug)]
pub(in crate::sources) struct Respaced {
    pub(in crate::sources) inner: Arc<dyn ObjectStore>,
    pub(in crate::sources) compression: FileCompressionType,
}

impl std::fmt::Display for Respaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "respaced {}", self.inner)
    }
}

fn read_only<T>() -> Result<T> {
    Err(object_store::Error::NotImplemented {
        operation: "writing".to_owned(),
        implementer: "text between blanks".to_owned(),
    })
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> object_store::Error {
    object_store::Error::Generic {
        store: "text",
        source: Box::new(error),
    }
}

#[async_trait]
impl ObjectStore for Respaced {
    async fn get_opts(&self, location: &Path, _options: GetOptions) -> Result<GetResult> {
        let result = self.inner.get(location).await?;
        let meta = result.meta.clone();
        let bytes = result.bytes().await?;
        let compression = self.compression;
        let text = tokio::task::spawn_blocking(move || {
            let mut text = Vec::new();
            let mut reader = compression
                .convert_read(std::io::Cursor::new(bytes))
                .map_err(broken)?;
            reader.read_to_end(&mut text).map_err(broken)?;
            Ok::<_, object_store::Error>(Bytes::from(respaced(&text)))
        })
        .await
        .map_err(broken)??;
        let range = 0..text.len() as u64;
        let payload = futures::stream::once(async move { Ok(text) }).boxed();
        Ok(GetResult {
            payload: GetResultPayload::Stream(payload),
            meta,
            range,
            attributes: object_store::Attributes::default(),
        })
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        read_only()
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        read_only()
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        futures::stream::once(async { read_only() }).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        read_only()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn blanks_become_commas_and_commas_are_quoted() {
        let text = super::respaced(b"  a  b\r\n\n 1,5\t\"x\"\n");
        assert_eq!(text, b"a,b\n\n\"1,5\",\"\"\"x\"\"\"\n\n");
    }
}
