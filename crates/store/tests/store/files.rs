//! Photos and the lock: files beside the database.

use domain::avatar::{AvatarSize, PhotoId};
use store::{InstanceLock, PhotoFiles, instance_lock::AlreadyRunning};

#[tokio::test]
async fn a_photo_is_read_back_in_the_size_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let photos = PhotoFiles::new(&folder.path().join("photos"));
    let photo = PhotoId::of(b"largest");
    let all: Vec<_> = AvatarSize::ALL.into_iter().map(|size| (size, size.pixels().to_be_bytes().to_vec())).collect();
    assert_eq!(photos.read(&photo, AvatarSize::API_DEFAULT).await.unwrap(), None);
    photos.write(&photo, &all[..2]).await.unwrap();
    photos.write(&photo, &all).await.unwrap();
    photos.write(&photo, &all).await.unwrap();
    for (size, bytes) in all {
        assert_eq!(photos.read(&photo, size).await.unwrap(), Some(bytes));
    }
    assert_eq!(photos.read(&PhotoId::of(b"other"), AvatarSize::API_DEFAULT).await.unwrap(), None);
}

#[tokio::test]
async fn two_writers_of_one_photo_leave_whole_files_and_no_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let photos = PhotoFiles::new(folder.path());
    let photo = PhotoId::of(b"largest");
    let all: Vec<_> = AvatarSize::ALL.into_iter().map(|size| (size, vec![7; 100_000])).collect();
    let (one, two) = tokio::join!(photos.write(&photo, &all), photos.write(&photo, &all));
    one.unwrap();
    two.unwrap();
    let home = folder.path().join(&photo.as_str()[..2]).join(photo.as_str());
    assert_eq!(std::fs::read_dir(home).unwrap().count(), 5);
    assert_eq!(photos.read(&photo, AvatarSize::API_DEFAULT).await.unwrap(), Some(vec![7; 100_000]));
}

#[test]
fn one_database_has_one_server_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("new/visage.db");
    let lock = InstanceLock::acquire(&database).unwrap();
    let second = InstanceLock::acquire(&database);
    assert!(matches!(&second, Err(AlreadyRunning::Locked(path)) if *path == database));
    drop(lock);
    InstanceLock::acquire(&database).unwrap();
}
