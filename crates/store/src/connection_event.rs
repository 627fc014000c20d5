//! The diary of connecting. The same event within a while is counted, not stored again.

use crate::{
    Rows, StoreError, Transaction,
    cell::{from_row, to_row},
    entity::{
        connection_event::{ActiveModel, Column, Entity, Model},
        oauth_grant,
    },
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    connection::{ConnectionEvent, Outcome, Source, Step},
    id::{AuthorizationRequestId, ConnectionEventId, GrantId, UserId},
    oauth::client::ClientId,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, time::Duration};

/// How long an event of a stranger is the same one.
const SAME_FOR: Duration = Duration::from_secs(600);
/// How long one of a grant is: an app that can't go on calls for weeks.
const SAME_OF_A_GRANT_FOR: Duration = Duration::from_secs(86_400);

/// Rows of twelve columns in one statement. SQLite binds at most 32,766 values.
const ROWS_AT_ONCE: usize = 500;

/// What events may have in common with those that are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties {
    pub requests: Vec<AuthorizationRequestId>,
    pub grants: Vec<GrantId>,
    pub clients: Vec<ClientId>,
    pub sources: Vec<Source>,
}

/// What is swept out.
#[derive(Debug, Clone, Copy)]
pub struct Old {
    /// Attempts that came to no grant, last seen before this.
    pub unfinished: Timestamp,
    /// Everything of grants that ended before this, and faults of other grants.
    pub ended: Timestamp,
    /// How many events of attempts that came to no grant are kept, whatever their age.
    pub most_unfinished: u64,
}

/// Writes events down; an event that is there already is counted once more.
pub async fn record(transaction: &Transaction, events: &[ConnectionEvent]) -> Result<(), StoreError> {
    // One row a statement can't be met twice; and in one order everywhere, two nodes never wait for each other in a circle.
    let mut rows: BTreeMap<[u8; 32], (ConnectionEvent, u64)> = BTreeMap::new();
    for event in events {
        let (first, count) = rows.entry(fingerprint(event)).or_insert_with(|| (event.clone(), 0));
        first.last_at = first.last_at.max(event.last_at);
        *count += u64::from(event.count);
    }
    let rows: Vec<ActiveModel> =
        rows.into_iter().map(|(fingerprint, (event, count))| model(&event, count, &fingerprint)).collect();
    let added = Expr::col(Column::Count.as_column_ref()).add(Expr::col(("excluded", Column::Count)));
    let count =
        OnConflict::column(Column::Fingerprint).value(Column::Count, added).update_column(Column::LastAt).to_owned();
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        Entity::insert_many(chunk.iter().cloned())
            .on_conflict(count.clone())
            .exec_without_returning(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Binds events to a grant, so that they live as long as it. What repeats them from now on is a new event.
pub async fn bind(transaction: &Transaction, ids: &[ConnectionEventId], grant: GrantId) -> Result<(), StoreError> {
    for id in ids {
        Entity::update_many()
            .col_expr(Column::GrantId, grant.0.into())
            .col_expr(Column::Fingerprint, id.0.as_bytes().to_vec().into())
            .filter(Column::Id.eq(id.0))
            .filter(Column::GrantId.is_null())
            .exec(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Everything of a grant, oldest first.
pub async fn list_of_grant(rows: &impl Rows, grant: GrantId) -> Result<Vec<ConnectionEvent>, StoreError> {
    let query = Entity::find().filter(Column::GrantId.eq(grant.0)).order_by_asc(Column::At).limit(1_000);
    read(query.all(rows.connection()).await?)
}

/// The latest events at which this person was signed in.
pub async fn list_of_user(
    rows: &impl Rows,
    user: UserId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<ConnectionEvent>, StoreError> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user.0))
        .filter(Column::LastAt.gte(since.as_millis()))
        .order_by_desc(Column::At)
        .limit(limit);
    read(query.all(rows.connection()).await?)
}

/// The latest events of everybody.
pub async fn list_recent(rows: &impl Rows, since: Timestamp, limit: u64) -> Result<Vec<ConnectionEvent>, StoreError> {
    let query = Entity::find().filter(Column::LastAt.gte(since.as_millis())).order_by_desc(Column::At).limit(limit);
    read(query.all(rows.connection()).await?)
}

/// The events from `from` on, until `to`, that have any of these ties; the latest first.
pub async fn list_tied(
    rows: &impl Rows,
    ties: &Ties,
    from: Timestamp,
    to: Timestamp,
    limit: u64,
) -> Result<Vec<ConnectionEvent>, StoreError> {
    let any = Condition::any()
        .add(Column::RequestId.is_in(ties.requests.iter().map(|request| request.0)))
        .add(Column::GrantId.is_in(ties.grants.iter().map(|grant| grant.0)))
        .add(Column::ClientId.is_in(ties.clients.iter().map(|client| client.0.as_str())))
        .add(Column::Source.is_in(ties.sources.iter().map(|source| source.0.to_vec())));
    let query = Entity::find()
        .filter(any)
        .filter(Column::At.between(from.as_millis(), to.as_millis()))
        .order_by_desc(Column::At)
        .limit(limit);
    read(query.all(rows.connection()).await?)
}

/// Sweeps out what nobody looks at any more, and tells how many.
pub async fn delete_old(transaction: &Transaction, old: Old) -> Result<u64, StoreError> {
    let unfinished = || Entity::find().filter(Column::GrantId.is_null());
    let mut removed = delete(
        transaction,
        Condition::all().add(Column::GrantId.is_null()).add(Column::LastAt.lt(old.unfinished.as_millis())),
    )
    .await?;
    let first_too_many = unfinished().order_by_desc(Column::At).offset(old.most_unfinished).limit(1);
    if let Some(first) = first_too_many.one(transaction.connection()).await? {
        removed +=
            delete(transaction, Condition::all().add(Column::GrantId.is_null()).add(Column::At.lte(first.at))).await?;
    }
    let remembered = Query::select()
        .column(oauth_grant::Column::Id)
        .from(oauth_grant::Entity)
        .cond_where(
            Condition::any()
                .add(oauth_grant::Column::RevokedAt.is_null())
                .add(oauth_grant::Column::RevokedAt.gte(old.ended.as_millis())),
        )
        .to_owned();
    let ended = Condition::all()
        .add(Column::GrantId.is_not_null())
        // What was just written may speak of a grant whose row comes a moment later.
        .add(Column::LastAt.lt(old.unfinished.as_millis()))
        .add(Column::GrantId.not_in_subquery(remembered));
    removed += delete(transaction, ended).await?;
    let past_faults = Condition::all()
        .add(Column::GrantId.is_not_null())
        .add(Column::Mismatch.is_not_null())
        .add(Column::LastAt.lt(old.ended.as_millis()));
    removed += delete(transaction, past_faults).await?;
    Ok(removed)
}

async fn delete(transaction: &Transaction, which: Condition) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(which).exec(transaction.connection()).await?.rows_affected)
}

/// A hash of everything but the time, which counts by the span that it falls into.
fn fingerprint(event: &ConnectionEvent) -> [u8; 32] {
    let span = if event.grant.is_some() { SAME_OF_A_GRANT_FOR } else { SAME_FOR };
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    let said = serde_json::json!([
        event.at.as_millis().div_euclid(span),
        event.step.as_str(),
        event.outcome.mismatch(),
        event.client,
        event.request,
        event.grant,
        event.user,
        event.source.map(|source| source.0),
    ]);
    Sha256::digest(said.to_string()).into()
}

fn model(event: &ConnectionEvent, count: u64, fingerprint: &[u8; 32]) -> ActiveModel {
    ActiveModel {
        id: Set(event.id.0),
        at: Set(event.at.as_millis()),
        last_at: Set(event.last_at.as_millis()),
        step: Set(event.step.as_str().to_owned()),
        mismatch: Set(event.outcome.mismatch().map(|mismatch| serde_json::json!(mismatch).to_string())),
        client_id: Set(event.client.as_ref().map(|client| client.0.clone())),
        request_id: Set(event.request.map(|request| request.0)),
        grant_id: Set(event.grant.map(|grant| grant.0)),
        user_id: Set(event.user.map(|user| user.0)),
        source: Set(event.source.map(|source| source.0.to_vec())),
        count: Set(to_row(count)),
        fingerprint: Set(fingerprint.to_vec()),
    }
}

fn read(models: Vec<Model>) -> Result<Vec<ConnectionEvent>, StoreError> {
    models.into_iter().map(ConnectionEvent::try_from).collect()
}

impl TryFrom<Model> for ConnectionEvent {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        let outcome = match model.mismatch {
            None => Outcome::Passed,
            Some(text) => Outcome::Failed(serde_json::from_str(&text).map_err(corrupt("connection_event.mismatch"))?),
        };
        Ok(Self {
            id: ConnectionEventId(model.id),
            at: Timestamp::from_millis(model.at),
            last_at: Timestamp::from_millis(model.last_at),
            step: Step::from_name(&model.step)
                .ok_or_else(|| StoreError::Corrupt("connection_event.step".to_owned()))?,
            outcome,
            client: model.client_id.map(ClientId),
            request: model.request_id.map(AuthorizationRequestId),
            grant: model.grant_id.map(GrantId),
            user: model.user_id.map(UserId),
            source: model
                .source
                .map(|bytes| bytes.try_into().map(Source).map_err(corrupt("connection_event.source")))
                .transpose()?,
            count: u32::try_from(from_row(model.count)).unwrap_or(u32::MAX),
        })
    }
}
