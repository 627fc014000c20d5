//! Somebody else's web server, on this machine: it says what a test lets it say, and counts who asks.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Gone when it is dropped: whoever connects then is refused.
pub struct Site {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

/// What lies at a path.
#[derive(Debug, Clone)]
pub struct Page {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    stalls: bool,
}

#[derive(Default)]
struct State {
    pages: HashMap<String, Page>,
    asked: HashMap<String, usize>,
}

impl Page {
    /// A document of `application/json`.
    pub fn json(body: impl ToString) -> Self {
        Self::of_type("application/json", body)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a test writes the document where it puts it")]
    pub fn of_type(content_type: &str, body: impl ToString) -> Self {
        Self::of_bytes(content_type, body.to_string().into_bytes())
    }

    pub fn of_bytes(content_type: &str, body: Vec<u8>) -> Self {
        let page = Self { status: 200, headers: Vec::new(), body, stalls: false };
        page.with_header("content-type", content_type)
    }

    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its head comes and its body never does.
    #[must_use]
    pub fn that_stalls(mut self) -> Self {
        self.stalls = true;
        self
    }

    fn head(&self) -> String {
        let mut head =
            format!("HTTP/1.1 {} -\r\nconnection: close\r\ncontent-length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    }
}

impl Site {
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let known = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let known = Arc::clone(&known);
                tokio::spawn(async move { answer(stream, &known).await });
            }
        });
        Ok(Self { address, state, task })
    }

    /// The address of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What lies at `path` from now on.
    pub fn put(&self, path: &str, page: Page) {
        locked(&self.state).pages.insert(path.to_owned(), page);
    }

    /// How often `path` was asked for.
    pub fn asked(&self, path: &str) -> usize {
        locked(&self.state).asked.get(path).copied().unwrap_or_default()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut chunk = [0; 2_048];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        head.extend_from_slice(chunk.get(..read)?);
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1)?.to_owned();
    let page = {
        let mut state = locked(state);
        *state.asked.entry(path.clone()).or_default() += 1;
        state.pages.get(&path).cloned()
    };
    let page = page.unwrap_or_else(|| Page::of_type("text/plain", "not here").with_status(404));
    stream.write_all(page.head().as_bytes()).await.ok()?;
    if page.stalls {
        std::future::pending::<()>().await;
    }
    stream.write_all(&page.body).await.ok()
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
