//! The files that a plan reads, for an error that cannot tell itself which one failed.

use std::sync::Arc;

use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_plan::ExecutionPlan;

/// Files that are named in full.
const SHOWN: usize = 3;

/// The files of a plan: a few by name, many by their number; empty when it reads none.
pub(super) fn places(plan: &Arc<dyn ExecutionPlan>) -> String {
    let mut files = Vec::new();
    collect(plan, &mut files);
    files.sort_unstable();
    files.dedup();
    let shown = files[..files.len().min(SHOWN)].join(", ");
    match files.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more files"),
    }
}

fn collect(plan: &Arc<dyn ExecutionPlan>, files: &mut Vec<String>) {
    if let Some(source) = plan.downcast_ref::<DataSourceExec>()
        && let Some(scan) = source.data_source().downcast_ref::<FileScanConfig>()
    {
        let paths = scan.file_groups.iter().flat_map(|group| group.files());
        files.extend(paths.map(|file| format!("/{}", file.object_meta.location)));
    }
    for child in plan.children() {
        collect(child, files);
    }
}
