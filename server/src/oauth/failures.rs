//! What one network may do wrong where tokens are given out, asked about and taken back. Beyond it only who shows a code or token
//! of ours is looked at, and told what is wrong with it; all others who fail are told to come back later. What succeeds is never
//! held up.

use super::error::OAuthError;
use std::net::IpAddr;
use usecases::{Deps, pace::TooFast};

/// How a network stands when a request from there begins.
pub struct Failures<'a> {
    deps: &'a Deps,
    from: Option<IpAddr>,
    too_many: Option<TooFast>,
}

impl<'a> Failures<'a> {
    pub fn of(deps: &'a Deps, from: Option<IpAddr>) -> Self {
        Self { deps, from, too_many: from.and_then(|from| deps.pace.failing(from).err()) }
    }

    /// Asked before anything that costs more than a read. `token` is the code or token that was sent. One of ours is no guess,
    /// and an app that waits with one that is over would never learn to sign in again.
    pub async fn admit(&mut self, token: Option<&str>) -> Result<(), OAuthError> {
        let Some(too_many) = self.too_many else { return Ok(()) };
        let is_ours = match token {
            Some(token) => usecases::token::is_on_file(self.deps, token).await,
            None => Ok(false),
        };
        match is_ours {
            Ok(true) => {
                self.too_many = None;
                Ok(())
            }
            Ok(false) => Err(OAuthError::too_fast(too_many)),
            Err(source) => Err(OAuthError::server_error(&source)),
        }
    }

    /// Counts what the caller did wrong. Where that was too much already, the answer is to wait, but for who was admitted.
    pub fn judge<T>(&self, answer: Result<T, OAuthError>) -> Result<T, OAuthError> {
        answer.map_err(|fault| {
            if fault.is_ours() {
                return fault;
            }
            self.count();
            self.too_many.map_or(fault, OAuthError::too_fast)
        })
    }

    pub fn count(&self) {
        if let Some(from) = self.from {
            self.deps.pace.failed(from);
        }
    }
}
