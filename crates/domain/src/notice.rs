//! What names one thing that a person is told of, so that they can put it away.

use crate::id::{AuditEventId, InvalidId};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The same for the same news, however often it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub Uuid);

impl NoticeId {
    /// What an entry of the audit log tells.
    pub const fn of_event(event: AuditEventId) -> Self {
        Self(event.0)
    }

    /// One kind of failure of one attempt: what repeats it is no news.
    pub fn of_failure(attempt: Uuid, kind: &str) -> Self {
        let hash = Sha256::new().chain_update(attempt).chain_update(kind).finalize();
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        Self(uuid::Builder::from_custom_bytes(half).into_uuid())
    }
}

impl fmt::Display for NoticeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(formatter)
    }
}

impl FromStr for NoticeId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_keeps_its_name_and_another_one_has_another() {
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let id = NoticeId::of_failure(one, "code_expired");
        assert_eq!(id, NoticeId::of_failure(one, "code_expired"));
        assert_ne!(id, NoticeId::of_failure(other, "code_expired"));
        assert_ne!(id, NoticeId::of_failure(one, "verifier"));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("../".parse::<NoticeId>().is_err());
    }
}
