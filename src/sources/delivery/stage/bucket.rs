//! Publishing to a bucket: every part is there already, only the completions are missing.

use futures::StreamExt;
use object_store::ObjectStore;

use crate::error::Result;
use crate::sources::delivery::withheld::Upload;
use crate::sources::explain;

/// Completions under way at once.
const AT_ONCE: usize = 16;

/// Completes the uploads. If one fails, those completed before are deleted again where their
/// names are new (several objects have generated names; a single one may have replaced another).
pub(super) async fn publish(
    place: &str,
    store: &dyn ObjectStore,
    uploads: Vec<Upload>,
    single: bool,
) -> Result<()> {
    let outcome = futures::stream::iter(&uploads)
        .map(complete)
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let Some(error) = outcome.into_iter().find_map(Result::err) else {
        return Ok(());
    };
    if !single {
        let locations = uploads.iter().map(|upload| Ok(upload.location.clone()));
        let locations = futures::stream::iter(locations.collect::<Vec<_>>()).boxed();
        // The first error is the one to tell; what cannot be deleted is whole.
        let _: Vec<_> = store.delete_stream(locations).collect().await;
    }
    abort(uploads).await;
    Err(explain(place, &error))
}

async fn complete(upload: &Upload) -> object_store::Result<()> {
    match upload.take() {
        None => Ok(()),
        Some(mut parts) => {
            let outcome = parts.complete().await;
            if outcome.is_err() {
                // A server that is gone keeps the parts until its lifecycle rule removes them.
                let _ = parts.abort().await;
            }
            outcome.map(|_| ())
        }
    }
}

/// Gives up uploads that were not completed; their parts were never readable.
pub(super) async fn abort(uploads: Vec<Upload>) {
    futures::stream::iter(uploads)
        .for_each_concurrent(AT_ONCE, |upload| async move {
            if let Some(mut parts) = upload.take() {
                // A server that is gone keeps them until its lifecycle rule removes them.
                let _ = parts.abort().await;
            }
        })
        .await;
}

#[cfg(test)]
mod tests {
    use super::{Upload, abort, publish};
    use async_trait::async_trait;
    use futures::{FutureExt, TryStreamExt};
    use object_store::memory::InMemory;
    use object_store::path::Path;
    use object_store::{
        MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, PutResult, UploadPart,
    };

    /// An upload that the server refuses to complete.
    #[derive(Debug)]
    struct Refused;

    #[async_trait]
    impl MultipartUpload for Refused {
        fn put_part(&mut self, _: PutPayload) -> UploadPart {
            async { Ok(()) }.boxed()
        }

        async fn complete(&mut self) -> object_store::Result<PutResult> {
            Err(object_store::Error::PermissionDenied {
                path: "b".into(),
                source: "no".into(),
            })
        }

        async fn abort(&mut self) -> object_store::Result<()> {
            Ok(())
        }
    }

    async fn sent(store: &InMemory, name: &str) -> Upload {
        let mut parts = store.put_multipart(&Path::from(name)).await.unwrap();
        parts.put_part("x".into()).await.unwrap();
        Upload::begun(Path::from(name), parts)
    }

    async fn count(store: &InMemory) -> usize {
        store
            .list(None)
            .try_collect::<Vec<_>>()
            .await
            .unwrap()
            .len()
    }

    #[tokio::test]
    async fn one_refused_completion_takes_the_others_back() {
        let store = InMemory::new();
        let uploads = vec![
            sent(&store, "out/a").await,
            Upload::begun(Path::from("out/b"), Box::new(Refused)),
            sent(&store, "out/c").await,
        ];
        assert_eq!(count(&store).await, 0);
        let error = publish("s3://feedback/out/", &store, uploads, false)
            .await
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("s3://feedback/out/: access denied"),
            "{error}"
        );
        assert_eq!(count(&store).await, 0);
    }

    #[tokio::test]
    async fn completed_uploads_are_visible_and_aborted_ones_are_not() {
        let store = InMemory::new();
        let uploads = vec![sent(&store, "out/a").await, sent(&store, "out/b").await];
        publish("s3://feedback/out/", &store, uploads, false)
            .await
            .unwrap();
        abort(vec![sent(&store, "out/c").await]).await;
        assert_eq!(count(&store).await, 2);
    }
}
