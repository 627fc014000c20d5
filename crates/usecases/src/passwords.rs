//! Password hashing (Argon2id, RFC 9106): slow on purpose, so it runs off the request threads and few at a time.

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use domain::entropy::Entropy;
use std::sync::{Arc, OnceLock};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Each hash takes 19 MiB: more of them side by side would let sign-in attempts exhaust the memory.
const SIDE_BY_SIDE: usize = 4;

#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    /// What a password of nobody is checked against, so that an unknown address takes as long as a known one.
    nobody: Arc<OnceLock<String>>,
}

/// Hashing failed for a reason that is no fault of the password.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashingFailed;

impl Passwords {
    pub fn new() -> Self {
        Self { slots: Arc::new(Semaphore::new(SIDE_BY_SIDE)), nobody: Arc::default() }
    }

    /// A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$…`.
    pub async fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<String, HashingFailed> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let salt = SaltString::encode_b64(&salt).map_err(|_| HashingFailed)?;
        let password = password.to_owned();
        self.in_turn(move || hash(&password, &salt)).await?.ok_or(HashingFailed)
    }

    /// Whether `password` made `phc`. Without a hash (nobody has the address) it takes the time and says no.
    pub async fn verify(&self, password: &str, phc: Option<String>) -> Result<bool, HashingFailed> {
        let (password, nobody) = (password.to_owned(), self.nobody.clone());
        self.in_turn(move || match phc {
            Some(phc) => verify(&password, &phc),
            None => {
                let decoy = nobody.get_or_init(|| {
                    SaltString::encode_b64(&[0; 16]).ok().and_then(|salt| hash("nobody", &salt)).unwrap_or_default()
                });
                verify(&password, decoy);
                false
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingFailed> {
        let slot = self.slots.clone().acquire_owned().await.map_err(|_| HashingFailed)?;
        // The slot goes along: work that was begun goes on when whoever asked for it has left.
        let work = move || {
            let _slot = slot;
            work()
        };
        spawn_blocking(work).await.map_err(|_| HashingFailed)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

fn hash(password: &str, salt: &SaltString) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes(), salt).ok().map(|hash| hash.to_string())
}

fn verify(password: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
