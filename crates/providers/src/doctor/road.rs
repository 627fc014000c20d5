//! How far the doctor may go: wherever its operator sends it, or only where a stranger may send this server.

use super::USER_AGENT;
use crate::{
    exchange::{Answer, Call},
    http::{FetchError, GuardedClient},
    operator::OperatorClient,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use url::Url;

/// Claude gives up discovery, registration and tokens after as long.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub enum Road {
    /// Any address: the operator typed it at their own machine.
    Anywhere(OperatorClient),
    /// This server itself, by the address that its operator configured; everything else through the guard. `user_agent` is
    /// told to this server alone.
    Own { origin: String, user_agent: String, client: OperatorClient, guarded: GuardedClient },
    /// Public servers alone: a stranger typed the address.
    Public(GuardedClient),
}

impl Road {
    /// For an address that a stranger typed to the server at `public_url`, which knows its own walks by `user_agent`.
    pub fn of_strangers(
        url: &str,
        public_url: &str,
        user_agent: &str,
        client: &OperatorClient,
        guarded: &GuardedClient,
    ) -> Self {
        if origin(url).is_some_and(|typed| Some(typed) == origin(public_url)) {
            let (origin, user_agent) = (public_url.to_owned(), user_agent.to_owned());
            Self::Own { origin, user_agent, client: client.clone(), guarded: guarded.clone() }
        } else {
            Self::Public(guarded.clone())
        }
    }

    /// Whether it leads to this server itself.
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::Own { .. })
    }

    pub(super) async fn get(&self, url: &str, headers: &[(HeaderName, &str)]) -> Result<Answer, FetchError> {
        self.send(Method::GET, url, headers, None).await
    }

    pub(super) async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(HeaderName, &str)],
        body: Option<String>,
    ) -> Result<Answer, FetchError> {
        let call = |user_agent| Call { method, url: url.to_owned(), headers: with_name(user_agent, headers), body };
        match self {
            Self::Anywhere(client) => client.send(call(USER_AGENT)).await,
            Self::Own { origin: own, user_agent, client, .. } if origin(url) == origin(own) => {
                client.send(call(user_agent)).await
            }
            Self::Own { guarded, .. } | Self::Public(guarded) => guarded.exchange(call(USER_AGENT), PATIENCE).await,
        }
    }
}

fn origin(url: &str) -> Option<url::Origin> {
    Url::parse(url).ok().map(|url| url.origin()).filter(url::Origin::is_tuple)
}

fn with_name(user_agent: &str, headers: &[(HeaderName, &str)]) -> HeaderMap {
    [(header::USER_AGENT, user_agent)]
        .into_iter()
        .chain(headers.iter().map(|(name, value)| (name.clone(), *value)))
        .filter_map(|(name, value)| HeaderValue::from_str(value).ok().map(|value| (name, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::NetworkPolicy;

    #[test]
    fn only_our_own_address_is_walked_without_a_guard() {
        let (client, guarded) = (OperatorClient::new(), GuardedClient::new(NetworkPolicy::Public));
        for (url, is_own) in [
            ("http://localhost:8080/mcp", true),
            ("http://localhost:8080/anything", true),
            ("http://localhost:8081/mcp", false),
            ("https://localhost:8080/mcp", false),
            ("http://127.0.0.1:8080/mcp", false),
            ("http://localhost:8080@evil.example/mcp", false),
            ("data:text/html,x", false),
            ("nonsense", false),
        ] {
            let road = Road::of_strangers(url, "http://localhost:8080", USER_AGENT, &client, &guarded);
            assert_eq!(road.is_own(), is_own, "{url}");
        }
    }
}
