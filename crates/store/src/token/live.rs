//! Everything that a request's access token stands for, in one query.

use super::AccessToken;
use crate::{
    Rows, StoreError,
    entity::{access_token, membership, oauth_client, oauth_grant, user_account, workspace},
    error::corrupt,
    grant::USER,
    join,
};
use domain::{
    oauth::{
        client::{ClientId, Standing},
        grant::Grant,
    },
    role::Role,
    secret::SecretHash,
    user::User,
    workspace::Workspace,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};

/// A token whose grant, client, user, workspace and membership all exist. Whether any of them was revoked, disabled or
/// blocked, or has expired, is for the caller to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveToken {
    pub token: AccessToken,
    pub grant: Grant,
    pub client: LiveClient,
    pub user: User,
    pub workspace: Workspace,
    /// What the user is in the workspace now.
    pub role: Role,
}

/// As much of a client as each request needs: its addresses and keys may be long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveClient {
    pub id: ClientId,
    pub name: String,
    pub standing: Standing,
}

impl LiveClient {
    pub fn is_blocked(&self) -> bool {
        self.standing == Standing::Blocked
    }
}

pub async fn find_live(rows: &impl Rows, secret: &SecretHash) -> Result<Option<LiveToken>, StoreError> {
    let mut query = Query::select();
    join::select::<access_token::Entity>(&mut query, "token_");
    join::select::<oauth_grant::Entity>(&mut query, "grant_");
    for (column, alias) in
        [(oauth_client::Column::Name, "client_name"), (oauth_client::Column::Standing, "client_standing")]
    {
        query.expr_as(Expr::col(column.as_column_ref()), alias);
    }
    join::select::<user_account::Entity>(&mut query, "user_");
    join::select::<workspace::Entity>(&mut query, "workspace_");
    join::select::<membership::Entity>(&mut query, "membership_");
    query
        .from(access_token::Entity)
        .inner_join(
            oauth_grant::Entity,
            join::same(oauth_grant::Column::Id, access_token::Column::GrantId)
                .and(oauth_grant::Column::SubjectKind.eq(USER)),
        )
        .inner_join(oauth_client::Entity, join::same(oauth_client::Column::Id, oauth_grant::Column::ClientId))
        .inner_join(user_account::Entity, join::same(user_account::Column::Id, oauth_grant::Column::SubjectId))
        .inner_join(workspace::Entity, join::same(workspace::Column::Id, oauth_grant::Column::WorkspaceId))
        .inner_join(
            membership::Entity,
            join::same(membership::Column::WorkspaceId, oauth_grant::Column::WorkspaceId)
                .and(join::same(membership::Column::UserId, oauth_grant::Column::SubjectId)),
        )
        .and_where(access_token::Column::SecretHash.eq(secret.0.to_vec()));
    let Some(row) = rows.connection().query_one(&query).await? else {
        return Ok(None);
    };
    let grant: Grant = join::read::<oauth_grant::Entity>(&row, "grant_")?.try_into()?;
    let standing: String = row.try_get("client_", "standing")?;
    Ok(Some(LiveToken {
        token: join::read::<access_token::Entity>(&row, "token_")?.into(),
        client: LiveClient {
            id: grant.client.clone(),
            name: row.try_get("client_", "name")?,
            standing: Standing::from_name(&standing)
                .ok_or_else(|| StoreError::Corrupt("oauth_client.standing".to_owned()))?,
        },
        grant,
        user: join::read::<user_account::Entity>(&row, "user_")?.try_into()?,
        workspace: join::read::<workspace::Entity>(&row, "workspace_")?.try_into()?,
        role: join::read::<membership::Entity>(&row, "membership_")?
            .role
            .parse()
            .map_err(corrupt("membership.role"))?,
    }))
}
