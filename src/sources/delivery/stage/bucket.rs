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
