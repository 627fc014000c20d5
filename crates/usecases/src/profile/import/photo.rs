//! The photos of a chunk: opened or fetched, normalised off the async threads, put on file under the hash of what they show.

use super::{ImportError, ImportReport};
use crate::Deps;
use domain::{
    avatar::{AvatarSize, PhotoId},
    import::{ImportedPerson, PhotoSource, RefusedRow},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};
use tokio::{
    io::AsyncReadExt,
    task::{JoinSet, spawn_blocking},
};

/// Photos worked on side by side: decoding keeps a core busy, fetching waits for others.
const SIDE_BY_SIDE: usize = 4;
/// No photo is larger; a file may be anything.
const LARGEST_FILE: u64 = 20 << 20;

type Renditions = Vec<(AvatarSize, Vec<u8>)>;

/// Puts the photos of the chunk on file, by the line of their person. A photo that can't be used is refused with its
/// line; the person stays.
pub(super) async fn take(
    deps: &Deps,
    chunk: &[(u64, ImportedPerson)],
    base_dir: &Path,
    report: &mut ImportReport,
) -> Result<HashMap<u64, PhotoId>, ImportError> {
    let mut taken = HashMap::new();
    let mut waiting = chunk.iter().filter_map(|(line, person)| Some((*line, person.photo.clone()?)));
    let mut working = JoinSet::new();
    loop {
        while working.len() < SIDE_BY_SIDE {
            let Some((line, source)) = waiting.next() else { break };
            let (deps, base_dir) = (deps.clone(), base_dir.to_owned());
            working.spawn(async move { (line, normalised(&deps, source, base_dir).await) });
        }
        let Some(finished) = working.join_next().await else { return Ok(taken) };
        let Ok((line, outcome)) = finished else { continue };
        match outcome {
            Ok(renditions) => {
                let Some((_, largest)) = renditions.iter().max_by_key(|(size, _)| *size) else { continue };
                let id = PhotoId::of(largest);
                deps.photos.write(&id, &renditions).await.map_err(ImportError::PhotoFile)?;
                report.photos += 1;
                taken.insert(line, id);
            }
            Err(reason) => report.photos_refused.push(RefusedRow { line, reason }),
        }
    }
}

async fn normalised(deps: &Deps, source: PhotoSource, base_dir: PathBuf) -> Result<Renditions, String> {
    let bytes = match source {
        PhotoSource::Path(path) => read(base_dir.join(path)).await?,
        PhotoSource::Url(url) => {
            providers::photo::fetch(&deps.network, &url).await.map_err(|error| error.to_string())?.to_vec()
        }
    };
    let renditions = spawn_blocking(move || ::avatar::normalise(&bytes))
        .await
        .map_err(|_| "the photo could not be decoded".to_owned())?
        .map_err(|error| error.to_string())?;
    Ok(renditions
        .into_iter()
        .filter_map(|rendition| Some((AvatarSize::try_from(i64::from(rendition.size)).ok()?, rendition.jpeg)))
        .collect())
}

async fn read(path: PathBuf) -> Result<Vec<u8>, String> {
    let told = |error: std::io::Error| format!("the photo file could not be read: {error}");
    let unfit = || "the photo is no file of at most 20 MB".to_owned();
    // Opening a pipe would wait for somebody to write into it.
    if !tokio::fs::metadata(&path).await.map_err(told)?.is_file() {
        return Err(unfit());
    }
    // A file may say that it is small and never end.
    let mut file = tokio::fs::File::open(&path).await.map_err(told)?.take(LARGEST_FILE + 1);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).await.map_err(told)?;
    if bytes.len() as u64 > LARGEST_FILE { Err(unfit()) } else { Ok(bytes) }
}
