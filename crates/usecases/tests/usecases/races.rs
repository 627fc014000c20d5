//! Refresh tokens presented from many places at once: whoever comes first, a family ends up as the rule says, and no
//! other family notices.

use crate::house::House;
use domain::{
    audit::Action,
    oauth::{client::Client, token::RefreshToken},
    secret::Secret,
    workspace::Workspace,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use tokio::task::JoinSet;
use usecases::token::{self, Refresh, TokenAnswer, TokenError};

/// How many present a token in one race.
const RUNNERS: usize = 32;

on_both_databases! {
    async fn races_for_one_family_end_as_the_rule_says(store: Store) {
        races(store, 24).await;
    }
}

/// As many races as asked, of four kinds in turn.
pub async fn races(store: Store, how_many: usize) {
    let track = Track::new(store).await;
    let mut start = track.connect().await;
    for number in 0..how_many {
        start = match number % 4 {
            0 => track.siblings(&start).await,
            1 => track.lost_answers(&start).await,
            2 => track.rotation_against_replay(&start).await,
            _ => track.replays(&start).await,
        };
        track.ensure_the_bystander_is_well().await;
    }
}

/// Where the races are run: two connections of one client and one person, of which one only looks on.
struct Track {
    house: House,
    workspace: Workspace,
    client: Client,
    viewer: usecases::access::session::Viewer,
    bystander: TokenAnswer,
}

impl Track {
    async fn new(store: Store) -> Self {
        let house = House::new(store);
        let viewer = house.person("Ada").await;
        let workspace = house.workspace(&viewer, "Analytical Engines").await;
        let (client, bystander) = house.connect(&viewer, &workspace).await;
        Self { house, workspace, client, viewer, bystander }
    }

    async fn connect(&self) -> TokenAnswer {
        let code = self.house.approve(&self.viewer, &self.client, &self.workspace).await;
        self.house.redeem(&self.client, &code).await.unwrap()
    }

    /// The first use and all others within the grace: everybody gets a pair, and all stay good.
    async fn siblings(&self, start: &TokenAnswer) -> TokenAnswer {
        let answers = self.run(&[secret_of(start)]).await;
        let mut pairs: Vec<TokenAnswer> = answers.into_iter().map(Result::unwrap).collect();
        let family = self.row(&secret_of(start)).await.family;
        for pair in &pairs {
            let row = self.row(&secret_of(pair)).await;
            assert!(row.family == family && row.spent_at.is_none() && row.revoked_at.is_none());
        }
        assert!(self.house.is_let_in(&pairs[0]).await);
        assert!(self.house.is_let_in(&pairs[RUNNERS - 1]).await);
        pairs.swap_remove(RUNNERS / 2)
    }

    /// Long after an answer was lost: everybody gets a pair that replaces the one before, so that one is left.
    async fn lost_answers(&self, start: &TokenAnswer) -> TokenAnswer {
        let lost = self.refresh(&secret_of(start)).await.unwrap();
        self.house.clock.advance(Duration::from_secs(61));
        let answers = self.run(&[secret_of(start)]).await;
        let mut good = Vec::new();
        for pair in answers.into_iter().map(Result::unwrap) {
            if self.row(&secret_of(&pair)).await.revoked_at.is_none() {
                good.push(pair);
            }
        }
        assert!(!self.house.is_let_in(&lost).await);
        assert_eq!(good.len(), 1, "pairs left of a lost answer");
        good.swap_remove(0)
    }

    /// A rightful rotation while a copy of the token before is presented: whoever is first, nothing of the family is left.
    async fn rotation_against_replay(&self, start: &TokenAnswer) -> TokenAnswer {
        let next = self.refresh(&secret_of(start)).await.unwrap();
        assert!(self.house.is_let_in(&next).await);
        self.house.clock.advance(Duration::from_secs(61));
        let answers = self.run(&[secret_of(start), secret_of(&next)]).await;
        let pairs = answers.into_iter().filter_map(Result::ok).chain([next]);
        self.ensure_all_is_over(start, pairs).await
    }

    /// Copies of a token whose successor was used: nobody gets anything, the family ends once and is told of once.
    async fn replays(&self, start: &TokenAnswer) -> TokenAnswer {
        let next = self.refresh(&secret_of(start)).await.unwrap();
        let last = self.refresh(&secret_of(&next)).await.unwrap();
        let answers = self.run(&[secret_of(start)]).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(TokenError::InvalidGrant(_)))));
        self.ensure_all_is_over(start, [next, last]).await
    }

    /// Begins anew once it is sure that nothing of the old family is left, and that its end was told of once.
    async fn ensure_all_is_over(
        &self,
        start: &TokenAnswer,
        pairs: impl IntoIterator<Item = TokenAnswer>,
    ) -> TokenAnswer {
        let grant = self.row(&secret_of(start)).await.grant;
        for pair in pairs {
            assert!(self.row(&secret_of(&pair)).await.revoked_at.is_some());
            assert!(!self.house.is_let_in(&pair).await);
        }
        let events = store::audit::list(&self.house.deps.store, self.workspace.id, 200).await.unwrap();
        let told =
            events.iter().filter(|event| event.action == Action::RefreshReplayed && event.target == grant.to_string());
        assert_eq!(told.count(), 1);
        self.connect().await
    }

    /// Presents these tokens in turn, from everywhere at once.
    async fn run(&self, secrets: &[Secret]) -> Vec<Result<TokenAnswer, TokenError>> {
        let mut tasks = JoinSet::new();
        for secret in secrets.iter().cycle().take(RUNNERS) {
            let (deps, client, form) = (self.house.deps.clone(), self.client.clone(), form(secret));
            tasks.spawn(async move { token::refresh(&deps, &client, form).await });
        }
        tasks.join_all().await
    }

    async fn refresh(&self, secret: &Secret) -> Result<TokenAnswer, TokenError> {
        token::refresh(&self.house.deps, &self.client, form(secret)).await
    }

    async fn row(&self, secret: &Secret) -> RefreshToken {
        let transaction = self.house.deps.store.begin().await.unwrap();
        store::token::find_refresh(&transaction, &secret.hash()).await.unwrap().unwrap()
    }

    async fn ensure_the_bystander_is_well(&self) {
        let row = self.row(&secret_of(&self.bystander)).await;
        assert!(row.spent_at.is_none() && row.revoked_at.is_none());
        let grant = store::grant::find(&self.house.deps.store, row.grant).await.unwrap().unwrap();
        assert!(grant.is_live());
    }
}

fn secret_of(pair: &TokenAnswer) -> Secret {
    pair.refresh_token.clone().unwrap()
}

fn form(secret: &Secret) -> Refresh {
    Refresh { refresh_token: secret.expose().to_owned(), scope: None, resource: None }
}
