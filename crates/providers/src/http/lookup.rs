//! From a name to addresses, each of them vetted: the connection goes to exactly what was vetted here.

use super::{FetchError, NetworkPolicy, target};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{future::Future, io, net::IpAddr, net::SocketAddr, pin::Pin, sync::Arc};

/// The addresses of a host, some time later.
pub type Answer = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks for the addresses of a host. Tests bring their own, so that they need no network.
pub trait Lookup: Send + Sync + 'static {
    fn lookup(&self, host: &str) -> Answer;
}

impl<L: Lookup> Lookup for Arc<L> {
    fn lookup(&self, host: &str) -> Answer {
        self.as_ref().lookup(host)
    }
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> Answer {
        let host = host.to_owned();
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((host, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// Tells a name without an address apart from a machine that doesn't answer; vets nothing.
pub(crate) struct PlainLookup;

impl Resolve for PlainLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let answer = SystemLookup.lookup(name.as_str());
        Box::pin(async move {
            let addresses = answer.await.map_err(|_| FetchError::Unresolvable)?;
            // Port 0 means the port of the URL.
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

/// Stands between the connector and DNS. One forbidden address among many refuses the name: whoever mixes a private address
/// into a public answer is trying to pass a guard that looks at the first one only.
pub(super) struct VettedLookup {
    pub(super) lookup: Arc<dyn Lookup>,
    pub(super) policy: NetworkPolicy,
}

impl Resolve for VettedLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let answer = self.lookup.lookup(name.as_str());
        let policy = self.policy;
        Box::pin(async move {
            let addresses = answer.await.map_err(|_| FetchError::Unresolvable)?;
            if addresses.is_empty() {
                return Err(FetchError::Unresolvable.into());
            }
            for address in &addresses {
                target::vet_address(*address, policy)?;
            }
            // Port 0 means the port of the URL.
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
