//! The columns that an import understands, and the many names that files give them.

/// What a column or a JSON field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Url,
    Username,
    Name,
    FirstName,
    LastName,
    Headline,
    Position,
    Company,
    Summary,
    Industry,
    Location,
    OpenToWork,
    Photo,
    /// Only LinkedIn's export has it; it tells the export from other tables.
    ConnectedOn,
    /// Recognised, so that a header is known as one, and never kept: we store no email addresses of people.
    Email,
}

impl Column {
    pub(super) const COUNT: usize = 15;

    /// Reads a header name: case, spaces, underscores and hyphens do not matter.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(|character| !character.is_whitespace() && !matches!(character, '_' | '-' | '\u{FEFF}' | '\0'))
            .take(40)
            .flat_map(char::to_lowercase)
            .collect();
        Some(match plain.as_str() {
            "linkedinurl" | "url" | "profileurl" | "linkedin" | "linkedinprofile" | "linkedinprofileurl" => Self::Url,
            "username" | "linkedinusername" | "vanity" | "vanityname" | "publicidentifier" => Self::Username,
            "name" | "fullname" => Self::Name,
            "firstname" | "givenname" => Self::FirstName,
            "lastname" | "familyname" | "surname" => Self::LastName,
            "headline" => Self::Headline,
            "title" | "position" | "jobtitle" => Self::Position,
            "company" | "companyname" | "organization" | "organisation" => Self::Company,
            "summary" | "about" => Self::Summary,
            "industry" => Self::Industry,
            "location" => Self::Location,
            "opentowork" => Self::OpenToWork,
            "photo" | "photourl" | "photopath" | "picture" | "pictureurl" | "image" | "imageurl" | "avatar" => {
                Self::Photo
            }
            "connectedon" => Self::ConnectedOn,
            "email" | "emailaddress" => Self::Email,
            _ => return None,
        })
    }

    pub(super) fn names_the_person(self) -> bool {
        matches!(self, Self::Url | Self::Username)
    }
}
