//! Where rows are read from: the store at large, or a transaction that sees its own writes.

use crate::store::{Store, Transaction};
use sea_orm::ConnectionTrait;

/// Something that rows can be read from. Sealed: a [`Store`] or a [`Transaction`].
pub trait Rows: sealed::Connected + Sync {}

impl Rows for Store {}
impl Rows for Transaction {}

pub(crate) mod sealed {
    use super::ConnectionTrait;

    pub trait Connected {
        type Connection: ConnectionTrait + Send + Sync;

        fn connection(&self) -> &Self::Connection;
    }
}
