//! Tokens: how long they live, and what a refresh token that comes a second time means.

use crate::{
    clock::Timestamp,
    id::{FamilyId, GrantId, TokenId},
    settings::Lifetimes,
};
use std::time::Duration;

/// A spent refresh token is honoured again this long after its first use: hosted clients refresh from two places at once.
pub const REPLAY_GRACE: Duration = Duration::from_secs(60);

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

/// What to do with a refresh token that was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// First use: spend it and issue its successors.
    Rotate,
    /// Sent again within the grace: issue siblings, all stay good.
    Sibling,
    /// Sent again later, but nobody ever used what came of it: the answer was lost. Replace the unused pair.
    Replace,
    /// Too old, or revoked.
    Expired,
    /// Somebody else holds a copy: the family ends.
    Replay,
}

/// Decides on a presented refresh token. `successor_was_used` tells whether any token issued in exchange for it was ever
/// used itself.
pub fn decide_refresh(token: &RefreshToken, successor_was_used: bool, now: Timestamp) -> RefreshVerdict {
    if token.revoked_at.is_some() || now >= token.expires_at {
        return RefreshVerdict::Expired;
    }
    match token.spent_at {
        None => RefreshVerdict::Rotate,
        Some(spent_at) if now.since(spent_at) <= REPLAY_GRACE => RefreshVerdict::Sibling,
        Some(_) if !successor_was_used => RefreshVerdict::Replace,
        Some(_) => RefreshVerdict::Replay,
    }
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
    fn a_refresh_token_is_judged_by_its_use_and_its_successors() {
        let now = Timestamp::from_millis(500_000);
        for (token, successor_was_used, verdict) in [
            (token(None, None), false, RefreshVerdict::Rotate),
            (token(Some(440_000), None), true, RefreshVerdict::Sibling),
            (token(Some(439_999), None), false, RefreshVerdict::Replace),
            (token(Some(439_999), None), true, RefreshVerdict::Replay),
            (token(None, Some(1)), false, RefreshVerdict::Expired),
        ] {
            assert_eq!(decide_refresh(&token, successor_was_used, now), verdict, "{token:?}");
        }
        assert_eq!(
            decide_refresh(&token(None, None), false, Timestamp::from_millis(1_000_000)),
            RefreshVerdict::Expired
        );
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
