//! Why a text names no profile.

/// Why a text names no profile. Each message says what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkedinUrlError {
    #[error(
        "there is no LinkedIn URL here; paste the address of a profile, such as https://www.linkedin.com/in/ada-lovelace"
    )]
    Empty,
    #[error("this is not the URL of a LinkedIn profile; it should look like https://www.linkedin.com/in/ada-lovelace")]
    NotAUrl,
    #[error("a LinkedIn URL starts with https:// or http://; copy it from the browser's address bar")]
    Scheme,
    #[error("this URL does not lead to linkedin.com; paste the one that starts with https://www.linkedin.com/in/")]
    Host,
    #[error(
        "lnkd.in is a short link that only LinkedIn can open; open it in a browser and paste the address it leads to"
    )]
    ShortLink,
    #[error(
        "this is a Sales Navigator URL, which hides the public name; open the profile on linkedin.com and paste that URL"
    )]
    SalesNavigator,
    #[error(
        "this is a LinkedIn Recruiter URL, which hides the public name; open the public profile and paste that URL"
    )]
    Recruiter,
    #[error(
        "this URL has only LinkedIn's internal number of the person; open the profile in a browser and paste the /in/ URL"
    )]
    InternalId,
    #[error("this is the page of a company, not of a person; paste the URL of a profile, with /in/ in it")]
    Company,
    #[error("this is the page of a school, not of a person; paste the URL of a profile, with /in/ in it")]
    School,
    #[error("this is LinkedIn's sign-in page; sign in, open the profile and paste its URL")]
    SignInPage,
    #[error("this LinkedIn page is not a profile; paste the URL of a profile, with /in/ in it")]
    NotAPerson,
    #[error(
        "this old /pub/ URL is incomplete; it should end in three short groups of hexadecimal digits, or use the /in/ URL"
    )]
    OldPublicUrl,
    #[error("the percent-encoding in this URL is broken; copy the URL again from the browser's address bar")]
    Encoding,
    #[error("this profile name is too short: LinkedIn's have at least 3 characters; check that it was copied in full")]
    TooShort,
    #[error(
        "this profile name is too long: LinkedIn's have at most 100 characters; check that only the URL was copied"
    )]
    TooLong,
    #[error(
        "a profile name has only letters, digits, hyphens and underscores; paste one profile URL and nothing around it"
    )]
    Characters,
}
