//! Faces: shown at a price, fetched by address, pasted by their durable address.

use crate::{
    Deps,
    api_key::{self, Draft},
    metering::{self, MeteredCall},
    profile::LookUpError,
};
use domain::{
    api_key::{ApiKey, KeyKind},
    audit::Actor,
    avatar::{AvatarSize, PhotoId},
    id::WorkspaceId,
    linkedin_url::VanityName,
    principal::Principal,
    quota::Cycle,
    role::Permission,
    usage::{Outcome, Payer},
};
use metering::Metered;
use std::io;
use store::StoreError;
use url::form_urlencoded;

/// A face, paid for.
#[derive(Debug, Clone)]
pub struct AvatarShown {
    /// As the directory knows the person; none for strangers.
    pub profile_name: Option<String>,
    /// None: initials stand in.
    pub photo: Option<PhotoId>,
    pub metered: Metered,
}

/// The workspace's key for durable addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorKey {
    /// `pk_…`
    pub key: String,
    /// An address with `{linkedin_url}` where a URL goes.
    pub template: String,
}

/// Shows a face to whoever pays, through either door.
pub async fn show(
    deps: &Deps,
    workspace: WorkspaceId,
    payer: Payer,
    vanity: &VanityName,
    operation: &'static str,
) -> Result<AvatarShown, LookUpError> {
    let profile = store::profile::find(&deps.store, workspace, vanity).await?;
    let (profile_name, photo) = profile.map(|profile| (profile.facts.name, profile.photo)).unzip();
    let photo = photo.flatten();
    let outcome = if photo.is_some() { Outcome::Found } else { Outcome::Missing };
    let call = MeteredCall { workspace, payer, operation, vanity: vanity.clone(), outcome };
    let metered = metering::reserve(deps, call).await?;
    Ok(AvatarShown { profile_name: profile_name.filter(|name| !name.is_empty()), photo, metered })
}

/// The photo alone, unmetered: for an answer that nothing has changed.
pub async fn peek(deps: &Deps, workspace: WorkspaceId, vanity: &VanityName) -> Result<Option<PhotoId>, StoreError> {
    Ok(store::profile::find(&deps.store, workspace, vanity).await?.and_then(|profile| profile.photo))
}

/// The immutable address of one size of a photo.
pub fn image_url(deps: &Deps, photo: &PhotoId, size: AvatarSize) -> String {
    format!("{}/{}", deps.settings.cdn_url, photo.path(size))
}

/// The JPEG itself.
pub async fn file(deps: &Deps, photo: &PhotoId, size: AvatarSize) -> io::Result<Option<Vec<u8>>> {
    deps.photos.read(photo, size).await
}

/// The address that shows this person's face wherever it is pasted, for as long as the key lives.
pub async fn durable_url(
    deps: &Deps,
    principal: &Principal,
    vanity: &VanityName,
    size: AvatarSize,
) -> Result<String, StoreError> {
    let key = connector_key(deps, principal).await?;
    let profile_url: String = form_urlencoded::byte_serialize(vanity.profile_url().as_bytes()).collect();
    Ok(deps
        .settings
        .public_url
        .join(&format!("/v1/avatar?key={key}&linkedin_url={profile_url}&size={}", size.pixels())))
}

#[derive(Debug, thiserror::Error)]
pub enum PublishableKeyError {
    /// What a person may not see on the keys page, their app may not read either.
    #[error("as {0} you may not read this workspace's keys: ask whoever runs this server to make you a Developer")]
    NotAllowed(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The tool `get_publishable_key`.
pub async fn publishable_key(deps: &Deps, principal: &Principal) -> Result<ConnectorKey, PublishableKeyError> {
    if !principal.role.may(Permission::ViewKeys) {
        return Err(PublishableKeyError::NotAllowed(principal.role.label()));
    }
    let key = connector_key(deps, principal).await?;
    let template =
        deps.settings.public_url.join(&format!("/v1/avatar?key={key}&linkedin_url={{linkedin_url}}&size=128"));
    Ok(ConnectorKey { key, template })
}

/// The key behind durable addresses, made the first time that somebody needs it and again once it was revoked.
async fn connector_key(deps: &Deps, principal: &Principal) -> Result<String, StoreError> {
    let workspace = principal.workspace;
    let readable = |key: ApiKey| key.readable.unwrap_or_default();
    if let Some(key) = store::api_key::find_connector_key(&deps.store, workspace).await? {
        return Ok(readable(key));
    }
    let transaction = deps.store.begin().await?;
    // The counter's row is the workspace's lock: two first calls at once make one key.
    store::quota::lock(&transaction, workspace, Cycle::containing(deps.now())).await?;
    if let Some(key) = store::api_key::find_connector_key(&transaction, workspace).await? {
        return Ok(readable(key));
    }
    let draft = Draft {
        kind: KeyKind::Publishable,
        name: "Connector images".to_owned(),
        allowed_domains: Vec::new(),
        is_connector: true,
    };
    let (key, _) =
        api_key::insert(deps, &transaction, Actor::Client(principal.client.to_string()), workspace, draft).await?;
    transaction.commit().await?;
    Ok(readable(key))
}

/// Initials as a raster image, for answers that can't hold an SVG.
pub fn initials_png(name: &str, seed: &str, size: AvatarSize) -> Option<Vec<u8>> {
    ::avatar::initials_png(name, seed, size.pixels()).ok()
}

/// Initials as an SVG, the same for the same person every time.
pub fn initials_svg(name: &str, seed: &str, size: AvatarSize) -> String {
    ::avatar::initials_svg(name, seed, size.pixels())
}
