//! Looking up the facts about a person.

use crate::{
    Deps, avatar,
    metering::{self, MeterError, Metered, MeteredCall},
};
use domain::{
    avatar::AvatarSize, linkedin_url::VanityName, principal::Principal, profile::Profile, quota::QuotaExceeded,
    usage::Outcome,
};
use store::StoreError;

/// What a look-up found, paid for.
#[derive(Debug, Clone)]
pub struct Looked {
    /// None: nobody of this name is in the workspace's directory.
    pub profile: Option<Profile>,
    /// The address of the photo, if there is one.
    pub picture_url: Option<String>,
    pub metered: Metered,
}

#[derive(Debug, thiserror::Error)]
pub enum LookUpError {
    #[error(transparent)]
    Exceeded(#[from] QuotaExceeded),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the call could not be metered: {0}")]
    Metering(MeterError),
}

impl From<MeterError> for LookUpError {
    fn from(error: MeterError) -> Self {
        match error {
            MeterError::Exceeded(exceeded) => Self::Exceeded(exceeded),
            other => Self::Metering(other),
        }
    }
}

/// The tool `get_profile`.
pub async fn find(deps: &Deps, principal: &Principal, vanity: &VanityName) -> Result<Looked, LookUpError> {
    let profile = store::profile::find(&deps.store, principal.workspace, vanity).await?;
    let call = MeteredCall {
        workspace: principal.workspace,
        payer: principal.payer(),
        operation: "get_profile",
        vanity: vanity.clone(),
        outcome: if profile.is_some() { Outcome::Found } else { Outcome::Missing },
    };
    let metered = metering::reserve(deps, call).await?;
    let photo = profile.as_ref().and_then(|profile| profile.photo.as_ref());
    let picture_url = photo.map(|photo| avatar::image_url(deps, photo, AvatarSize::TOOL_DEFAULT));
    Ok(Looked { profile, picture_url, metered })
}
