//! Who runs the server, and what their rules make of clients.

use crate::house::{CALLBACK, House, request_of};
use domain::{
    audit::Actor,
    oauth::{
        authorization_request::PageFault,
        client::{Client, ClientId, Standing},
        client_policy::{Effect, RuleSubject},
        grant::Answer,
        scope::ScopeSet,
    },
};
use serde_json::json;
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::operator::{self, Operator},
    authorize::{self, BeginError, DecideError},
    client_policy::{self, AddRuleError, Against, Change, Moved, RemoveRuleError, Search, Wanted},
    token::Refresh,
};

const MOMENT: Duration = Duration::from_millis(1);

on_both_databases! {
    async fn the_first_account_runs_the_server_and_a_disabled_one_does_not(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        assert!(operator::operator(&ada).is_some() && operator::operator(&eve).is_none());

        let (named, is_new) = usecases::user::name_operator(&house.deps, "eve@analytical.example").await.unwrap();
        assert!(is_new && named.id == eve.user.id);
        assert!(!usecases::user::name_operator(&house.deps, "eve@analytical.example").await.unwrap().1);
        assert!(usecases::user::dismiss_operator(&house.deps, "ada@analytical.example").await.unwrap().1);
        assert!(!usecases::user::dismiss_operator(&house.deps, "ada@analytical.example").await.unwrap().1);
        usecases::user::disable(&house.deps, "eve@analytical.example").await.unwrap();
        let people = usecases::user::list(&house.deps).await.unwrap();
        assert!(people.iter().all(|person| !person.is_operator()));
    }

    async fn of_two_who_sign_up_at_once_one_runs_the_server(store: Store) {
        let house = House::new(store);
        let people = tokio::join!(house.person("Ada"), house.person("Eve"), house.person("Zoe"));
        let people = [people.0, people.1, people.2];
        assert_eq!(people.iter().filter(|person| operator::operator(person).is_some()).count(), 1);
    }

    async fn a_blocked_host_is_refused_on_the_next_request_and_everything_goes_on_once_it_is_let_go(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (client, answer) = house.connect(&ada, &workspace).await;
        let other = named(&house, "Sheet", "https://sheet.example/cb").await;

        let blocked = add(&house, &operator, "host", "Claude.ai", Effect::Block).await;
        assert_eq!(blocked.moved, Moved { blocked: 1, ..Moved::default() });
        assert!(!house.is_let_in(&answer).await);
        assert!(matches!(begin(&house, &client).await, Err(BeginError::Page(PageFault::BlockedClient(_)))));
        assert_eq!(standing_of(&house, &other).await, Standing::Allowed);
        // Whoever comes later is judged by the same rule.
        assert_eq!(standing_of(&house, &named(&house, "New", CALLBACK).await).await, Standing::Blocked);

        client_policy::remove_rule(&house.deps, &operator, blocked.rule.id).await.unwrap();
        assert!(house.is_let_in(&answer).await);
        let again = client_policy::remove_rule(&house.deps, &operator, blocked.rule.id).await;
        assert!(matches!(again, Err(RemoveRuleError::NotFound)));
    }

    async fn an_app_that_is_asked_for_waits_and_what_was_granted_goes_on(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (client, answer) = house.connect(&ada, &workspace).await;
        let pending = house.ask(&client).await;
        let moved = client_policy::set_default(&house.deps, &operator, Effect::Ask).await.unwrap();
        assert_eq!(moved, Moved { asked: 1, ..Moved::default() });

        let Err(BeginError::Page(PageFault::UnapprovedClient(waiting))) = begin(&house, &client).await else {
            panic!("nobody was asked");
        };
        assert_eq!(waiting.asker.name, client.name);
        let approval = Answer::Approve { workspace: workspace.id, ticked: ScopeSet::all() };
        let late = authorize::decide(&house.deps, &ada, pending, approval.clone()).await;
        assert!(matches!(late, Err(DecideError::Refused(PageFault::UnapprovedClient(_)))));
        assert!(house.is_let_in(&answer).await);
        let refresh = Refresh {
            refresh_token: answer.refresh_token.as_ref().unwrap().expose().to_owned(),
            scope: None,
            resource: None,
        };
        assert!(usecases::token::refresh(&house.deps, &client, refresh).await.is_ok());

        let list = client_policy::clients(&house.deps, &operator, &Search::default()).await.unwrap();
        assert_eq!((list.waiting, list.lines[0].client.id.clone()), (1, client.id.clone()));
        assert_eq!(list.lines[0].live_grants, 1);
        add(&house, &operator, "client", &client.id.0, Effect::Allow).await;
        assert!(begin(&house, &client).await.is_ok());
        let released = client_policy::release(&house.deps, &operator, &client.id).await.unwrap();
        assert_eq!(released.unwrap().moved, Moved { asked: 1, ..Moved::default() });
        assert_eq!(client_policy::release(&house.deps, &operator, &client.id).await.unwrap(), None);
    }

    async fn a_rule_takes_the_place_of_the_one_about_the_same_and_every_change_is_written_down(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let operator = operator::operator(&ada).unwrap();
        add(&house, &operator, "name", "Inspector*", Effect::Ask).await;
        let same = add(&house, &operator, "name", "Inspector*", Effect::Ask).await;
        let other = add(&house, &operator, "name", "Inspector*", Effect::Block).await;
        assert_ne!(same.rule.id, other.rule.id);
        let policy = client_policy::policy(&house.deps, &operator).await.unwrap();
        assert_eq!(policy.rules, std::slice::from_ref(&other.rule));
        house.clock.advance(MOMENT);
        client_policy::remove_rule(&house.deps, &operator, other.rule.id).await.unwrap();
        house.clock.advance(MOMENT);
        client_policy::set_default(&house.deps, &operator, Effect::Block).await.unwrap();
        client_policy::set_default(&house.deps, &operator, Effect::Block).await.unwrap();
        let told = house.audit_of_server().await;
        let by_ada = told.iter().filter(|(actor, _)| *actor == Actor::User(ada.user.id)).map(|(_, action)| *action);
        let policy: Vec<_> = by_ada.filter(|action| action.starts_with("client_policy.")).collect();
        assert_eq!(
            policy,
            [
                "client_policy.default_changed",
                "client_policy.rule_removed",
                "client_policy.rule_added",
                "client_policy.rule_added"
            ]
        );
    }

    async fn a_rule_is_about_a_client_that_there_is(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        for id in ["client_unknown", "no\0body"] {
            let subject = RuleSubject::parse("client", id).unwrap();
            let refused = client_policy::add_rule(&house.deps, &operator, subject, Effect::Block).await;
            assert!(matches!(refused, Err(AddRuleError::UnknownClient(_))));
        }
        let nothing = client_policy::remove_rule(&house.deps, &operator, "018f3b1e-0000-7000-8000-000000000000".parse().unwrap()).await;
        assert!(matches!(nothing, Err(RemoveRuleError::NotFound)));
    }

    async fn a_rule_about_one_client_has_no_other_judged(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let sheet = named(&house, "Sheet", "https://sheet.example/cb").await;
        let other = named(&house, "Other", "https://other.example/cb").await;
        // No rule says so: whoever judged it would put it right.
        let transaction = house.deps.store.begin().await.unwrap();
        store::client_policy::set_standing(&transaction, &[&other.id], Standing::Asked).await.unwrap();
        transaction.commit().await.unwrap();
        let subject = RuleSubject::parse("client", &sheet.id.0).unwrap();
        let foreseen = client_policy::foresee(&house.deps, &operator, Change::Rule(subject, Effect::Block)).await;
        let foreseen = foreseen.unwrap();
        assert_eq!((foreseen.decided, foreseen.moved.len()), (1, 1));
        let one = add(&house, &operator, "client", &sheet.id.0, Effect::Block).await;
        assert_eq!(one.moved, Moved { blocked: 1, ..Moved::default() });
        let released = client_policy::release(&house.deps, &operator, &sheet.id).await.unwrap().unwrap();
        assert_eq!(released.moved, Moved { allowed: 1, ..Moved::default() });
        assert_eq!(standing_of(&house, &other).await, Standing::Asked);
        let general = add(&house, &operator, "name", "sheet", Effect::Block).await;
        assert_eq!(general.moved, Moved { blocked: 1, allowed: 1, asked: 0 });
    }

    async fn what_an_earlier_version_let_through_a_rule_about_names_is_caught_up_with_at_the_start(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let dressed_up = named(&house, "Сlaude", "https://sheet.example/cb").await;
        let other = named(&house, "Other", "https://other.example/cb").await;
        add(&house, &operator, "host", "other.example", Effect::Ask).await;
        assert_eq!(client_policy::catch_up(&house.deps).await.unwrap(), Moved::default());
        add(&house, &operator, "name", "Claude*", Effect::Block).await;
        assert_eq!(standing_of(&house, &dressed_up).await, Standing::Blocked);
        let transaction = house.deps.store.begin().await.unwrap();
        store::client_policy::set_standing(&transaction, &[&dressed_up.id], Standing::Allowed).await.unwrap();
        transaction.commit().await.unwrap();
        house.clock.advance(MOMENT);
        let moved = client_policy::catch_up(&house.deps).await.unwrap();
        assert_eq!(moved, Moved { blocked: 1, ..Moved::default() });
        assert_eq!(house.audit_of_server().await[0], (Actor::System, "client_policy.applied"));
        assert_eq!(standing_of(&house, &other).await, Standing::Asked);
        assert_eq!(client_policy::catch_up(&house.deps).await.unwrap(), Moved::default());
        assert_eq!(house.audit_of_server().await.iter().filter(|(_, action)| *action == "client_policy.applied").count(), 1);
    }

    async fn a_rule_about_many_has_every_one_of_them_judged(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        alike(&house, 1_001).await;
        let name = RuleSubject::parse("name", "claude").unwrap();
        let foreseen = client_policy::foresee(&house.deps, &operator, Change::Rule(name, Effect::Block)).await.unwrap();
        assert_eq!((foreseen.decided, foreseen.moved.len()), (1_002, 1_002));
        let blocked = add(&house, &operator, "name", "claude", Effect::Block).await;
        assert_eq!(blocked.moved, Moved { blocked: 1_002, ..Moved::default() });
        let at_work = client_policy::at_work(&house.deps, &operator).await.unwrap();
        assert_eq!((at_work.rules[0].decided, at_work.by_default), (1_002, 0));
    }

    async fn thousands_of_clients_are_looked_over_a_page_at_a_time(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        for number in 0..120 {
            named(&house, &format!("App {number}"), &format!("https://app-{number}.example/cb")).await;
        }
        let search = |text: &str, page| Search { wanted: Wanted { text: text.into(), standing: None }, page };
        let first = client_policy::clients(&house.deps, &operator, &search("", 0)).await.unwrap();
        assert_eq!((first.lines.len(), first.found, first.page, first.pages), (50, 120, 1, 3));
        let last = client_policy::clients(&house.deps, &operator, &search("", 99)).await.unwrap();
        assert_eq!((last.lines.len(), last.page), (20, 3));
        let none = client_policy::clients(&house.deps, &operator, &search("nobody", 1)).await.unwrap();
        assert_eq!((none.lines.len(), none.found, none.pages), (0, 0, 1));
    }

    async fn a_client_is_found_by_its_identifier_however_many_begin_with_it(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let client = alike(&house, 60).await;
        let line = client_policy::client(&house.deps, &operator, &client.id).await.unwrap().unwrap();
        assert_eq!((line.client, line.live_grants), (client, 0));
        let nobody = client_policy::client(&house.deps, &operator, &ClientId("nobody".to_owned())).await.unwrap();
        assert!(nobody.is_none());
    }

    async fn what_a_rule_would_do_is_told_before_it_is_made(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (client, answer) = house.connect(&ada, &workspace).await;
        let sheet = named(&house, "Sheet", "https://sheet.example/cb").await;
        let foresee = async |change| client_policy::foresee(&house.deps, &operator, change).await.unwrap();

        let host = RuleSubject::parse("host", "claude.ai").unwrap();
        let block = foresee(Change::Rule(host, Effect::Block)).await;
        let [moving] = block.moved.as_slice() else { panic!("{:?}", block.moved) };
        assert_eq!((&moving.client.id, moving.to, moving.live_grants), (&client.id, Standing::Blocked, 1));
        assert_eq!((block.decided, block.replaces), (1, None));
        assert!(house.is_let_in(&answer).await, "to look ahead changes nothing");

        add(&house, &operator, "name", "sheet", Effect::Block).await;
        let name = RuleSubject::parse("name", "sheet").unwrap();
        let back = foresee(Change::Rule(name, Effect::Allow)).await;
        assert_eq!((back.moved.len(), back.moved[0].to, back.replaces), (1, Standing::Allowed, Some(Effect::Block)));
        // A stricter rule counts already.
        let host = RuleSubject::parse("host", "sheet.example").unwrap();
        let idle = foresee(Change::Rule(host, Effect::Allow)).await;
        assert_eq!((idle.decided, idle.moved.len()), (0, 0));
        let ask = foresee(Change::Default(Effect::Ask)).await;
        assert_eq!((ask.decided, ask.moved.len(), ask.replaces), (1, 1, Some(Effect::Allow)));
        assert_eq!(standing_of(&house, &sheet).await, Standing::Blocked);
    }

    async fn an_app_that_is_unblocked_is_left_to_the_rules_or_allowed_against_them(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let sheet = named(&house, "Sheet", "https://sheet.example/cb").await;
        let unblock = async || client_policy::unblock(&house.deps, &operator, &sheet.id).await.unwrap();
        let own_rule = async || {
            let policy = client_policy::policy(&house.deps, &operator).await.unwrap();
            policy.own_rule(&sheet.id).map(|rule| rule.effect)
        };
        add(&house, &operator, "client", &sheet.id.0, Effect::Block).await;
        assert_eq!(unblock().await, None);
        assert_eq!((standing_of(&house, &sheet).await, own_rule().await), (Standing::Allowed, None));
        // Pressed a second time it changes nothing.
        assert_eq!(unblock().await, None);
        assert_eq!(own_rule().await, None);

        add(&house, &operator, "client", &sheet.id.0, Effect::Block).await;
        client_policy::set_default(&house.deps, &operator, Effect::Ask).await.unwrap();
        assert_eq!(unblock().await, None);
        assert_eq!((standing_of(&house, &sheet).await, own_rule().await), (Standing::Asked, None));

        let rule = add(&house, &operator, "host", "sheet.example", Effect::Block).await.rule;
        assert_eq!(unblock().await, Some(Against::Rule(rule.clone())));
        assert_eq!((standing_of(&house, &sheet).await, own_rule().await), (Standing::Allowed, Some(Effect::Allow)));
        add(&house, &operator, "client", &sheet.id.0, Effect::Block).await;
        client_policy::remove_rule(&house.deps, &operator, rule.id).await.unwrap();
        client_policy::set_default(&house.deps, &operator, Effect::Block).await.unwrap();
        assert_eq!(unblock().await, Some(Against::Default));
        assert_eq!((standing_of(&house, &sheet).await, own_rule().await), (Standing::Allowed, Some(Effect::Allow)));
        let nobody = client_policy::unblock(&house.deps, &operator, &ClientId("nobody".to_owned())).await;
        assert!(matches!(nobody, Err(AddRuleError::UnknownClient(_))));
    }

    async fn what_was_decided_about_one_app_is_told_with_the_rule_that_will_not_move_it(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let sheet = named(&house, "Sheet", "https://sheet.example/cb").await;
        named(&house, "Sheet two", "https://sheet.example/cb").await;
        let other = named(&house, "Other", "https://other.example/cb").await;
        for client in [&sheet, &other] {
            add(&house, &operator, "client", &client.id.0, Effect::Allow).await;
        }
        let foresee = async |change| {
            let foreseen = client_policy::foresee(&house.deps, &operator, change).await.unwrap();
            let kept: Vec<_> = foreseen.kept.into_iter().map(|kept| kept.client.name).collect();
            (foreseen.decided, kept)
        };
        let host = RuleSubject::parse("host", "sheet.example").unwrap();
        assert_eq!(foresee(Change::Rule(host.clone(), Effect::Block)).await, (1, vec!["Sheet".to_owned()]));
        // Where it would stand by the rule as it stands already, nothing is to be told.
        assert_eq!(foresee(Change::Rule(host, Effect::Allow)).await, (1, Vec::new()));
        let names = vec!["Other".to_owned(), "Sheet".to_owned()];
        assert_eq!(foresee(Change::Default(Effect::Ask)).await, (1, names));
        let own = RuleSubject::parse("client", &sheet.id.0).unwrap();
        assert_eq!(foresee(Change::Rule(own, Effect::Block)).await, (1, Vec::new()));
    }

    async fn each_rule_is_shown_with_how_many_clients_it_decides(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let sheet = named(&house, "Sheet", "https://sheet.example/cb").await;
        named(&house, "Sheet two", "https://sheet.example/cb").await;
        named(&house, "Other", "https://other.example/cb").await;
        add(&house, &operator, "host", "sheet.example", Effect::Ask).await;
        add(&house, &operator, "name", "sheet*", Effect::Allow).await;
        add(&house, &operator, "client", &sheet.id.0, Effect::Block).await;
        let at_work = client_policy::at_work(&house.deps, &operator).await.unwrap();
        let decided: Vec<_> = at_work.rules.iter().map(|rule| rule.decided).collect();
        assert_eq!((decided, at_work.by_default), (vec![1, 0, 1], 1));
        let about: Vec<_> = at_work.rules.iter().map(|rule| rule.client.as_ref().map(|client| &client.id)).collect();
        assert_eq!(about, [None, None, Some(&sheet.id)]);
    }

    async fn a_client_of_several_addresses_is_known_by_the_weakest(store: Store) {
        let (house, operator) = (House::new(store), operator::at_command_line());
        let document = json!({ "client_name": "Claude", "redirect_uris": [CALLBACK, "https://evil.example/cb"] });
        usecases::client::register(&house.deps, &document).await.unwrap();
        let list = client_policy::clients(&house.deps, &operator, &Search::default()).await.unwrap();
        assert!(format!("{:?}", list.lines[0].publisher).contains("evil.example"));
    }
}

async fn add(house: &House, operator: &Operator, kind: &str, text: &str, effect: Effect) -> client_policy::Changed {
    // Rules stand in the order in which they were made.
    house.clock.advance(MOMENT);
    let subject = RuleSubject::parse(kind, text).unwrap();
    client_policy::add_rule(&house.deps, operator, subject, effect).await.unwrap()
}

/// A client and so many more that only their identifiers tell apart, each beginning with the first one's.
async fn alike(house: &House, more: usize) -> Client {
    let first = house.client().await;
    let transaction = house.deps.store.begin().await.unwrap();
    for number in 0..more {
        let id = ClientId(format!("{}-{number}", first.id));
        store::client::insert(&transaction, &Client { id, fingerprint: None, ..first.clone() }).await.unwrap();
    }
    transaction.commit().await.unwrap();
    first
}

async fn begin(house: &House, client: &Client) -> Result<domain::id::AuthorizationRequestId, BeginError> {
    authorize::begin(&house.deps, None, request_of(client)).await
}

async fn named(house: &House, name: &str, redirect_uri: &str) -> Client {
    let document = json!({ "client_name": name, "redirect_uris": [redirect_uri] });
    usecases::client::register(&house.deps, &document).await.unwrap().client
}

async fn standing_of(house: &House, client: &Client) -> Standing {
    store::client::find(&house.deps.store, &client.id).await.unwrap().unwrap().standing
}
