//! Filling a workspace's directory from a file: read row by row, written in chunks, so that a bad row costs itself alone
//! and an interruption loses nothing that was written.

mod photo;

use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    avatar::PhotoId,
    id::{ProfileId, WorkspaceId},
    import::{self, ImportError as FileError, ImportedPerson, RefusedRow},
    linkedin_url::VanityName,
    profile::Profile,
    workspace::Workspace,
};
use serde_json::json;
use std::{
    collections::{HashMap, hash_map},
    io::Read,
    path::Path,
};
use store::StoreError;

/// Rows per transaction: enough to be quick, few enough that a running server's writes don't wait long.
const CHUNK: usize = 1_000;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub read: u64,
    pub added: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub photos: u64,
    pub refused: Vec<RefusedRow>,
    /// The person is in, the photo is not.
    pub photos_refused: Vec<RefusedRow>,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub rows: u64,
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("a photo could not be written to the data folder: {0}")]
    PhotoFile(#[source] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads people from `reader` into the directory of `workspace`. Photo paths are looked up from `base_dir`.
/// `on_progress` hears after each chunk what was read so far.
pub async fn import(
    deps: &Deps,
    actor: Actor,
    workspace: &Workspace,
    reader: impl Read + Send,
    base_dir: &Path,
    mut on_progress: impl FnMut(Progress) + Send,
) -> Result<ImportReport, ImportError> {
    let mut rows = import::read(reader)?;
    let mut report = ImportReport::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let row = rows.next();
        let is_last = row.is_none();
        match row {
            Some(Ok(person)) => chunk.push(person),
            Some(Err(refused)) => report.refused.push(refused),
            None => {}
        }
        report.read += u64::from(!is_last);
        if chunk.len() == CHUNK || (is_last && !chunk.is_empty()) {
            write(deps, &actor, workspace.id, std::mem::take(&mut chunk), base_dir, &mut report).await?;
            on_progress(Progress { rows: report.read, bytes: rows.bytes_read() });
        }
        if is_last {
            // Photos are worked on side by side and end in any order.
            report.photos_refused.sort_by_key(|refused| refused.line);
            return Ok(report);
        }
    }
}

async fn write(
    deps: &Deps,
    actor: &Actor,
    workspace: WorkspaceId,
    chunk: Vec<(u64, ImportedPerson)>,
    base_dir: &Path,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let photos = photo::take(deps, &chunk, base_dir, report).await?;
    let people = last_of_each(chunk, photos);
    let names: Vec<VanityName> = people.keys().cloned().collect();
    let transaction = deps.store.begin().await?;
    let mut known: HashMap<VanityName, Profile> = store::profile::find_many(&transaction, workspace, &names)
        .await?
        .into_iter()
        .map(|profile| (profile.vanity.clone(), profile))
        .collect();
    let now = deps.now();
    let (mut added, mut updated) = (0, 0);
    let mut changed = Vec::with_capacity(people.len());
    for (vanity, (person, photo)) in people {
        let profile = match known.remove(&vanity) {
            None => {
                added += 1;
                let id = ProfileId::generate(now, &*deps.entropy);
                Profile { id, workspace, vanity, facts: person.facts, photo, updated_at: now }
            }
            Some(old) => {
                let facts = person.facts.over(old.facts.clone());
                let photo = photo.or_else(|| old.photo.clone());
                if facts == old.facts && photo == old.photo {
                    report.unchanged += 1;
                    continue;
                }
                updated += 1;
                Profile { facts, photo, updated_at: now, ..old }
            }
        };
        changed.push(profile);
    }
    if !changed.is_empty() {
        store::profile::upsert(&transaction, &changed).await?;
        let entry = Entry {
            workspace: Some(workspace),
            actor: actor.clone(),
            action: Action::PeopleImported,
            target: workspace.to_string(),
            detail: json!({ "added": added, "updated": updated }),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    transaction.commit().await?;
    report.added += added;
    report.updated += updated;
    Ok(())
}

type Person = (ImportedPerson, Option<PhotoId>);

/// A person who stands in the chunk several times is written once: later rows win, earlier ones fill the gaps.
fn last_of_each(chunk: Vec<(u64, ImportedPerson)>, mut photos: HashMap<u64, PhotoId>) -> HashMap<VanityName, Person> {
    let mut people: HashMap<VanityName, Person> = HashMap::with_capacity(chunk.len());
    for (line, person) in chunk {
        let photo = photos.remove(&line);
        match people.entry(person.vanity.clone()) {
            hash_map::Entry::Vacant(place) => {
                place.insert((person, photo));
            }
            hash_map::Entry::Occupied(mut place) => {
                let (earlier, earlier_photo) = place.get_mut();
                let older = std::mem::take(&mut earlier.facts);
                earlier.facts = person.facts.over(older);
                *earlier_photo = photo.or_else(|| earlier_photo.take());
            }
        }
    }
    people
}
