//! Rows of several tables in one query: each table's columns under a prefix, read back by the same prefix.

use crate::error::StoreError;
use domain::id::WorkspaceId;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
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

/// The rows of `E` in one workspace that bear one of these names, which must differ from each other and be some.
///
/// The names are a table to join with, not an `IN` list: PostgreSQL compares every row with every item of a list once it
/// has planned for a small table, and keeps that plan while the table grows.
pub(crate) fn named<E: EntityTrait>(
    workspace_column: E::Column,
    workspace: WorkspaceId,
    name_column: E::Column,
    names: &[&str],
) -> SelectStatement {
    let mut query = Query::select();
    select::<E>(&mut query, "");
    query.from_values(names.iter().copied(), "wanted").inner_join(
        E::default(),
        Expr::col(name_column.as_column_ref()).equals(("wanted", "column1")).and(workspace_column.eq(workspace.0)),
    );
    query
}
