//! Signing up, in and out.

use crate::house::{House, PASSWORD};
use domain::settings::SignUpPolicy;
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    sign_in::{SignIn, SignInError, SignUp, SignUpError, sign_in, sign_out, sign_up},
    user::CreateUserError,
};

fn form(name: &str) -> SignUp {
    SignUp { name: name.into(), email: format!("{name}@analytical.example"), password: PASSWORD.into(), from: None }
}

on_both_databases! {
    async fn a_session_ends_when_its_person_signs_out(store: Store) {
        let house = House::new(store);
        let session = sign_up(&house.deps, form("ada")).await.unwrap().session;
        assert_eq!(house.viewer(session.expose()).await.map(|viewer| viewer.user.name), Some("ada".into()));
        sign_out(&house.deps, session.expose()).await.unwrap();
        assert!(house.viewer(session.expose()).await.is_none());
    }

    async fn a_session_is_prolonged_by_use_and_ends_without_it(store: Store) {
        let house = House::new(store);
        let session = sign_up(&house.deps, form("ada")).await.unwrap().session;
        for _ in 0..3 {
            house.clock.advance(Duration::from_secs(10 * 86_400));
            assert!(house.viewer(session.expose()).await.is_some());
        }
        house.clock.advance(Duration::from_secs(15 * 86_400));
        assert!(house.viewer(session.expose()).await.is_none());
    }

    async fn signing_in_replaces_the_session_that_the_browser_had(store: Store) {
        let house = House::new(store);
        let old = sign_up(&house.deps, form("ada")).await.unwrap().session;
        let mut again = house.sign_in_form(PASSWORD);
        again.replaces = Some(old.expose().to_owned());
        let new = sign_in(&house.deps, again).await.unwrap().session;
        assert!(house.viewer(old.expose()).await.is_none());
        assert!(house.viewer(new.expose()).await.is_some());
    }

    async fn guessing_a_password_gets_slower_for_known_and_unknown_addresses_alike(store: Store) {
        let house = House::new(store);
        sign_up(&house.deps, form("ada")).await.unwrap();
        for address in ["ada@analytical.example", "nobody@analytical.example"] {
            for _ in 0..4 {
                let mut guess = house.sign_in_form("wrong password");
                guess.email = address.to_owned();
                assert!(matches!(sign_in(&house.deps, guess).await, Err(SignInError::Refused)));
            }
            let mut guess = house.sign_in_form(PASSWORD);
            guess.email = address.to_owned();
            assert!(matches!(sign_in(&house.deps, guess).await, Err(SignInError::TooFast { .. })));
        }
        house.clock.advance(Duration::from_secs(3));
        assert!(sign_in(&house.deps, house.sign_in_form(PASSWORD)).await.is_ok());
    }

    async fn guesses_sent_side_by_side_are_judged_one_by_one(store: Store) {
        let house = House::new(store);
        sign_up(&house.deps, form("ada")).await.unwrap();
        assert!(sign_in(&house.deps, house.sign_in_form("wrong password")).await.is_err());
        let mut guesses = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (deps, guess) = (house.deps.clone(), house.sign_in_form("wrong password"));
            guesses.spawn(async move { matches!(sign_in(&deps, guess).await, Err(SignInError::Refused)) });
        }
        let looked_at = guesses.join_all().await.into_iter().filter(|was_looked_at| *was_looked_at).count();
        assert_eq!(looked_at, 3);
    }

    async fn a_stranger_elsewhere_who_guesses_keeps_nobody_out(store: Store) {
        let house = House::new(store);
        sign_up(&house.deps, form("ada")).await.unwrap();
        let from = |from: &str, password: &str| {
            let mut form = house.sign_in_form(password);
            form.from = Some(from.parse().unwrap());
            form
        };
        for second in 0..72 {
            let _ = sign_in(&house.deps, from("198.51.100.7", "wrong password")).await;
            house.clock.advance(Duration::from_secs(1));
            if second % 12 == 0 {
                assert!(sign_in(&house.deps, from("203.0.113.7", PASSWORD)).await.is_ok(), "after {second} s");
            }
        }
        // The stranger's own network waits, with the right password too.
        for stranger in ["198.51.100.7", "198.51.100.200", "::ffff:198.51.100.9"] {
            let guess = sign_in(&house.deps, from(stranger, PASSWORD)).await;
            assert!(matches!(guess, Err(SignInError::TooFast { .. })), "{stranger}");
        }
    }

    async fn one_network_signs_in_and_up_only_so_fast(store: Store) {
        let house = House::new(store);
        sign_up(&house.deps, form("ada")).await.unwrap();
        let (crowd, honest) = ("2001:db8:1:2::7".parse().unwrap(), "2001:db8:1:3::7".parse().unwrap());
        let try_from = async |from| {
            let form = SignIn { from: Some(from), ..house.sign_in_form(PASSWORD) };
            sign_in(&house.deps, form).await.err()
        };
        assert!(try_from(crowd).await.is_none());
        while house.deps.pace.sign_in(crowd).is_ok() {}
        let told = try_from(crowd).await.unwrap();
        assert!(matches!(told, SignInError::Haste(_)) && told.to_string().contains("wait 1 s"), "{told}");
        assert!(try_from(honest).await.is_none());

        let join_from = async |from| {
            let form = SignUp { password: "short".into(), from: Some(from), ..form("eve") };
            sign_up(&house.deps, form).await.err()
        };
        // A form that is refused counts as well.
        for _ in 0..60 {
            assert!(matches!(join_from(crowd).await, Some(SignUpError::Account(_))));
        }
        assert!(matches!(join_from(crowd).await, Some(SignUpError::Haste(_))));
        assert!(matches!(join_from(honest).await, Some(SignUpError::Account(_))));
    }

    async fn without_an_invitation_only_the_first_account_is_made(store: Store) {
        let house = House::with(store, |settings| settings.sign_up = SignUpPolicy::Invite);
        sign_up(&house.deps, form("ada")).await.unwrap();
        assert!(matches!(sign_up(&house.deps, form("eve")).await, Err(SignUpError::NotOpen)));
    }

    async fn of_strangers_racing_for_the_first_account_one_gets_it(store: Store) {
        let house = House::with(store, |settings| settings.sign_up = SignUpPolicy::Invite);
        let mut strangers = tokio::task::JoinSet::new();
        for number in 0..6 {
            let deps = house.deps.clone();
            strangers.spawn(async move { sign_up(&deps, form(&format!("stranger{number}"))).await.is_ok() });
        }
        assert_eq!(strangers.join_all().await.into_iter().filter(|is_in| *is_in).count(), 1);
    }

    async fn an_address_has_one_account_whatever_its_case(store: Store) {
        let house = House::new(store);
        sign_up(&house.deps, form("ada")).await.unwrap();
        assert!(matches!(sign_up(&house.deps, form("ADA")).await, Err(SignUpError::Account(CreateUserError::Taken))));
    }

    async fn a_disabled_account_is_out_at_once(store: Store) {
        let house = House::new(store);
        let session = sign_up(&house.deps, form("ada")).await.unwrap().session;
        usecases::user::disable(&house.deps, "ada@analytical.example").await.unwrap();
        assert!(house.viewer(session.expose()).await.is_none());
        assert!(matches!(sign_in(&house.deps, house.sign_in_form(PASSWORD)).await, Err(SignInError::Refused)));
    }
}
