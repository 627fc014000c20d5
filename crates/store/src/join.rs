//! Rows of several tables in one query: each table's columns under a prefix, read back by the same prefix.

use crate::error::StoreError;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

/// Adds all columns of `E` to a query, named with `prefix` in front.
pub(crate) fn select<E: EntityTrait>(query: &mut SelectStatement, prefix: &'static str) {
    for column in E::Column::iter() {
        query.expr_as(Expr::col(column.as_column_ref()), format!("{prefix}{}", column.as_str()));
    }
}

/// Reads the row of `E` that [`select`] put there.
pub(crate) fn read<E: EntityTrait>(row: &QueryResult, prefix: &'static str) -> Result<E::Model, StoreError> {
    Ok(E::Model::from_query_result(row, prefix)?)
}

/// That two columns hold the same value.
pub(crate) fn same(left: impl ColumnTrait, right: impl ColumnTrait) -> Expr {
    Expr::col(left.as_column_ref()).equals(right.as_column_ref())
}
