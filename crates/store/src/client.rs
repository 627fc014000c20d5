//! OAuth clients.

use crate::{
    Rows, StoreError, Transaction,
    cell::{hash, millis, time},
    entity::{
        access_token, client_policy_rule,
        oauth_client::{ActiveModel, Column, Entity, Model},
        oauth_grant, refresh_token,
    },
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    oauth::{
        client::{AuthMethod, Client, ClientId, ClientKeys, DocumentCopy, Fingerprint, Registration, Standing},
        client_document::Reach,
        logo::LogoUri,
        signing::SigningAlgorithm,
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
    sea_query::{Expr, ExprTrait, Func, Order, Query},
};
use std::collections::HashMap;

/// Of a flood, that many go in one sweep: whoever else writes to SQLite waits for it.
const MOST_AT_ONCE: u64 = 100_000;

/// [`StoreError::Conflict`] when the identifier is taken.
pub async fn insert(transaction: &Transaction, client: &Client) -> Result<(), StoreError> {
    Entity::insert(model(client)).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// Whether it was inserted: not where there is a client that registered with the very same metadata. One that is being
/// registered right now is waited for. [`StoreError::Conflict`] when the identifier is taken.
pub async fn insert_unless_identical(transaction: &Transaction, client: &Client) -> Result<bool, StoreError> {
    let query = Entity::insert(model(client)).on_conflict_do_nothing_on([Column::Fingerprint]);
    match query.exec_without_returning(transaction.connection()).await? {
        TryInsertResult::Inserted(rows) => Ok(rows > 0),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// Writes every field of a client that is there already.
pub async fn update(transaction: &Transaction, client: &Client) -> Result<(), StoreError> {
    Entity::update_many()
        .set(model(client))
        .filter(Column::Id.eq(client.id.0.as_str()))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Deletes a client with everything that was granted to it.
pub async fn delete(transaction: &Transaction, id: &ClientId) -> Result<bool, StoreError> {
    Ok(Entity::delete_by_id(id.0.as_str()).exec(transaction.connection()).await?.rows_affected > 0)
}

pub async fn find(rows: &impl Rows, id: &ClientId) -> Result<Option<Client>, StoreError> {
    // Anybody may ask for anything; PostgreSQL's texts hold no NUL, so nothing is kept under one.
    if id.0.contains('\0') {
        return Ok(None);
    }
    Entity::find_by_id(id.0.as_str()).one(rows.connection()).await?.map(Client::try_from).transpose()
}

/// Those of them that are on file.
pub async fn find_several(rows: &impl Rows, ids: &[ClientId]) -> Result<HashMap<ClientId, Client>, StoreError> {
    let query = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0.as_str())));
    let found = query.all(rows.connection()).await?.into_iter().map(Client::try_from);
    found.map(|client| client.map(|client| (client.id.clone(), client))).collect()
}

/// Finds and locks the row until the transaction ends, so that nobody changes what is decided about.
pub async fn find_locked(transaction: &Transaction, id: &ClientId) -> Result<Option<Client>, StoreError> {
    if id.0.contains('\0') {
        return Ok(None);
    }
    let query = Entity::find_by_id(id.0.as_str()).lock_exclusive();
    query.one(transaction.connection()).await?.map(Client::try_from).transpose()
}

/// The client that registered with the very same metadata, locked.
pub async fn find_identical(
    transaction: &Transaction,
    fingerprint: &Fingerprint,
) -> Result<Option<Client>, StoreError> {
    let query = Entity::find().filter(Column::Fingerprint.eq(fingerprint.0.to_vec())).lock_exclusive();
    query.one(transaction.connection()).await?.map(Client::try_from).transpose()
}

/// Every client by which an identical registration is recognised, oldest first.
pub async fn list_recognised(transaction: &Transaction) -> Result<Vec<Client>, StoreError> {
    let query = Entity::find().filter(Column::Fingerprint.is_not_null());
    let query = query.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
    query.all(transaction.connection()).await?.into_iter().map(Client::try_from).collect()
}

/// Every client, latest first.
pub async fn list(rows: &impl Rows) -> Result<Vec<Client>, StoreError> {
    let models =
        Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(rows.connection()).await?;
    models.into_iter().map(Client::try_from).collect()
}

/// Keeps the copy of its document that was read at `fetched_at` for longer. Where another one has taken its place since,
/// nothing changes.
pub async fn prolong(
    transaction: &Transaction,
    id: &ClientId,
    fetched_at: Timestamp,
    fresh_until: Timestamp,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::DocumentFreshUntil, fresh_until.as_millis().into())
        .filter(Column::Id.eq(id.0.as_str()))
        .filter(Column::DocumentFetchedAt.eq(fetched_at.as_millis()))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Some clients in the order of their identifiers, from the one after `after` on.
pub async fn list_after(rows: &impl Rows, after: Option<&ClientId>, limit: u64) -> Result<Vec<Client>, StoreError> {
    let mut query = Entity::find().order_by_asc(Column::Id).limit(limit);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.0.as_str()));
    }
    query.all(rows.connection()).await?.into_iter().map(Client::try_from).collect()
}

/// Remembers that it was seen. One that was seen since `stale` is left alone: a row that everybody writes is a queue.
pub async fn touch(
    transaction: &Transaction,
    id: &ClientId,
    now: Timestamp,
    stale: Timestamp,
) -> Result<(), StoreError> {
    let unseen = Column::LastSeenAt.is_null().or(Column::LastSeenAt.lt(stale.as_millis()));
    Entity::update_many()
        .col_expr(Column::LastSeenAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0.as_str()))
        .filter(unseen)
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Which clients that made themselves known came to nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unused {
    /// Those that were never authorized, last seen before this.
    pub never_used: Timestamp,
    /// Those that were authorized once and have no token left, last seen before this.
    pub no_longer_used: Timestamp,
    /// How many are kept that were never authorized, whatever their age: those that were seen last.
    pub most_never_used: u64,
}

/// Deletes clients that made themselves known and came to nothing. Those that a rule of the operator's is about stay, or
/// they would come back as others. Tells how many.
pub async fn delete_unused(transaction: &Transaction, unused: Unused) -> Result<u64, StoreError> {
    let granted = Query::select().column(oauth_grant::Column::ClientId).from(oauth_grant::Entity).take();
    let mut live = granted.clone();
    live.and_where(oauth_grant::Column::RevokedAt.is_null()).and_where(
        holds_a::<access_token::Entity>(access_token::Column::GrantId)
            .or(holds_a::<refresh_token::Entity>(refresh_token::Column::GrantId)),
    );
    let decided = Query::select()
        .column(client_policy_rule::Column::Subject)
        .from(client_policy_rule::Entity)
        .and_where(client_policy_rule::Column::SubjectKind.eq("client"))
        .take();
    let seen = Func::coalesce([Column::LastSeenAt.into_expr(), Column::CreatedAt.into_expr()]);
    let unseen_since = |time: Timestamp| Expr::from(seen.clone()).lt(time.as_millis());
    let introduced_itself =
        Column::Registration.ne(Registration::PreRegistered.as_str()).and(Column::Id.not_in_subquery(decided));
    let never_granted = Column::Id.not_in_subquery(granted);
    let old = Entity::delete_many()
        .filter(introduced_itself.clone())
        .filter(Column::Id.not_in_subquery(live))
        .filter(never_granted.clone().and(unseen_since(unused.never_used)).or(unseen_since(unused.no_longer_used)));
    let removed = old.exec(transaction.connection()).await?.rows_affected;
    let too_many = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(introduced_itself)
        .and_where(never_granted)
        .order_by_expr(seen.into(), Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .offset(unused.most_never_used)
        // SQLite takes no offset without a limit.
        .limit(MOST_AT_ONCE)
        .take();
    let flood = Entity::delete_many().filter(Column::Id.in_subquery(too_many));
    Ok(removed + flood.exec(transaction.connection()).await?.rows_affected)
}

/// Whether the grant in question has a token of this table. Tokens are swept once they expire.
fn holds_a<E: EntityTrait>(grant_id: E::Column) -> Expr {
    let tokens = Query::select().column(grant_id).from(E::default()).take();
    oauth_grant::Column::Id.into_expr().in_subquery(tokens)
}

fn model(client: &Client) -> ActiveModel {
    let redirect_uris: Vec<&str> = client.redirect_uris.iter().map(|uri| uri.as_str()).collect();
    let (jwks, jwks_uri) = match &client.keys {
        None => (None, None),
        Some(ClientKeys::Set(set)) => (Some(set.to_string()), None),
        Some(ClientKeys::Uri(uri)) => (None, Some(uri.clone())),
    };
    ActiveModel {
        id: Set(client.id.0.clone()),
        name: Set(client.name.clone()),
        logo_uri: Set(client.logo_uri.as_ref().map(ToString::to_string)),
        redirect_uris: Set(serde_json::Value::from(redirect_uris).to_string()),
        auth_method: Set(client.auth_method.as_str().to_owned()),
        secret_hash: Set(client.secret_hash.map(|hash| hash.0.to_vec())),
        jwks: Set(jwks),
        jwks_uri: Set(jwks_uri),
        identity_token_algorithm: Set(client.identity_token_algorithm.as_str().to_owned()),
        may_refresh: Set(client.may_refresh),
        may_introspect: Set(client.may_introspect),
        registration: Set(client.registration.as_str().to_owned()),
        registration_token_hash: Set(client.registration_token_hash.map(|hash| hash.0.to_vec())),
        fingerprint: Set(client.fingerprint.map(|fingerprint| fingerprint.0.to_vec())),
        document_fetched_at: Set(client.document.map(|copy| copy.fetched_at.as_millis())),
        document_fresh_until: Set(client.document.map(|copy| copy.fresh_until.as_millis())),
        document_is_pinned: Set(client.document.is_some_and(|copy| copy.is_pinned)),
        standing: Set(client.standing.as_str().to_owned()),
        created_at: Set(client.created_at.as_millis()),
        last_seen_at: Set(millis(client.last_seen_at)),
    }
}

impl TryFrom<Model> for Client {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        let unknown = |what| move || StoreError::Corrupt(String::from(what));
        let keys = match (model.jwks, model.jwks_uri) {
            (Some(set), _) => Some(ClientKeys::Set(serde_json::from_str(&set).map_err(corrupt("oauth_client.jwks"))?)),
            (None, uri) => uri.map(ClientKeys::Uri),
        };
        let document = match (time(model.document_fetched_at), time(model.document_fresh_until)) {
            (Some(fetched_at), Some(fresh_until)) => {
                Some(DocumentCopy { fetched_at, fresh_until, is_pinned: model.document_is_pinned })
            }
            _ => None,
        };
        Ok(Self {
            id: ClientId(model.id),
            name: model.name,
            // Read as widely as any was ever taken: whether it is shown, and fetched, is decided elsewhere.
            logo_uri: model.logo_uri.and_then(|uri| LogoUri::parse(&uri, Reach::ThisMachineToo)),
            redirect_uris: serde_json::from_str(&model.redirect_uris).map_err(corrupt("oauth_client.redirect_uris"))?,
            auth_method: AuthMethod::from_name(&model.auth_method).ok_or_else(unknown("oauth_client.auth_method"))?,
            secret_hash: model.secret_hash.map(|bytes| hash(bytes, "oauth_client.secret_hash")).transpose()?,
            keys,
            identity_token_algorithm: SigningAlgorithm::from_name(&model.identity_token_algorithm)
                .ok_or_else(unknown("oauth_client.identity_token_algorithm"))?,
            may_refresh: model.may_refresh,
            may_introspect: model.may_introspect,
            registration: Registration::from_name(&model.registration)
                .ok_or_else(unknown("oauth_client.registration"))?,
            registration_token_hash: model
                .registration_token_hash
                .map(|bytes| hash(bytes, "oauth_client.registration_token_hash"))
                .transpose()?,
            fingerprint: model
                .fingerprint
                .map(|bytes| bytes.try_into().map(Fingerprint).map_err(corrupt("oauth_client.fingerprint")))
                .transpose()?,
            document,
            standing: Standing::from_name(&model.standing).ok_or_else(unknown("oauth_client.standing"))?,
            created_at: Timestamp::from_millis(model.created_at),
            last_seen_at: time(model.last_seen_at),
        })
    }
}
