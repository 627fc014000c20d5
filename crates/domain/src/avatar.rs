//! Avatars: the sizes on offer and the names of stored photos.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The side of a square image in pixels, one of five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AvatarSize(u16);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("size must be 32, 64, 128, 256 or 512")]
pub struct InvalidSize;

impl AvatarSize {
    pub const ALL: [Self; 5] = [Self(32), Self(64), Self(128), Self(256), Self(512)];
    /// What `GET /v1/avatar` serves when nothing is asked for.
    pub const API_DEFAULT: Self = Self(128);
    /// What the tool `get_profile_avatar` shows when nothing is asked for.
    pub const TOOL_DEFAULT: Self = Self(256);

    pub const fn pixels(self) -> u16 {
        self.0
    }
}

impl TryFrom<i64> for AvatarSize {
    type Error = InvalidSize;

    fn try_from(pixels: i64) -> Result<Self, InvalidSize> {
        Self::ALL.into_iter().find(|size| i64::from(size.0) == pixels).ok_or(InvalidSize)
    }
}

impl FromStr for AvatarSize {
    type Err = InvalidSize;

    fn from_str(text: &str) -> Result<Self, InvalidSize> {
        text.parse::<i64>().map_err(|_| InvalidSize).and_then(Self::try_from)
    }
}

/// A stored photo: the SHA-256 of its largest rendition in lower-case hexadecimal, so that its address never changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhotoId(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a photo")]
pub struct InvalidPhotoId;

impl PhotoId {
    pub fn of(largest_rendition: &[u8]) -> Self {
        use sha2::{Digest, Sha256};
        Self(crate::secret::SecretHash(Sha256::digest(largest_rendition).into()).to_hex())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path below the CDN's base: `3f…/128.jpg`.
    pub fn path(&self, size: AvatarSize) -> String {
        format!("{}/{}.jpg", self.0, size.0)
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for PhotoId {
    type Err = InvalidPhotoId;

    fn from_str(text: &str) -> Result<Self, InvalidPhotoId> {
        let is_hash = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_hash { Ok(Self(text.to_owned())) } else { Err(InvalidPhotoId) }
    }
}

impl TryFrom<String> for PhotoId {
    type Error = InvalidPhotoId;

    fn try_from(text: String) -> Result<Self, InvalidPhotoId> {
        text.parse()
    }
}

impl From<PhotoId> for String {
    fn from(id: PhotoId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_five_sizes_are_sizes() {
        assert_eq!("128".parse(), Ok(AvatarSize::API_DEFAULT));
        for text in ["", "0", "48", "-128", "128.0", "1e2", "99999999999999999999"] {
            assert_eq!(text.parse::<AvatarSize>(), Err(InvalidSize), "{text}");
        }
    }

    #[test]
    fn a_photo_is_named_by_a_hash_and_nothing_else() {
        assert!(PhotoId::of(b"x").as_str().parse::<PhotoId>().is_ok());
        assert!("../../etc/passwd".parse::<PhotoId>().is_err());
    }
}
