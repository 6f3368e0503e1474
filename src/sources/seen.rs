//! What is known about files that were inspected before.
//!
//! A statement plans its tables anew, so that files added meanwhile are seen; this memory makes
//! that cheap: a file is looked into again only when its size, time or tag changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use object_store::ObjectMeta;

use crate::sources::inspection::Inspection;

/// Inspections that are kept before the memory starts anew.
const KEPT: usize = 20_000;

/// A memory of inspected files, shared by the tables of an engine.
#[derive(Default)]
pub struct Seen {
    files: Mutex<HashMap<String, Entry>>,
}

struct Entry {
    size: u64,
    modified: chrono::DateTime<chrono::Utc>,
    tag: Option<String>,
    inspection: Arc<Inspection>,
}

impl Seen {
    /// What is known of a file read in this way, unless it changed.
    pub(super) fn recall(&self, way: &str, meta: &ObjectMeta) -> Option<Arc<Inspection>> {
        let files = self.files.lock().ok()?;
        let entry = files.get(&key(way, meta))?;
        let same = entry.size == meta.size
            && entry.modified == meta.last_modified
            && entry.tag == meta.e_tag;
        same.then(|| Arc::clone(&entry.inspection))
    }

    pub(super) fn keep(&self, way: &str, meta: &ObjectMeta, inspection: &Arc<Inspection>) {
        let Ok(mut files) = self.files.lock() else {
            return;
        };
        if files.len() >= KEPT {
            files.clear();
        }
        let entry = Entry {
            size: meta.size,
            modified: meta.last_modified,
            tag: meta.e_tag.clone(),
            inspection: Arc::clone(inspection),
        };
        files.insert(key(way, meta), entry);
    }
}

fn key(way: &str, meta: &ObjectMeta) -> String {
    format!("{way}\n{}", meta.location)
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = self.files.lock().map_or(0, |files| files.len());
        f.debug_struct("Seen").field("files", &known).finish()
    }
}
