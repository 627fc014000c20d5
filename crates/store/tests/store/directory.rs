//! Profiles, API keys, the audit log.

use crate::workshop::Workshop;
use domain::{
    api_key::{ApiKey, KeyKind},
    audit::{Action, Actor, AuditEvent},
    avatar::PhotoId,
    id::{ApiKeyId, AuditEventId, ProfileId, WorkspaceId},
    linkedin_url::VanityName,
    profile::{Profile, ProfileFacts},
};
use store::{Store, StoreError, api_key, audit, profile};
use testkit::on_both_databases;

on_both_databases! {
    async fn a_profile_is_replaced_by_name_and_keeps_its_identifier(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let (_, other) = workshop.owned_workspace(&store, "Strangers").await;
        let first = person(&workshop, workspace.id, "ada-lovelace");
        let transaction = store.begin().await.unwrap();
        profile::upsert(&transaction, std::slice::from_ref(&first)).await.unwrap();
        assert_eq!(profile::find(&transaction, workspace.id, &first.vanity).await.unwrap(), Some(first.clone()));

        let mut second = person(&workshop, workspace.id, "ada-lovelace");
        second.facts = ProfileFacts { name: "Ada King 🧮".to_owned(), ..ProfileFacts::default() };
        second.photo = None;
        let mut third = second.clone();
        third.facts.open_to_work = Some(false);
        profile::upsert(&transaction, &[second, third.clone()]).await.unwrap();
        third.id = first.id;
        assert_eq!(profile::find(&transaction, workspace.id, &first.vanity).await.unwrap(), Some(third));
        assert_eq!(profile::find(&transaction, other.id, &first.vanity).await.unwrap(), None);
        assert_eq!(profile::count(&transaction, workspace.id).await.unwrap(), 1);
        assert_eq!(profile::count(&transaction, other.id).await.unwrap(), 0);
    }

    async fn many_profiles_are_written_and_found_in_few_statements(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let people: Vec<Profile> =
            (0..7_000).map(|number| person(&workshop, workspace.id, &format!("person-{number}"))).collect();
        let transaction = store.begin().await.unwrap();
        for batch in people.chunks(2_500) {
            profile::upsert(&transaction, batch).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let mut names: Vec<VanityName> = people.iter().map(|profile| profile.vanity.clone()).collect();
        names.extend(["nobody-at-all", "person-1", "person-6999"].map(|name| name.parse().unwrap()));
        let mut found = profile::find_many(&store, workspace.id, &names).await.unwrap();
        found.sort_by_key(|profile| profile.id);
        let mut people = people;
        people.sort_by_key(|profile| profile.id);
        assert_eq!(found, people);
        assert_eq!(profile::find_many(&store, workspace.id, &[]).await.unwrap(), []);
    }

    async fn a_key_is_found_by_hash_by_hint_and_in_its_workspace_only(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let (_, other) = workshop.owned_workspace(&store, "Strangers").await;
        let (key, secret) = (key(&workshop, workspace.id, false), workshop.hash());
        let transaction = store.begin().await.unwrap();
        api_key::insert(&transaction, &key, &secret).await.unwrap();
        api_key::touch(&transaction, key.id, workshop.later(4)).await.unwrap();
        transaction.commit().await.unwrap();
        let key = ApiKey { last_used_at: Some(workshop.later(4)), ..key };
        assert_eq!(api_key::find_by_hash(&store, &secret).await.unwrap(), Some(key.clone()));
        assert_eq!(api_key::find(&store, workspace.id, key.id).await.unwrap(), Some(key.clone()));
        assert_eq!(api_key::find(&store, other.id, key.id).await.unwrap(), None);
        assert_eq!(api_key::find_by_hint(&store, "sk_abcdef").await.unwrap(), std::slice::from_ref(&key));
        assert_eq!(api_key::list(&store, other.id).await.unwrap(), []);
        let transaction = store.begin().await.unwrap();
        assert!(!api_key::revoke(&transaction, other.id, key.id, workshop.now()).await.unwrap());
        assert!(api_key::revoke(&transaction, workspace.id, key.id, workshop.now()).await.unwrap());
        assert!(!api_key::revoke(&transaction, workspace.id, key.id, workshop.now()).await.unwrap());
        let listed = api_key::list(&transaction, workspace.id).await.unwrap();
        assert_eq!(listed[0].revoked_at, Some(workshop.now()));
    }

    async fn the_connector_key_is_the_live_one(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let (plain, first, second) = (
            key(&workshop, workspace.id, false),
            key(&workshop, workspace.id, true),
            key(&workshop, workspace.id, true),
        );
        let transaction = store.begin().await.unwrap();
        api_key::insert(&transaction, &plain, &workshop.hash()).await.unwrap();
        assert_eq!(api_key::find_connector_key(&transaction, workspace.id).await.unwrap(), None);
        api_key::insert(&transaction, &first, &workshop.hash()).await.unwrap();
        api_key::revoke(&transaction, workspace.id, first.id, workshop.now()).await.unwrap();
        assert_eq!(api_key::find_connector_key(&transaction, workspace.id).await.unwrap(), None);
        api_key::insert(&transaction, &second, &workshop.hash()).await.unwrap();
        assert_eq!(api_key::find_connector_key(&transaction, workspace.id).await.unwrap(), Some(second));
    }

    async fn two_keys_never_share_a_secret(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let secret = workshop.hash();
        let transaction = store.begin().await.unwrap();
        api_key::insert(&transaction, &key(&workshop, workspace.id, false), &secret).await.unwrap();
        let second = api_key::insert(&transaction, &key(&workshop, workspace.id, false), &secret).await;
        assert!(matches!(second, Err(StoreError::Conflict)));
    }

    async fn the_audit_log_is_read_newest_first(store: Store) {
        let workshop = Workshop::default();
        let (user, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let actors = [
            Actor::User(user.id),
            Actor::Client("https://client.example/metadata".to_owned()),
            Actor::Operator,
            Actor::System,
            Actor::Anonymous,
        ];
        let mut written = Vec::new();
        let transaction = store.begin().await.unwrap();
        for (second, actor) in actors.into_iter().enumerate() {
            let event = AuditEvent {
                id: AuditEventId::generate(workshop.now(), &workshop.entropy),
                at: workshop.later(second as u64),
                workspace: Some(workspace.id),
                actor,
                action: Action::GrantApproved,
                target: "Claude".to_owned(),
                concerns: (second == 0).then_some(user.id),
                detail: serde_json::json!({ "scopes": "openid", "number": second }),
            };
            audit::append(&transaction, &event).await.unwrap();
            written.insert(0, event);
        }
        let nowhere = AuditEvent {
            id: AuditEventId::generate(workshop.now(), &workshop.entropy),
            workspace: None,
            ..written[0].clone()
        };
        audit::append(&transaction, &nowhere).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(audit::list(&store, workspace.id, 99).await.unwrap(), written);
        assert_eq!(audit::list(&store, workspace.id, 2).await.unwrap(), written[..2]);
        let first = written.last().unwrap();
        let told = audit::list_concerning(&store, user.id, first.at, 9).await.unwrap();
        assert_eq!(told.iter().collect::<Vec<_>>(), [first]);
        assert_eq!(audit::list_concerning(&store, user.id, workshop.later(1), 9).await.unwrap(), []);
    }
}

fn person(workshop: &Workshop, workspace: WorkspaceId, vanity: &str) -> Profile {
    Profile {
        id: ProfileId::generate(workshop.now(), &workshop.entropy),
        workspace,
        vanity: vanity.parse().unwrap(),
        facts: ProfileFacts {
            name: format!("Person {vanity}"),
            headline: Some("Analyst, \"poetical science\"".to_owned()),
            company: None,
            summary: Some("a\nb".to_owned()),
            industry: None,
            location: Some("London".to_owned()),
            open_to_work: Some(true),
        },
        photo: Some(PhotoId::of(vanity.as_bytes())),
        updated_at: workshop.now(),
    }
}

fn key(workshop: &Workshop, workspace: WorkspaceId, is_connector: bool) -> ApiKey {
    ApiKey {
        id: ApiKeyId::generate(workshop.now(), &workshop.entropy),
        workspace,
        kind: KeyKind::Secret,
        name: "The CRM".to_owned(),
        hint: "sk_abcdef".to_owned(),
        readable: None,
        allowed_domains: vec!["*.example.com".parse().unwrap()],
        is_connector,
        created_at: workshop.now(),
        last_used_at: None,
        revoked_at: None,
    }
}
