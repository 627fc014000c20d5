//! What can go wrong on the way to somebody else's server. Nothing that the server said is repeated here.

use crate::address::SpecialUse;

/// Why nothing was fetched. The first seven are decided before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("this is not an absolute URL that can be fetched")]
    NotAUrl,
    #[error("only https URLs are fetched")]
    Scheme,
    #[error("a URL with a user name or password in it is not fetched")]
    Userinfo,
    #[error("only the standard https port is fetched from")]
    Port,
    #[error("the host must be a public DNS name")]
    Host,
    #[error("the host leads to an address that is not public ({0})")]
    ForbiddenAddress(SpecialUse),
    #[error("https cannot be set up on this machine")]
    NoTls,
    #[error("the host's name has no address")]
    Unresolvable,
    #[error("the server could not be reached")]
    Unreachable,
    #[error("the server's certificate is not valid for its name, or nobody known here vouches for it")]
    Certificate,
    #[error("the server redirects, which is not followed here")]
    Redirect,
    #[error("the server redirects too often")]
    TooManyRedirects,
    #[error("the answer is longer than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the server sends a compressed answer, although it was asked not to")]
    Compressed,
    #[error("the server did not answer in time")]
    TimedOut,
    #[error("the server broke off its answer")]
    Interrupted,
    #[error("the server answered with status {0}")]
    Status(u16),
    #[error("the server's answer is no JSON")]
    NotJson,
}
