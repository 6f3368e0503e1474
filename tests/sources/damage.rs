//! Files that are broken: one clear error that names them, and no panic that gets out.

use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch, StringArray};
use tempfile::tempdir;

use super::{error, gzip, register, run, says, session, write, write_parquet};

fn sound() -> RecordBatch {
    let ids = Arc::new(Int64Array::from(
        (0..20_000).map(|i| i * 7919 % 10_007).collect::<Vec<_>>(),
    ));
    let texts = (0..20_000).map(|i| format!("comment number {}", i * 31 % 997));
    let texts = Arc::new(StringArray::from(texts.collect::<Vec<_>>()));
    RecordBatch::try_from_iter([("id", ids as _), ("text", texts as _)]).unwrap()
}

#[tokio::test]
async fn broken_files_are_named() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("sound.parquet");
    write_parquet(&path, &sound());
    let bytes = std::fs::read(&path).unwrap();
    let cut = &bytes[..bytes.len() / 2];
    let mut magic = bytes.clone();
    magic[bytes.len() - 4..].copy_from_slice(b"XXXX");
    let packed = gzip("a,b\n1,2\n");
    for (name, content) in [
        ("cut.parquet", cut),
        ("magic.parquet", &magic),
        ("tiny.parquet", b"PAR1"),
        ("empty.parquet", b""),
        ("text.parquet", b"a,b\n1,2\n"),
        ("text.arrow", b"a,b\n1,2\n"),
        ("cut.csv.gz", &packed[..packed.len() - 9]),
        ("noise.csv.gz", b"no gzip at all"),
        ("noise.ndjson.zst", b"no zstd at all"),
    ] {
        let place = write(&folder.path().join(name), content);
        let found = error(&place).await;
        says(&found, &[name]);
        assert!(!found.contains("panicked"), "{found}");
    }
}

/// Every single flipped byte of footer and pages either leaves an answer or gives an error that
/// names the file; none ends the process.
#[tokio::test]
async fn flipped_bytes_name_the_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("sound.parquet");
    write_parquet(&path, &sound());
    let bytes = std::fs::read(&path).unwrap();
    let footer = bytes.len() - 400;
    let places = (4..footer)
        .step_by(footer / 40)
        .chain((footer..bytes.len()).step_by(5));
    let mut errors = 0;
    for at in places {
        let mut broken = bytes.clone();
        broken[at] ^= 0xff;
        let place = write(&folder.path().join(format!("flipped{at}.parquet")), broken);
        let session = session(4, 8192);
        let outcome = match register(&session, &place).await {
            Ok(()) => run(&session, "SELECT sum(id), max(text) FROM t").await,
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = outcome {
            errors += 1;
            assert!(
                error.contains(&format!("flipped{at}.parquet")),
                "byte {at}: {error}"
            );
        }
    }
    assert!(errors > 20, "only {errors} flips were noticed");
}

#[tokio::test]
async fn one_broken_file_among_many_is_the_one_named() {
    let folder = tempdir().unwrap();
    for name in ["a", "c"] {
        write_parquet(&folder.path().join(format!("{name}.parquet")), &sound());
    }
    let path = folder.path().join("b.parquet");
    write_parquet(&path, &sound());
    let mut bytes = std::fs::read(&path).unwrap();
    // A page's header: the footer stays sound, so that only reading the rows can tell.
    bytes[4..40].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    says(
        &error(folder.path().to_str().unwrap()).await,
        &["b.parquet: cannot be read as Parquet, it is damaged"],
    );
}
