//! OAuth clients.

use crate::{
    Rows, StoreError, Transaction,
    cell::{hash, millis, time},
    entity::oauth_client::{ActiveModel, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    oauth::client::{AuthMethod, Client, ClientId, Registration},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// [`StoreError::Conflict`] when the identifier is taken.
pub async fn insert(transaction: &Transaction, client: &Client) -> Result<(), StoreError> {
    let redirect_uris: Vec<&str> = client.redirect_uris.iter().map(|uri| uri.as_str()).collect();
    let model = ActiveModel {
        id: Set(client.id.0.clone()),
        name: Set(client.name.clone()),
        redirect_uris: Set(serde_json::Value::from(redirect_uris).to_string()),
        auth_method: Set(client.auth_method.as_str().to_owned()),
        secret_hash: Set(client.secret_hash.map(|hash| hash.0.to_vec())),
        may_refresh: Set(client.may_refresh),
        registration: Set(client.registration.as_str().to_owned()),
        created_at: Set(client.created_at.as_millis()),
        blocked_at: Set(millis(client.blocked_at)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn find(rows: &impl Rows, id: &ClientId) -> Result<Option<Client>, StoreError> {
    // Anybody may ask for anything; PostgreSQL's texts hold no NUL, so nothing is kept under one.
    if id.0.contains('\0') {
        return Ok(None);
    }
    Entity::find_by_id(id.0.as_str()).one(rows.connection()).await?.map(Client::try_from).transpose()
}

impl TryFrom<Model> for Client {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        let unknown = |what| StoreError::Corrupt(String::from(what));
        Ok(Self {
            id: ClientId(model.id),
            name: model.name,
            redirect_uris: serde_json::from_str(&model.redirect_uris).map_err(corrupt("oauth_client.redirect_uris"))?,
            auth_method: AuthMethod::from_name(&model.auth_method)
                .ok_or_else(|| unknown("oauth_client.auth_method"))?,
            secret_hash: model.secret_hash.map(|bytes| hash(bytes, "oauth_client.secret_hash")).transpose()?,
            may_refresh: model.may_refresh,
            registration: Registration::from_name(&model.registration)
                .ok_or_else(|| unknown("oauth_client.registration"))?,
            created_at: Timestamp::from_millis(model.created_at),
            blocked_at: time(model.blocked_at),
        })
    }
}
