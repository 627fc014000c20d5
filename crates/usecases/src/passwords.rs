//! Password hashing (Argon2id, RFC 9106): slow and large on purpose, so it runs off the request threads, few at a time, in
//! memory that is kept for it.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{Output, PasswordHash, Salt, SaltString},
};
use domain::entropy::Entropy;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Each hash takes 19 MiB and a core for tens of milliseconds: more side by side would only take more memory.
const SIDE_BY_SIDE: usize = 2;

/// How many may be in the queue, those at work included: the last of them waits a second or two. Whoever comes after is sent
/// away at once, because a page that hangs helps nobody.
const MOST_IN_QUEUE: usize = 64;

#[derive(Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    /// One per slot, made when first needed. Memory that is given back between hashes is not always returned to the system,
    /// and a crowd of wrong passwords would grow the process for good.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// Nothing was found out, for a reason that is no fault of the password.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    #[error("the password could not be hashed")]
    Failed,
    #[error("too many people are signing in at this moment: wait 5 s and try again")]
    Crowded,
}

impl Passwords {
    pub fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MOST_IN_QUEUE)),
            slots: Arc::new(Semaphore::new(SIDE_BY_SIDE)),
            memory: Arc::default(),
        }
    }

    /// To be asked before an attempt is counted against somebody: in a crowd it would not be looked at.
    pub fn expect_room(&self) -> Result<(), HashingError> {
        if self.places.available_permits() > 0 { Ok(()) } else { Err(HashingError::Crowded) }
    }

    /// A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$…`.
    pub async fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<String, HashingError> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let salt = SaltString::encode_b64(&salt).map_err(|_| HashingError::Failed)?;
        let password = password.to_owned();
        self.in_turn(move |memory| {
            let output = compute(&password, salt.as_salt(), &Params::DEFAULT, memory)?;
            let hash = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: (&Params::DEFAULT).try_into().ok()?,
                salt: Some(salt.as_salt()),
                hash: Some(output),
            };
            Some(hash.to_string())
        })
        .await?
        .ok_or(HashingError::Failed)
    }

    /// Whether `password` made `phc`. Without a hash (nobody has the address) it takes the time and says no.
    pub async fn verify(&self, password: &str, phc: Option<String>) -> Result<bool, HashingError> {
        let password = password.to_owned();
        self.in_turn(move |memory| match phc {
            Some(phc) => verify(&password, &phc, memory),
            None => {
                let nobody = Salt::from_b64("AAAAAAAAAAAAAAAAAAAAAA").ok();
                nobody.and_then(|salt| compute(&password, salt, &Params::DEFAULT, memory));
                false
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashingError::Crowded)?;
        let slot = self.slots.clone().acquire_owned().await.map_err(|_| HashingError::Failed)?;
        let shelf = Arc::clone(&self.memory);
        // Place and slot go along: work that was begun goes on when whoever asked for it has left.
        let work = move || {
            let mut memory = shelf.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            shelf.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            drop((slot, place));
            done
        };
        spawn_blocking(work).await.map_err(|_| HashingError::Failed)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

fn compute(password: &str, salt: Salt<'_>, params: &Params, memory: &mut Vec<Block>) -> Option<Output> {
    let mut bytes = [0; 64];
    let salt = salt.decode_b64(&mut bytes).ok()?;
    memory.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    Output::init_with(params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN), |output| {
        Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut *memory)?)
    })
    .ok()
}

fn verify(password: &str, phc: &str, memory: &mut Vec<Block>) -> bool {
    let Ok(known) = PasswordHash::new(phc) else { return false };
    let (Ok(params), Some(salt), Some(hash)) = (Params::try_from(&known), known.salt, known.hash) else { return false };
    let is_ours = known.algorithm == Algorithm::Argon2id.ident() && known.version == Some(Version::V0x13.into());
    // Outputs compare in constant time.
    is_ours && compute(password, salt, &params, memory) == Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Deps,
        sign_in::{SignIn, SignInError, sign_in},
        user::{self, NewUser},
    };
    use domain::{
        audit::Actor,
        settings::{Settings, SignUpPolicy},
    };
    use testkit::{FixedClock, SeededEntropy, database::TestDatabase};

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_no_other_is() {
        let passwords = Passwords::new();
        let phc = passwords.hash("notes on the engine", &SeededEntropy::new(1)).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify("notes on the engine", Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify("notes on the machine", Some(phc)).await.unwrap());
        assert!(!passwords.verify("notes on the engine", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_that_another_library_made_is_read() {
        use argon2::PasswordHasher as _;
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let phc = Argon2::default().hash_password(b"notes on the engine", &salt).unwrap().to_string();
        assert!(Passwords::new().verify("notes on the engine", Some(phc)).await.unwrap());
    }

    #[tokio::test]
    async fn a_crowd_shares_the_memory_of_a_few() {
        let passwords = Passwords::new();
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let passwords = passwords.clone();
            crowd.spawn(async move { passwords.verify("guess", None).await.unwrap() });
        }
        crowd.join_all().await;
        let kept = passwords.memory.lock().unwrap().len();
        assert!((1..=SIDE_BY_SIDE).contains(&kept), "{kept}");
    }

    #[tokio::test]
    async fn whoever_comes_to_a_full_queue_is_sent_away_at_once() {
        let passwords = Passwords::new();
        let crowd = Arc::clone(&passwords.places).acquire_many_owned(64).await.unwrap();
        assert!(matches!(passwords.verify("guess", None).await, Err(HashingError::Crowded)));
        assert!(matches!(passwords.expect_room(), Err(HashingError::Crowded)));
        drop(crowd);
        assert!(passwords.expect_room().is_ok());
        assert!(!passwords.verify("guess", None).await.unwrap());
        assert_eq!(passwords.places.available_permits(), MOST_IN_QUEUE, "whoever is done leaves the queue");
    }

    /// Whoever tries addresses must not learn from the clock which of them have an account. The work is told by the memory that
    /// it fills: as much, with the same parameters, and to the last block.
    #[tokio::test]
    async fn an_unknown_address_costs_the_very_work_that_a_wrong_password_costs() {
        let database = TestDatabase::sqlite().await;
        let mut settings = Settings::new("https://visage.example".parse().unwrap(), std::env::temp_dir());
        settings.sign_up = SignUpPolicy::Open;
        let entropy = Arc::new(SeededEntropy::new(1));
        let deps = Deps::with(database.store().clone(), settings, Arc::new(FixedClock::default()), entropy);
        let password = "notes on the engine".to_owned();
        let new = NewUser { email: "ada@example.com".to_owned(), name: "Ada".to_owned(), password };
        user::create(&deps, new, Actor::Operator).await.unwrap();

        let mut works = Vec::new();
        for (email, password) in [
            ("ada@example.com", "notes on the machine"),
            ("nobody@example.com", "notes on the machine"),
            ("nobody@example.com", "notes on the engine"),
        ] {
            works.push(work_of(&deps, email, password).await);
        }
        user::disable(&deps, "ada@example.com").await.unwrap();
        works.push(work_of(&deps, "ada@example.com", "notes on the engine").await);
        assert!(works.iter().all(|work| *work == (Params::DEFAULT.block_count(), true)), "{works:?}");
    }

    /// How many blocks a refused sign-in has filled, and whether it filled each of them.
    async fn work_of(deps: &Deps, email: &str, password: &str) -> (usize, bool) {
        deps.passwords.memory.lock().unwrap().clear();
        let form = SignIn { email: email.to_owned(), password: password.to_owned(), replaces: None, from: None };
        assert!(matches!(sign_in(deps, form).await, Err(SignInError::Refused)));
        let memory = deps.passwords.memory.lock().unwrap();
        let [blocks] = memory.as_slice() else { panic!("{} hashes were made", memory.len()) };
        (blocks.len(), blocks.iter().all(|block| block.as_ref().iter().any(|word| *word != 0)))
    }
}
