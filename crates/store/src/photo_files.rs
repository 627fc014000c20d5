//! Photos as files: `{folder}/3f/3f…/128.jpg`. A photo's name is the hash of its content, so a file never changes.

use domain::avatar::{AvatarSize, PhotoId};
use std::{
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A folder of photos. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct PhotoFiles {
    folder: Arc<Path>,
}

impl PhotoFiles {
    /// The folder is made when the first photo is written.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.into() }
    }

    /// Writes all renditions of a photo. Each file appears whole or not at all; one that is there stays.
    pub async fn write(&self, photo: &PhotoId, renditions: &[(AvatarSize, Vec<u8>)]) -> io::Result<()> {
        let home = self.home(photo);
        let files: Vec<(PathBuf, Vec<u8>)> =
            renditions.iter().map(|(size, bytes)| (self.file(photo, *size), bytes.clone())).collect();
        tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&home)?;
            files.iter().try_for_each(|(file, bytes)| write_whole(file, bytes))
        })
        .await
        .map_err(io::Error::other)?
    }

    /// The bytes of one rendition; none if there is no such photo.
    pub async fn read(&self, photo: &PhotoId, size: AvatarSize) -> io::Result<Option<Vec<u8>>> {
        match tokio::fs::read(self.file(photo, size)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Photos are spread over 256 folders by the start of their names.
    fn home(&self, photo: &PhotoId) -> PathBuf {
        self.folder.join(&photo.as_str()[..2]).join(photo.as_str())
    }

    fn file(&self, photo: &PhotoId, size: AvatarSize) -> PathBuf {
        self.home(photo).join(format!("{}.jpg", size.pixels()))
    }
}

/// Writes beside the final name first, then renames: a reader or a crash never meets half a file.
fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    if file.try_exists()? {
        return Ok(());
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let draft = file.with_extension(format!("{}-{number}.draft", std::process::id()));
    let written = std::fs::File::create_new(&draft)
        .and_then(|mut draft| draft.write_all(bytes).and_then(|()| draft.sync_all()))
        .and_then(|()| std::fs::rename(&draft, file));
    if written.is_err() {
        // What went wrong is told; a draft that can't be removed either would only hide it.
        drop(std::fs::remove_file(&draft));
    }
    written
}
