//! The operator's policy for clients: its rules, and the row that says what holds where none fits.

use crate::{
    Rows, StoreError, Transaction,
    entity::{
        client_policy_rule::{ActiveModel, Column, Entity, Model},
        oauth_client,
    },
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::PolicyRuleId,
    oauth::{
        client::{ClientId, Standing},
        client_policy::{Effect, Policy, PolicyRule, RuleSubject},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType};

/// The `subject_kind` of the one row that is no rule.
const DEFAULT: &str = "default";

/// Databases bound how much one statement may name.
const MOST_AT_ONCE: usize = 500;

/// The policy as it is now. It may change at once.
pub async fn find(rows: &impl Rows) -> Result<Policy, StoreError> {
    let models = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(rows.connection()).await?;
    let mut policy = Policy { rules: Vec::new(), default: Effect::Allow };
    for model in models {
        if model.subject_kind == DEFAULT {
            policy.default = model.effect.parse().map_err(corrupt("client_policy_rule.effect"))?;
        } else {
            policy.rules.push(model.try_into()?);
        }
    }
    Ok(policy)
}

/// The policy, which does not change until the transaction ends: whoever writes down where a client stands reads it so.
pub async fn find_held(transaction: &Transaction) -> Result<Policy, StoreError> {
    lock(transaction, LockType::Share).await?;
    find(transaction).await
}

/// The policy, for whoever changes it: nobody reads it with [`find_held`] until the transaction ends.
pub async fn hold(transaction: &Transaction) -> Result<Policy, StoreError> {
    lock(transaction, LockType::Update).await?;
    find(transaction).await
}

/// SQLite has one writer, who needs no lock.
async fn lock(transaction: &Transaction, lock: LockType) -> Result<(), StoreError> {
    Entity::find().filter(Column::SubjectKind.eq(DEFAULT)).lock(lock).one(transaction.connection()).await?;
    Ok(())
}

/// [`StoreError::Conflict`] when there is a rule about the same subject.
pub async fn insert(transaction: &Transaction, rule: &PolicyRule) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(rule.id.0),
        subject_kind: Set(rule.subject.kind().to_owned()),
        subject: Set(rule.subject.text()),
        effect: Set(rule.effect.as_str().to_owned()),
        created_at: Set(rule.created_at.as_millis()),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// Whether there was such a rule.
pub async fn delete(transaction: &Transaction, id: PolicyRuleId) -> Result<bool, StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.eq(id.0)).filter(Column::SubjectKind.ne(DEFAULT));
    Ok(delete.exec(transaction.connection()).await?.rows_affected > 0)
}

pub async fn set_default(transaction: &Transaction, effect: Effect) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Effect, effect.as_str().into())
        .filter(Column::SubjectKind.eq(DEFAULT))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Writes down where these clients stand.
pub async fn set_standing(transaction: &Transaction, ids: &[&ClientId], standing: Standing) -> Result<(), StoreError> {
    for some in ids.chunks(MOST_AT_ONCE) {
        oauth_client::Entity::update_many()
            .col_expr(oauth_client::Column::Standing, standing.as_str().into())
            .filter(oauth_client::Column::Id.is_in(some.iter().map(|id| id.0.as_str())))
            .exec(transaction.connection())
            .await?;
    }
    Ok(())
}

impl TryFrom<Model> for PolicyRule {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: PolicyRuleId(model.id),
            subject: RuleSubject::parse(&model.subject_kind, &model.subject)
                .map_err(corrupt("client_policy_rule.subject"))?,
            effect: model.effect.parse().map_err(corrupt("client_policy_rule.effect"))?,
            created_at: Timestamp::from_millis(model.created_at),
        })
    }
}
