//! Single cells: what a column holds, to and from the words of the domain.

use crate::error::{StoreError, corrupt};
use domain::{clock::Timestamp, secret::SecretHash};

pub(crate) fn time(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

pub(crate) fn millis(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_millis)
}

pub(crate) fn hash(bytes: Vec<u8>, what: &'static str) -> Result<SecretHash, StoreError> {
    bytes.try_into().map(SecretHash).map_err(corrupt(what))
}

/// A count as rows hold it. No count comes near the limit.
pub(crate) fn to_row(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn from_row(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
