//! Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): which `client_id` names one, what it must
//! hold, and how long a copy of it is good for. Fetching it is no affair of this folder.

mod fresh;
mod read;
mod url;

pub use fresh::fresh_for;
pub use read::{DocumentError, read};
pub use url::{DocumentUrl, DocumentUrlError, Reach, is_url};
