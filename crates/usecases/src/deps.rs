//! What every use case is given, and the only place that reads the system's clock and randomness.

use crate::{
    authorize::RecentAnswers,
    client::{Documents, KeySets, Logos},
    connection_log::Connections,
    doctor::Doctor,
    metering,
    pace::Pace,
    passwords::Passwords,
};
use domain::{
    clock::{Clock, Timestamp},
    entropy::Entropy,
    settings::Settings,
};
use providers::http::{GuardedClient, NetworkPolicy};
use std::{sync::Arc, time::SystemTime};
use store::{Store, photo_files::PhotoFiles};
use tokio::sync::Mutex;

#[derive(Clone)]
pub struct Deps {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub settings: Arc<Settings>,
    pub photos: PhotoFiles,
    pub metering: metering::Writer,
    pub passwords: Passwords,
    pub network: GuardedClient,
    /// Which documents of clients are being fetched, and which should not be right now.
    pub documents: Documents,
    /// What clients publish of their keys.
    pub client_keys: KeySets,
    /// How many logos of clients may be fetched.
    pub logos: Logos,
    pub pace: Pace,
    pub recent_answers: RecentAnswers,
    /// The diary of connecting.
    pub connections: Connections,
    pub doctor: Doctor,
    /// Held while the first signing key of an algorithm is made.
    pub key_making: Arc<Mutex<()>>,
}

impl Deps {
    /// With the system's clock and randomness. Must be called inside a tokio runtime: it starts the writers of the
    /// metering and of the diary.
    pub fn new(store: Store, settings: Settings) -> Self {
        Self::with(store, settings, Arc::new(SystemClock), Arc::new(SystemEntropy))
    }

    pub fn with(store: Store, settings: Settings, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            photos: PhotoFiles::new(&settings.data_dir.join("photos")),
            metering: metering::Writer::start(store.clone()),
            passwords: Passwords::new(),
            network: GuardedClient::new(NetworkPolicy::Public),
            documents: Documents::new(),
            client_keys: KeySets::default(),
            logos: Logos::new(),
            pace: Pace::new(settings.rate_limits, &clock),
            connections: Connections::start(store.clone(), Arc::clone(&clock), Arc::clone(&entropy)),
            recent_answers: RecentAnswers::default(),
            doctor: Doctor::new(),
            key_making: Arc::default(),
            settings: Arc::new(settings),
            store,
            clock,
            entropy,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// `ring` draws the machine's randomness by itself and takes nobody else's.
pub(crate) fn randomness_of_ring() -> ring::rand::SystemRandom {
    ring::rand::SystemRandom::new()
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's clock is read")]
    fn now(&self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(0).plus(since_1970)
    }
}

/// The machine's cryptographic randomness.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's randomness is drawn")]
    #[expect(
        clippy::panic,
        reason = "without randomness no secret may be made: ending the task is the only safe answer"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the system gives no randomness: {error}");
        }
    }
}
