//! The parameters of `GET /v1/avatar`, read leniently enough that a fault in one leaves the others to draw initials from.

use domain::{avatar::AvatarSize, linkedin_url::VanityName};
use url::form_urlencoded;

#[derive(Debug)]
pub struct Wanted {
    pub key: Option<String>,
    person: Result<VanityName, String>,
    size: Result<AvatarSize, String>,
}

impl Wanted {
    pub fn parse(query: &str) -> Self {
        let (mut key, mut linkedin_url, mut username, mut size) = (None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // Of a parameter that is sent twice, the first counts; unknown ones are for somebody else.
            let slot = match &*name {
                "key" => &mut key,
                "linkedin_url" => &mut linkedin_url,
                "username" => &mut username,
                "size" => &mut size,
                _ => continue,
            };
            slot.get_or_insert_with(|| value.into_owned());
        }
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Self { key, person: person(given(linkedin_url), given(username)), size: side(given(size)) }
    }

    /// Both, or a sentence on what is wrong with them.
    pub fn understood(&self) -> Result<(&VanityName, AvatarSize), String> {
        let vanity = self.person.as_ref().map_err(Clone::clone)?;
        Ok((vanity, self.size.clone()?))
    }

    pub fn vanity(&self) -> Option<&VanityName> {
        self.person.as_ref().ok()
    }

    /// The size, or the default when it was not understood.
    pub fn size(&self) -> AvatarSize {
        self.size.clone().unwrap_or(AvatarSize::API_DEFAULT)
    }
}

fn person(linkedin_url: Option<String>, username: Option<String>) -> Result<VanityName, String> {
    match (linkedin_url, username) {
        (Some(url), None) => VanityName::parse_url(&url).map_err(|fault| format!("linkedin_url: {fault}.")),
        (None, Some(name)) => VanityName::parse_username(&name).map_err(|fault| format!("username: {fault}.")),
        (Some(_), Some(_)) => Err("Send linkedin_url or username, not both.".to_owned()),
        (None, None) => Err("Say who: send linkedin_url or username.".to_owned()),
    }
}

fn side(size: Option<String>) -> Result<AvatarSize, String> {
    size.map_or(Ok(AvatarSize::API_DEFAULT), |text| {
        text.trim().parse().map_err(|fault: domain::avatar::InvalidSize| format!("{fault}."))
    })
}
