//! Where things lie that the journeys read or write.

use std::path::{Path, PathBuf};

/// A file below `end2end/fixtures`; its README says where each comes from.
pub fn fixture(name: &str) -> PathBuf {
    folder().join("fixtures").join(name)
}

/// `end2end` itself.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The root of the repository.
pub fn root() -> PathBuf {
    folder().parent().map(Path::to_path_buf).unwrap_or_default()
}
