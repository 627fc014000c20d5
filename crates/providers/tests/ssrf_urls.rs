//! Every evil URL of the corpus, and names whose DNS answers are evil. No network: look-ups are answered here.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

#[path = "../../testkit/src/corpus.rs"]
mod corpus;

use providers::address::SpecialUse;
use providers::http::{Answer, FetchError, FetchLimits, GuardedClient, Lookup, NetworkPolicy};
use std::sync::{Arc, Mutex};
use std::{net::IpAddr, time::Duration};

const CORPUS: &str = include_str!("corpora/ssrf_urls.txt");
const LIMITS: FetchLimits = FetchLimits { max_bytes: 1_000, timeout: Duration::from_millis(300) };

/// Answers every name with the same addresses, or never; remembers what it was asked.
#[derive(Default)]
struct ScriptedLookup {
    addresses: Option<Vec<IpAddr>>,
    asked: Mutex<Vec<String>>,
}

impl Lookup for ScriptedLookup {
    fn lookup(&self, host: &str) -> Answer {
        self.asked.lock().unwrap().push(host.to_owned());
        match self.addresses.clone() {
            Some(addresses) => Box::pin(async move { Ok(addresses) }),
            None => Box::pin(std::future::pending()),
        }
    }
}

fn scripted(addresses: Option<&[&str]>) -> (GuardedClient, Arc<ScriptedLookup>) {
    let addresses = addresses.map(|texts| texts.iter().map(|text| text.parse().unwrap()).collect());
    let lookup = Arc::new(ScriptedLookup { addresses, asked: Mutex::default() });
    (GuardedClient::with_lookup(NetworkPolicy::Public, Arc::clone(&lookup)), lookup)
}

/// The URLs of the corpus' section with this word in its heading.
fn section(word: &str) -> Vec<String> {
    corpus::rows(CORPUS).filter(|(heading, ..)| heading.contains(word)).map(|(_, url, _)| url).collect()
}

#[tokio::test]
async fn every_evil_url_is_refused_before_its_name_is_even_looked_up() {
    let urls = section("every line must be refused");
    assert!(urls.len() > 60, "{} URLs", urls.len());
    let (client, lookup) = scripted(Some(&["93.184.216.34"]));
    let mut passed = Vec::new();
    for url in &urls {
        match client.fetch(url, LIMITS).await {
            Err(
                FetchError::NotAUrl
                | FetchError::Scheme
                | FetchError::Userinfo
                | FetchError::Port
                | FetchError::Host
                | FetchError::ForbiddenAddress(_),
            ) => {}
            other => passed.push(format!("{url}: {other:?}")),
        }
    }
    assert!(passed.is_empty(), "{}", passed.join("\n"));
    assert_eq!(*lookup.asked.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_with_any_forbidden_address_is_refused() {
    for (addresses, expected) in [
        (&["93.184.216.34", "10.0.0.1"][..], SpecialUse::Private),
        (&["::1", "93.184.216.34"], SpecialUse::Loopback),
        (&["::ffff:169.254.169.254"], SpecialUse::Embedded),
        (&["169.254.169.254"], SpecialUse::Metadata),
        (&["64:ff9b::a9fe:a9fe"], SpecialUse::Embedded),
        (&["fd00:ec2::254"], SpecialUse::Private),
    ] {
        let (client, lookup) = scripted(Some(addresses));
        let answer = client.fetch("https://guard.example.com/", LIMITS).await;
        assert_eq!(answer, Err(FetchError::ForbiddenAddress(expected)), "{addresses:?}");
        assert_eq!(*lookup.asked.lock().unwrap(), ["guard.example.com"]);
    }
}

#[tokio::test]
async fn a_name_without_addresses_and_a_silent_resolver_are_given_up_on() {
    let (client, _) = scripted(Some(&[]));
    assert_eq!(client.fetch("https://guard.example.com/", LIMITS).await, Err(FetchError::Unresolvable));
    let (client, _) = scripted(None);
    assert_eq!(client.fetch("https://slow.example.com/", LIMITS).await, Err(FetchError::TimedOut));
}

#[tokio::test]
async fn no_name_of_the_corpus_resolves_its_way_past_the_guard() {
    let urls = section("fake resolver");
    assert_eq!(urls.len(), 5);
    for url in urls {
        // `.test` is refused by its zone already; under a public-looking zone the addresses decide.
        let (client, lookup) = scripted(Some(&["93.184.216.34"]));
        assert_eq!(client.fetch(&url, LIMITS).await, Err(FetchError::Host), "{url}");
        assert!(lookup.asked.lock().unwrap().is_empty());
        let addresses = match url.as_str() {
            url if url.contains("both.") => Some(&["93.184.216.34", "10.0.0.1"][..]),
            url if url.contains("v6loop.") => Some(&["::1", "93.184.216.34"][..]),
            url if url.contains("mapped.") => Some(&["::ffff:169.254.169.254"][..]),
            url if url.contains("cname.") => Some(&["169.254.169.254"][..]),
            _ => None,
        };
        let (client, _) = scripted(addresses);
        let answer = client.fetch(&url.replace(".guard.test", ".guard.example.com"), LIMITS).await;
        let expected = if addresses.is_some() {
            matches!(answer, Err(FetchError::ForbiddenAddress(_)))
        } else {
            answer == Err(FetchError::TimedOut)
        };
        assert!(expected, "{url}: {answer:?}");
    }
}

#[tokio::test]
async fn a_test_client_reaches_this_machine_and_still_no_private_network() {
    let client = GuardedClient::new(NetworkPolicy::AllowLoopback);
    for url in [
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
    ] {
        assert!(matches!(client.fetch(url, LIMITS).await, Err(FetchError::ForbiddenAddress(_))), "{url}");
    }
    assert_eq!(client.fetch("http://user:secret@127.0.0.1/", LIMITS).await, Err(FetchError::Userinfo));
    assert_eq!(client.fetch("ftp://127.0.0.1/", LIMITS).await, Err(FetchError::Scheme));
}
