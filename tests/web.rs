//! Files on a plain web server, one that knows nothing of ranges.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::prelude::{CsvReadOptions, ParquetReadOptions};
use futures::TryStreamExt;
use latido::sources::{ObjectStores, explain};
use object_store::{ObjectStore, ObjectStoreExt};
use url::Url;

use crate::delivery::{copy, number, session};

/// Serves files from a directory as `python -m http.server` does: whole, whatever is asked.
struct Web {
    root: String,
    bodies: Arc<AtomicUsize>,
}

impl Web {
    fn start(directory: &std::path::Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let (directory, bodies) = (directory.to_path_buf(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&bodies);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                serve(client, &directory, &counter);
            }
        });
        Self { root, bodies }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}/{path}", self.root)).unwrap()
    }
}

fn serve(mut client: TcpStream, directory: &std::path::Path, bodies: &AtomicUsize) {
    let mut lines = BufReader::new(client.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    while lines.next().is_some_and(|line| !line.is_empty()) {}
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let file = directory.join(path.trim_start_matches('/'));
    let (status, body) = match (method, std::fs::read(file)) {
        ("GET" | "HEAD", Ok(body)) => ("200 OK", body),
        ("GET" | "HEAD", Err(_)) => ("404 Not Found", Vec::new()),
        _ => ("501 Unsupported method", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nLast-Modified: Sun, 01 Jun 2025 10:00:00 GMT\r\nConnection: close\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes()).unwrap();
    if method == "GET" {
        bodies.fetch_add(1, Ordering::Relaxed);
        // A client may hang up when it has read enough.
        let _ = client.write_all(&body);
    }
}

fn no_settings() -> ObjectStores {
    ObjectStores::from_variables([("HOME", "/nowhere")])
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_read_from_a_server_without_ranges() {
    let home = tempfile::tempdir().unwrap();
    let context = session(no_settings());
    for name in ["x.parquet", "x.csv"] {
        let file = home.path().join(name);
        let sql = format!(
            "COPY (SELECT value AS id FROM range(1, 200001)) TO '{}'",
            file.display()
        );
        copy(&context, &sql).await.unwrap();
    }
    let web = Web::start(home.path());
    let address = |name: &str| web.url(name).to_string();
    context
        .register_parquet("p", address("x.parquet"), ParquetReadOptions::default())
        .await
        .unwrap();
    assert_eq!(
        number(&context, "SELECT sum(id) FROM p").await,
        20_000_100_000
    );
    context
        .register_csv("c", address("x.csv"), CsvReadOptions::new())
        .await
        .unwrap();
    assert_eq!(
        number(&context, "SELECT sum(id) FROM c").await,
        20_000_100_000
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_ranges_is_fetched_whole_once() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("x.bin"), (0..=255).collect::<Vec<u8>>()).unwrap();
    let web = Web::start(home.path());
    let store = no_settings().store(&web.url("x.bin")).unwrap();
    let path = object_store::path::Path::from("x.bin");
    assert_eq!(
        &store.get_range(&path, 10..13).await.unwrap()[..],
        [10, 11, 12]
    );
    let after_one = web.bodies.load(Ordering::Relaxed);
    let parts = store.get_ranges(&path, &[0..2, 250..256]).await.unwrap();
    assert_eq!(&parts[0][..], [0, 1]);
    assert_eq!(&parts[1][..], [250, 251, 252, 253, 254, 255]);
    // The refused attempts count as bodies too; one more whole file would make three.
    assert_eq!(web.bodies.load(Ordering::Relaxed), after_one + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_files_and_directories_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("index"), "<html>").unwrap();
    let web = Web::start(home.path());
    let store = no_settings().store(&web.url("")).unwrap();
    for (path, reason) in [
        ("gone.csv", "not found; check the address"),
        ("index", "a web server lists no directory; name each file"),
    ] {
        let place = web.url(path).to_string();
        let prefix = object_store::path::Path::from(path);
        let error = store
            .list(Some(&prefix))
            .try_collect::<Vec<_>>()
            .await
            .unwrap_err();
        assert_eq!(
            explain(&place, &error).to_string(),
            format!("{place}: {reason}")
        );
    }
    let path = object_store::path::Path::from("x.csv");
    let error = store.put(&path, "a".into()).await.unwrap_err();
    assert!(
        explain("http://host/x.csv", &error)
            .to_string()
            .contains("does not write to web")
    );
}

#[test]
fn a_first_project_is_written_from_an_address() {
    let directory = tempfile::tempdir().unwrap();
    let rows = "Fecha;Probabilidad de recomendar;Canal\n31/01/2026;10;web\n01/02/2026;9;web\n\
                02/02/2026;2;tienda\n03/02/2026;11;tienda\n";
    std::fs::write(directory.path().join("encuesta.csv"), rows).unwrap();
    let web = Web::start(directory.path());
    let home = tempfile::tempdir().unwrap();
    let latido = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_latido"))
            .args(arguments)
            .current_dir(home.path())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    };
    let place = format!("{}/encuesta.csv", web.root);
    latido(&["init", &place]);
    let project = std::fs::read_to_string(home.path().join("latido.yaml")).unwrap();
    assert!(project.contains(&place), "{project}");
    assert!(project.contains("'%d/%m/%Y'"), "{project}");
    let asked = "SELECT period, value, n FROM metric_nps ORDER BY period";
    let answer = latido(&["--format", "csv", "-c", asked]);
    assert_eq!(
        answer,
        "period,value,n\n2026-01-01,100.0,1\n2026-02-01,0.0,2\n"
    );
}
