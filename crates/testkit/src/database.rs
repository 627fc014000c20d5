//! Databases for tests: a fresh one each, with the schema in place, gone when the test ends.

use crate::postgres;
use store::Store;
use tempfile::TempDir;

/// A database of one test's own.
pub struct TestDatabase {
    store: Store,
    url: String,
    /// Kept until the test ends: a SQLite file's folder, or the name of a database in the cluster.
    _folder: Option<TempDir>,
    name: Option<String>,
}

impl TestDatabase {
    /// A SQLite file in a folder of its own, migrated.
    ///
    /// # Panics
    /// When it can't be made: there is no test without it.
    pub async fn sqlite() -> Self {
        Self::empty_sqlite().await.migrated().await
    }

    /// A database of a throw-away PostgreSQL, migrated.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start. It is never skipped.
    pub async fn postgres() -> Self {
        Self::empty_postgres().await.migrated().await
    }

    /// SQLite before any migration.
    pub async fn empty_sqlite() -> Self {
        let folder =
            TempDir::with_prefix("visage-test-").unwrap_or_else(|error| panic!("no folder for a test: {error}"));
        let url = format!("sqlite://{}", folder.path().join("visage.db").display());
        Self::open(url, Some(folder), None).await
    }

    /// PostgreSQL before any migration.
    pub async fn empty_postgres() -> Self {
        let created = tokio::task::spawn_blocking(|| postgres::cluster()?.create_database()).await;
        let (url, name) = created
            .unwrap_or_else(|error| panic!("{error}"))
            .unwrap_or_else(|error| panic!("no PostgreSQL for the tests: {error:#}"));
        Self::open(url, None, Some(name)).await
    }

    async fn open(url: String, folder: Option<TempDir>, name: Option<String>) -> Self {
        let store = Store::connect(&url).await.unwrap_or_else(|error| panic!("{error}"));
        Self { store, url, _folder: folder, name }
    }

    async fn migrated(self) -> Self {
        self.store.migrate().await.unwrap_or_else(|error| panic!("{error}"));
        self
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns once a transaction waits for another one to end. Only PostgreSQL can tell: on SQLite whoever begins a second one
    /// waits, and nobody sees it.
    ///
    /// # Panics
    /// On SQLite, and when PostgreSQL does not answer.
    pub async fn until_somebody_waits(&self) {
        let name = self.name.as_ref().unwrap_or_else(|| panic!("only PostgreSQL tells who waits"));
        loop {
            let name = name.clone();
            let asked = tokio::task::spawn_blocking(move || postgres::cluster()?.has_waiting(&name)).await;
            let is_waiting = asked
                .unwrap_or_else(|error| panic!("{error}"))
                .unwrap_or_else(|error| panic!("PostgreSQL does not tell who waits: {error:#}"));
            if is_waiting {
                return;
            }
        }
    }

    /// For a second program on the same database.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = &self.name
            && let Ok(cluster) = postgres::cluster()
        {
            // A database that stays costs a few megabytes until the cluster stops; that is no reason to fail a test.
            drop(cluster.drop_database(name));
        }
    }
}

/// Writes a test once and runs it on SQLite and on PostgreSQL:
///
/// ```text
/// testkit::on_both_databases! {
///     async fn a_slug_is_taken_once(store: Store) { … }
/// }
/// ```
///
/// makes `a_slug_is_taken_once::sqlite` and `a_slug_is_taken_once::postgres`. The argument may also be a
/// `&TestDatabase`, for a test that needs the URL.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($argument:ident: $type:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($argument: $type) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = $crate::database::TestDatabase::sqlite().await;
                test($crate::database::Given::given(&database)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let database = $crate::database::TestDatabase::postgres().await;
                test($crate::database::Given::given(&database)).await;
            }
        }
    )+};
}

/// What a test on both databases may ask for.
pub trait Given<'a> {
    fn given(database: &'a TestDatabase) -> Self;
}

impl Given<'_> for Store {
    fn given(database: &TestDatabase) -> Self {
        database.store.clone()
    }
}

impl<'a> Given<'a> for &'a TestDatabase {
    fn given(database: &'a TestDatabase) -> Self {
        database
    }
}
