//! What a client asks of the sign-in: `prompt`, `max_age`, `login_hint`.

use crate::house::{CALLBACK, House, parameter, request_of};
use domain::{
    id::AuthorizationRequestId,
    oauth::{client::Client, grant::Answer, scope::ScopeSet},
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::session::Viewer,
    authorize::{self, BeginError, DecideError, DescribeError, SignInAsked, sign_in_asked},
};

async fn begin(
    house: &House,
    viewer: Option<&Viewer>,
    client: &Client,
    more: &[(&str, &str)],
) -> Result<AuthorizationRequestId, BeginError> {
    let mut pairs = request_of(client);
    pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    authorize::begin(&house.deps, viewer, pairs).await
}

/// The error that the client is told by redirect.
async fn told(house: &House, viewer: Option<&Viewer>, more: &[(&str, &str)]) -> String {
    let client = house.client().await;
    let Err(BeginError::Redirect(url, _)) = begin(house, viewer, &client, more).await else {
        panic!("{more:?} was let through");
    };
    assert!(url.starts_with(CALLBACK));
    assert_eq!(parameter(&url, "state").as_deref(), Some("s t&te"));
    assert_eq!(parameter(&url, "iss").as_deref(), Some("https://visage.example"));
    parameter(&url, "error").unwrap()
}

on_both_databases! {
    async fn a_silent_request_is_answered_at_once_and_never_granted(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        house.clock.advance(Duration::from_secs(100));
        for (viewer, more, error) in [
            (None, vec![("prompt", "none")], "login_required"),
            (Some(&ada), vec![("prompt", "none")], "consent_required"),
            (Some(&ada), vec![("prompt", "none"), ("max_age", "100")], "consent_required"),
            (Some(&ada), vec![("prompt", "none"), ("max_age", "99")], "login_required"),
            (Some(&ada), vec![("prompt", "none"), ("max_age", "0")], "login_required"),
            (Some(&ada), vec![("prompt", "none login")], "invalid_request"),
            (Some(&ada), vec![("max_age", "soon")], "invalid_request"),
            (Some(&ada), vec![("max_age", "-1")], "invalid_request"),
        ] {
            assert_eq!(told(&house, viewer, &more).await, error, "{more:?}");
        }
    }

    async fn prompts_that_nobody_knows_are_passed_over(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let client = house.client().await;
        let request = begin(&house, None, &client, &[("prompt", "create consent")]).await.unwrap();
        assert!(authorize::describe(&house.deps, &ada, request).await.is_ok());
    }

    async fn a_fresh_sign_in_is_asked_for_and_the_request_goes_on_after_it(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        for (more, is_asked) in [
            (vec![("prompt", "login")], true),
            (vec![("prompt", "login consent")], true),
            (vec![("max_age", "0")], true),
            (vec![("max_age", "10")], true),
            (vec![("max_age", "3600")], false),
            (vec![("prompt", "select_account")], false),
        ] {
            let ada = house.viewer_again().await;
            house.clock.advance(Duration::from_secs(11));
            let request = begin(&house, Some(&ada), &client, &more).await.unwrap();
            let approve = || Answer::Approve { workspace: workspace.id, ticked: ScopeSet::all() };
            assert_eq!(sign_in_asked(&house.deps, Some(&ada), request).await.unwrap().again, is_asked, "{more:?}");
            let described = authorize::describe(&house.deps, &ada, request).await;
            assert_eq!(matches!(described, Err(DescribeError::SignInAgain)), is_asked, "{more:?}");
            if is_asked {
                let decided = authorize::decide(&house.deps, &ada, request, approve()).await;
                assert!(matches!(decided, Err(DecideError::SignInAgain)), "{more:?}");
            }
            house.clock.advance(Duration::from_secs(1));
            let again = house.viewer_again().await;
            // However long the person reads.
            house.clock.advance(Duration::from_secs(300));
            assert!(!sign_in_asked(&house.deps, Some(&again), request).await.unwrap().again, "{more:?}");
            assert!(authorize::describe(&house.deps, &again, request).await.is_ok(), "{more:?}");
            assert!(authorize::decide(&house.deps, &again, request, approve()).await.is_ok(), "{more:?}");
        }
    }

    async fn another_account_may_go_on_with_the_request(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let client = house.client().await;
        let request = begin(&house, Some(&ada), &client, &[("prompt", "login")]).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        let eve = house.person("Eve").await;
        let labs = house.workspace(&eve, "Babbage Labs").await;
        let answer = Answer::Approve { workspace: labs.id, ticked: ScopeSet::all() };
        assert!(authorize::decide(&house.deps, &eve, request, answer).await.is_ok());
    }

    async fn the_screen_says_that_an_account_is_asked_for(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let client = house.client().await;
        for (prompt, is_asked) in [("select_account", true), ("consent", false)] {
            let request = begin(&house, Some(&ada), &client, &[("prompt", prompt)]).await.unwrap();
            let screen = authorize::describe(&house.deps, &ada, request).await.unwrap();
            assert_eq!(screen.asks_for_account, is_asked);
        }
    }

    async fn a_hint_is_an_address_or_nothing(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        for (hint, kept) in [("Ada@Analytical.example", Some("ada@analytical.example")), ("<script>", None), ("ada", None)] {
            let request = begin(&house, None, &client, &[("login_hint", hint)]).await.unwrap();
            let login_hint = kept.map(|address| address.parse().unwrap());
            let asked = sign_in_asked(&house.deps, None, request).await.unwrap();
            assert_eq!(asked, SignInAsked { again: false, login_hint }, "{hint}");
        }
    }
}
