//! Connecting, migrating, transactions.

use crate::workshop::{Connected, Workshop};
use domain::{
    audit::{Action, Actor, AuditEvent},
    id::AuditEventId,
    notice::NoticeId,
    oauth::{client::Client, grant::Grant, scope::ScopeSet},
    principal::Subject,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::time::Duration;
use store::{Store, StoreError};
use testkit::{database::TestDatabase, on_both_databases};

/// The columns with a foreign key that no index begins with.
const UNINDEXED_IN_SQLITE: &str = r#"
    SELECT tables.name || '.' || keys."from" AS reference
    FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table' AND NOT EXISTS (
        SELECT 1 FROM pragma_index_list(tables.name) AS indexes, pragma_index_info(indexes.name) AS columns
        WHERE columns.seqno = 0 AND columns.name = keys."from" AND indexes.partial = 0
    )
    ORDER BY reference"#;
const UNINDEXED_IN_POSTGRES: &str = r"
    SELECT keys.conrelid::regclass::text || '.' || columns.attname AS reference
    FROM pg_constraint AS keys
    JOIN pg_attribute AS columns ON columns.attrelid = keys.conrelid AND columns.attnum = keys.conkey[1]
    WHERE keys.contype = 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_index AS indexes
        WHERE indexes.indrelid = keys.conrelid AND indexes.indkey[0] = keys.conkey[1] AND indexes.indpred IS NULL
    )
    ORDER BY reference";

/// Takes back what the change of that name does.
const BEFORE_CLIENT_IDENTITY: [&str; 4] = [
    "DROP INDEX oauth_client_fingerprint",
    "CREATE INDEX oauth_client_fingerprint ON oauth_client (fingerprint)",
    "ALTER TABLE oauth_grant DROP COLUMN client_name",
    "DELETE FROM seaql_migrations WHERE version = 'm2026_11_21_000015_client_identity'",
];

/// Takes back what the change of that name does.
const BEFORE_NOTICES: [&str; 4] = [
    "ALTER TABLE user_account ADD COLUMN alarms_seen_at BIGINT",
    "DROP TABLE notice_put_away",
    "ALTER TABLE oauth_grant DROP COLUMN connected_at",
    "DELETE FROM seaql_migrations WHERE version = 'm2026_11_21_000013_notices'",
];

/// A grant as it was written before the change of clients' identity.
fn older_grant(backend: DbBackend, grant: &Grant) -> Statement {
    let statement = "INSERT INTO oauth_grant (id, subject_kind, subject_id, client_id, workspace_id, scopes, resource, \
        redirect_uri, created_at) VALUES ($1, 'user', $2, $3, $4, $5, $6, $7, $8)";
    let Subject::User(user) = grant.subject;
    let values = [
        grant.id.0.into(),
        user.0.into(),
        grant.client.0.as_str().into(),
        grant.workspace.0.into(),
        grant.scopes.to_string().into(),
        grant.resource.as_str().into(),
        grant.redirect_uri.as_str().into(),
        grant.created_at.as_millis().into(),
    ];
    Statement::from_sql_and_values(backend, statement, values)
}

on_both_databases! {
    async fn migrating_twice_changes_nothing(store: Store) {
        store.migrate().await.unwrap();
        store.check_schema().await.unwrap();
        store.ping().await.unwrap();
        assert_eq!(store::plan::list(&store).await.unwrap().len(), 3);
    }

    async fn a_database_of_a_newer_version_is_refused_and_left_alone(database: &TestDatabase) {
        let later = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2999_01_01_000001_later', 0)";
        let connection = sea_orm::Database::connect(database.url()).await.unwrap();
        connection.execute_unprepared(later).await.unwrap();
        let store = database.store();
        assert!(matches!(store.migrate().await, Err(StoreError::NewerSchema)));
        assert!(matches!(store.check_schema().await, Err(StoreError::NewerSchema)));
    }

    async fn twins_of_one_registration_are_parted_and_grants_get_the_name_of_their_client(database: &TestDatabase) {
        let store = database.store();
        let connection = sea_orm::Database::connect(database.url()).await.unwrap();
        for before in BEFORE_CLIENT_IDENTITY {
            connection.execute_unprepared(before).await.unwrap();
        }
        let workshop = Workshop::default();
        let first = workshop.client("Claude");
        workshop.clock.advance(Duration::from_secs(1));
        let twin = Client { fingerprint: first.fingerprint, ..workshop.client("Claude") };
        let other = workshop.client("Codex");
        let (user, workspace) = (workshop.user("Ada Lovelace"), workshop.workspace("Engines"));
        let transaction = store.begin().await.unwrap();
        for client in [&twin, &first, &other] {
            store::client::insert(&transaction, client).await.unwrap();
        }
        store::user::insert(&transaction, &user, "x").await.unwrap();
        store::workspace::insert(&transaction, &workspace).await.unwrap();
        transaction.commit().await.unwrap();
        let grant = workshop.grant(&user, &twin, &workspace);
        connection.execute_raw(older_grant(connection.get_database_backend(), &grant)).await.unwrap();

        store.migrate().await.unwrap();
        let transaction = store.begin().await.unwrap();
        let found = store::client::find_identical(&transaction, &first.fingerprint.unwrap()).await.unwrap();
        assert_eq!(found, Some(first));
        assert_eq!(store::client::find(&transaction, &other.id).await.unwrap(), Some(other));
        let parted = store::client::find(&transaction, &twin.id).await.unwrap();
        assert_eq!(parted, Some(Client { fingerprint: None, ..twin }));
        // Nothing is known of what an older client asked for.
        let grant = Grant { asked: ScopeSet::EMPTY, ..grant };
        assert_eq!(store::grant::find(&transaction, grant.id).await.unwrap(), Some(grant));
    }

    async fn what_was_read_before_stays_put_away_and_older_grants_with_a_use_were_connected(database: &TestDatabase) {
        let (store, workshop) = (database.store(), Workshop::default());
        let Connected { user, workspace, client, grant } = workshop.connected(store).await;
        let unfinished = workshop.grant(&user, &client, &workspace);
        let event = |second| AuditEvent {
            id: AuditEventId::generate(workshop.later(second), &workshop.entropy),
            at: workshop.later(second),
            workspace: Some(workspace.id),
            actor: Actor::System,
            action: Action::CodeReplayed,
            target: grant.id.to_string(),
            concerns: Some(user.id),
            detail: serde_json::json!({}),
        };
        let (read, unread) = (event(1), event(9));
        let transaction = store.begin().await.unwrap();
        store::grant::insert(&transaction, &unfinished).await.unwrap();
        store::grant::touch(&transaction, grant.id, workshop.now()).await.unwrap();
        for event in [&read, &unread] {
            store::audit::append(&transaction, event).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let connection = sea_orm::Database::connect(database.url()).await.unwrap();
        for before in BEFORE_NOTICES {
            connection.execute_unprepared(before).await.unwrap();
        }
        let seen_at = workshop.later(5).as_millis();
        connection.execute_unprepared(&format!("UPDATE user_account SET alarms_seen_at = {seen_at}")).await.unwrap();

        store.migrate().await.unwrap();
        let away = store::notice::list_put_away(store, user.id).await.unwrap();
        assert_eq!(away, [NoticeId::of_event(read.id)].into());
        let listed = store::grant::list_for_workspace(store, workspace.id, workshop.later(60)).await.unwrap();
        assert_eq!(listed.iter().map(|(grant, ..)| grant.id).collect::<Vec<_>>(), [grant.id]);
        let told = connection.execute_unprepared("SELECT alarms_seen_at FROM user_account").await;
        assert!(told.is_err(), "the time is kept with the person still");
    }

    async fn whatever_points_to_another_row_is_found_by_it(database: &TestDatabase) {
        let connection = sea_orm::Database::connect(database.url()).await.unwrap();
        let unindexed = match connection.get_database_backend() {
            DbBackend::Sqlite => UNINDEXED_IN_SQLITE,
            _ => UNINDEXED_IN_POSTGRES,
        };
        let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), unindexed)).await;
        let columns: Vec<String> = rows.unwrap().iter().map(|row| row.try_get("", "reference").unwrap()).collect();
        assert_eq!(columns, Vec::<String>::new(), "each deleted row would read the whole of these tables");
    }

    async fn what_is_not_committed_never_was(store: Store) {
        let workshop = Workshop::default();
        let user = workshop.user("Ada Lovelace");
        let transaction = store.begin().await.unwrap();
        store::user::insert(&transaction, &user, "x").await.unwrap();
        assert_eq!(store::user::find(&transaction, user.id).await.unwrap(), Some(user.clone()));
        drop(transaction);
        assert_eq!(store::user::find(&store, user.id).await.unwrap(), None);
    }

    async fn readers_do_not_wait_for_a_writer(store: Store) {
        let workshop = Workshop::default();
        let transaction = store.begin().await.unwrap();
        store::user::insert(&transaction, &workshop.user("Ada Lovelace"), "x").await.unwrap();
        assert_eq!(store::user::count(&store).await.unwrap(), 0);
        transaction.commit().await.unwrap();
        assert_eq!(store::user::count(&store).await.unwrap(), 1);
    }

    async fn many_writers_take_turns(store: Store) {
        let writers: Vec<_> = (0..40)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let workshop = Workshop { entropy: testkit::SeededEntropy::new(number), ..Workshop::default() };
                    let transaction = store.begin().await?;
                    let user = workshop.user(&format!("Writer {number}"));
                    store::user::insert(&transaction, &user, "x").await?;
                    transaction.commit().await
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(store::user::count(&store).await.unwrap(), 40);
    }
}

#[tokio::test]
async fn two_programs_may_migrate_one_postgresql_at_once() {
    let database = TestDatabase::empty_postgres().await;
    let other = Store::connect(database.url()).await.unwrap();
    assert!(matches!(other.check_schema().await, Err(StoreError::NotMigrated)));
    let (one, two) = tokio::join!(database.store().migrate(), other.migrate());
    one.unwrap();
    two.unwrap();
    other.check_schema().await.unwrap();
}

#[tokio::test]
async fn two_programs_may_migrate_one_file_at_once() {
    let database = TestDatabase::empty_sqlite().await;
    let other = Store::connect(database.url()).await.unwrap();
    assert!(matches!(other.check_schema().await, Err(StoreError::NotMigrated)));
    let (one, two) = tokio::join!(database.store().migrate(), other.migrate());
    one.unwrap();
    two.unwrap();
    other.check_schema().await.unwrap();
}

#[tokio::test]
async fn a_file_is_made_with_its_folders() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/visage.db");
    let store = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    assert!(path.exists());
}

#[tokio::test]
async fn faults_of_connecting_are_told_in_one_plain_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "this is no database, however long it is made to be ".repeat(100)).unwrap();
    let cases = [
        ("mysql://localhost/visage".to_owned(), "the database can't be reached: its URL is not understood"),
        ("postgres://u:hunter2@127.0.0.1:9/visage".to_owned(), "the database can't be reached: Connection refused"),
        (format!("sqlite://{}", text.display()), "the file is no SQLite database"),
        (format!("sqlite://{}/x/visage.db", text.display()), "the database can't be written: the folder"),
        (format!("sqlite://{}", folder.path().display()), "the database can't be written"),
    ];
    for (url, told) in cases {
        let Err(error) = Store::connect(&url).await else { panic!("{url} was opened") };
        let sentence = error.to_string();
        assert!(sentence.contains(told), "{url}: {sentence}");
        assert!(!sentence.contains("hunter2") && !sentence.contains('\n'), "{sentence}");
    }
}
