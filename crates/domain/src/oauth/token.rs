//! Tokens: how long they live, and what a refresh token that comes a second time means.

use crate::{
    clock::Timestamp,
    id::{FamilyId, GrantId, TokenId},
    settings::Lifetimes,
};
use std::time::Duration;

/// A spent refresh token is honoured again this long after its first use: hosted clients refresh from two places at once.
pub const REPLAY_GRACE: Duration = Duration::from_secs(60);

/// A client is told to be done with its access token this much sooner, or a tenth of the token's life.
const MOST_SOONER: Duration = Duration::from_secs(60);

/// One refresh token's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub id: TokenId,
    pub grant: GrantId,
    pub family: FamilyId,
    /// When the family's first token was issued.
    pub family_created_at: Timestamp,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// When it was first exchanged.
    pub spent_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// What became of the tokens that a refresh token was exchanged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Successors {
    /// None was ever used, or there are none.
    Unused,
    /// An access token among them was shown; no refresh token was spent.
    Shown,
    /// A refresh token among them was spent: the presented one is a grandparent.
    Spent,
}

/// What to do with a refresh token that was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// First use: spend it and issue its successors.
    Rotate,
    /// Sent again within the grace: issue siblings, all stay good.
    Sibling,
    /// Sent again later, but nobody ever used what came of it: the answer was lost. Replace the unused pair.
    Replace,
    /// Too old, or its family is over: there is nothing left to end.
    Refuse,
    /// Somebody else holds a copy: the family ends.
    Replay,
}

/// Decides on a refresh token that its own client presented.
///
/// A spent token is honoured again within [`REPLAY_GRACE`] of its first use, whether or not the access token that came of
/// it was shown meanwhile, and later only while no successor was ever used. Where that leaves a choice:
///
/// - A grandparent is a replay from the start, within its own grace too. Two places that refresh at once hold the same
///   token; nobody holds one whose successor was spent already, except in a copy.
/// - A token that was replaced as lost and is shown after all is a replay: whoever presented its parent was somebody else.
/// - An expired token is refused and ends nothing, as if it had been swept out already.
/// - A family that is over stays as it is, so that one replay is told once.
pub fn decide_refresh(
    token: &RefreshToken,
    successors: Successors,
    family_is_live: bool,
    now: Timestamp,
) -> RefreshVerdict {
    if now >= token.expires_at || !family_is_live {
        return RefreshVerdict::Refuse;
    }
    if token.revoked_at.is_some() {
        return RefreshVerdict::Replay;
    }
    let Some(spent_at) = token.spent_at else { return RefreshVerdict::Rotate };
    let is_in_grace = now.since(spent_at) <= REPLAY_GRACE;
    match successors {
        Successors::Spent => RefreshVerdict::Replay,
        Successors::Unused | Successors::Shown if is_in_grace => RefreshVerdict::Sibling,
        Successors::Unused => RefreshVerdict::Replace,
        Successors::Shown => RefreshVerdict::Replay,
    }
}

/// The lifetime that a client is told, in whole seconds. It begins to count when the answer has reached it, and its last
/// request takes time to reach us: some clients ask their person again, instead of refreshing, once a token that they still
/// took for good is refused.
pub fn told_lifetime(lifetimes: &Lifetimes) -> Duration {
    let life = lifetimes.access_token;
    let told = life.saturating_sub((life / 10).min(MOST_SOONER));
    Duration::from_secs(told.as_secs().max(1))
}

/// When a refresh token issued now ends: idle for so long, or the family's absolute end, whichever is first.
pub fn refresh_expiry(lifetimes: &Lifetimes, family_created_at: Timestamp, now: Timestamp) -> Timestamp {
    now.plus(lifetimes.refresh_idle).min(family_created_at.plus(lifetimes.refresh_absolute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn token(spent_at: Option<i64>, revoked_at: Option<i64>) -> RefreshToken {
        RefreshToken {
            id: TokenId(Uuid::nil()),
            grant: GrantId(Uuid::nil()),
            family: FamilyId(Uuid::nil()),
            family_created_at: Timestamp::from_millis(0),
            issued_at: Timestamp::from_millis(0),
            expires_at: Timestamp::from_millis(1_000_000),
            spent_at: spent_at.map(Timestamp::from_millis),
            revoked_at: revoked_at.map(Timestamp::from_millis),
        }
    }

    #[test]
    fn a_client_is_told_to_renew_its_token_before_it_ends() {
        for (life, told) in [(86_400, 86_340), (600, 540), (300, 270), (3, 2), (1, 1)] {
            let lifetimes = Lifetimes { access_token: Duration::from_secs(life), ..Lifetimes::default() };
            assert_eq!(told_lifetime(&lifetimes), Duration::from_secs(told), "{life}");
        }
    }

    #[test]
    fn a_refresh_token_is_judged_by_its_use_and_its_successors() {
        use RefreshVerdict::{Refuse, Replace, Replay, Rotate, Sibling};
        use Successors::{Shown, Spent, Unused};
        let now = Timestamp::from_millis(500_000);
        for (token, successors, family_is_live, verdict) in [
            (token(None, None), Unused, true, Rotate),
            (token(Some(440_000), None), Unused, true, Sibling),
            (token(Some(440_000), None), Shown, true, Sibling),
            (token(Some(439_999), None), Unused, true, Replace),
            (token(Some(439_999), None), Shown, true, Replay),
            (token(Some(439_999), None), Spent, true, Replay),
            (token(None, Some(1)), Unused, true, Replay),
            (token(None, Some(1)), Unused, false, Refuse),
            (token(Some(1), Some(2)), Spent, false, Refuse),
        ] {
            assert_eq!(decide_refresh(&token, successors, family_is_live, now), verdict, "{token:?} {successors:?}");
        }
    }

    #[test]
    fn a_grandparent_is_a_replay_within_its_own_grace_too() {
        let verdict =
            decide_refresh(&token(Some(500_000), None), Successors::Spent, true, Timestamp::from_millis(500_001));
        assert_eq!(verdict, RefreshVerdict::Replay);
    }

    #[test]
    fn an_expired_token_is_refused_and_ends_nothing() {
        let now = Timestamp::from_millis(1_000_000);
        for token in [token(None, None), token(Some(1), None), token(Some(999_999), None), token(None, Some(1))] {
            assert_eq!(decide_refresh(&token, Successors::Spent, true, now), RefreshVerdict::Refuse, "{token:?}");
        }
    }

    #[test]
    fn a_family_ends_at_its_absolute_age_however_often_it_is_used() {
        let lifetimes = Lifetimes::default();
        let born = Timestamp::from_millis(0);
        let late = born.plus(Duration::from_secs(364 * 86_400));
        assert_eq!(refresh_expiry(&lifetimes, born, late), born.plus(lifetimes.refresh_absolute));
        assert_eq!(refresh_expiry(&lifetimes, born, born), born.plus(lifetimes.refresh_idle));
    }
}
