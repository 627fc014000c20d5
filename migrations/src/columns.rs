//! The few shapes that columns, references and indexes have in every change.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null},
};

/// Milliseconds since 1970.
pub(crate) fn time(name: &'static str) -> ColumnDef {
    big_integer(name)
}

pub(crate) fn time_null(name: &'static str) -> ColumnDef {
    big_integer_null(name)
}

/// A reference whose row goes when what it points to goes.
pub(crate) fn references(table: &'static str, column: &'static str, other: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to(other, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// A reference that keeps what it points to from being deleted.
pub(crate) fn needs(table: &'static str, column: &'static str, other: &'static str) -> ForeignKeyCreateStatement {
    references(table, column, other).on_delete(ForeignKeyAction::Restrict).to_owned()
}

/// An index named after what it covers: `session_expires_at`.
pub(crate) fn index<const N: usize>(table: &'static str, columns: [&'static str; N]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(column);
    }
    index
}

pub(crate) fn primary<const N: usize>(columns: [&'static str; N]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(column);
    }
    key.primary();
    key
}
