//! The loop with real sockets.

use super::{Drained, Limits, serve};
use axum::{Router, body::Bytes, routing};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Drained>,
}

async fn start(router: Router, limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve(listener, router, limits, async {
        let _ = stopped.await;
    }));
    Served { address, stop, ended }
}

fn short() -> Limits {
    Limits {
        head: Duration::from_millis(100),
        idle: Duration::from_millis(100),
        body: Duration::from_millis(100),
        ..Limits::default()
    }
}

fn hello() -> Router {
    Router::new()
        .route("/", routing::get(async || "hello"))
        .route("/length", routing::post(async |body: Bytes| body.len().to_string()))
}

/// Sends `text` and reads until the server closes, whether politely or not.
async fn send_and_wait_for_close(address: SocketAddr, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let served = start(hello(), short()).await;
    assert_eq!(send_and_wait_for_close(served.address, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await, "");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let served = start(hello(), short()).await;
    assert_eq!(send_and_wait_for_close(served.address, b"").await, "");
}

#[tokio::test]
async fn half_a_preface_of_http2_is_not_waited_for() {
    let served = start(hello(), short()).await;
    assert_eq!(send_and_wait_for_close(served.address, b"PRI * HTTP/2").await, "");
}

#[tokio::test]
async fn a_body_that_trickles_is_refused_and_the_connection_closed() {
    let served = start(hello(), short()).await;
    let text = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc";
    let answer = send_and_wait_for_close(served.address, text).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer:?}");
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answer() {
    let served = start(hello(), short()).await;
    let answer = send_and_wait_for_close(served.address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer:?}");
}

#[tokio::test]
async fn connections_beyond_the_cap_wait_for_a_place() {
    let limits = Limits { connections: 1, head: Duration::from_millis(200), ..Limits::default() };
    let served = start(hello(), limits).await;
    let first = TcpStream::connect(served.address).await.unwrap();
    // The second is answered once the first, which says nothing, has lost its place.
    let answer =
        send_and_wait_for_close(served.address, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.ends_with("hello"), "{answer:?}");
    drop(first);
}

#[tokio::test]
async fn a_drain_finishes_what_is_in_flight_and_takes_nothing_new() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let router = {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        hello().route(
            "/slow",
            routing::get(async move || {
                begun.notify_one();
                go_on.notified().await;
                "finished"
            }),
        )
    };
    let served = start(router, Limits::default()).await;
    let address = served.address;
    let request =
        tokio::spawn(async move { send_and_wait_for_close(address, b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await });
    begun.notified().await;
    served.stop.send(()).unwrap();
    // Once the listener is gone, connections are refused while the old request still runs.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go_on.notify_one();
    let answer = request.await.unwrap();
    assert!(answer.ends_with("finished"), "{answer:?}");
    assert_eq!(served.ended.await.unwrap(), Drained::Completely);
}

#[tokio::test]
async fn a_drain_does_not_wait_for_ever() {
    let begun = Arc::new(Notify::new());
    let router = {
        let begun = Arc::clone(&begun);
        hello().route(
            "/stuck",
            routing::get(async move || {
                begun.notify_one();
                std::future::pending::<()>().await;
            }),
        )
    };
    let served = start(router, Limits { drain: Duration::from_millis(100), ..Limits::default() }).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    begun.notified().await;
    served.stop.send(()).unwrap();
    assert_eq!(served.ended.await.unwrap(), Drained::InPart);
}

#[tokio::test]
async fn an_answer_that_did_not_wait_for_the_body_keeps_the_connection() {
    let router = hello().route("/early", routing::post(async || "early"));
    let served = start(router, Limits::default()).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n").await.unwrap();
    stream.write_all(b"late").await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    assert!(answers.contains("early") && answers.ends_with("hello"), "{answers}");
}

#[tokio::test]
async fn an_answer_says_that_it_closes_when_too_much_is_left() {
    let router = hello().route("/early", routing::post(async || "early"));
    let served = start(router, Limits::default()).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let head = b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n";
    stream.write_all(head).await.unwrap();
    stream.write_all(&[b'x'; 100 * 1024]).await.unwrap();
    let mut answer = [0; 200];
    let length = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).to_ascii_lowercase();
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_connection_may_idle_for_longer_than_a_head_may_take() {
    let limits = Limits { head: Duration::from_millis(50), idle: Duration::from_secs(60), ..Limits::default() };
    let served = start(hello(), limits).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let mut answer = [0; 512];
    for _ in 0..2 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        assert!(stream.read(&mut answer).await.unwrap() > 0);
        // Nothing comes, and above all no end, for longer than a head may take.
        let silence = tokio::time::timeout(limits.head * 4, stream.read(&mut answer)).await;
        assert!(silence.is_err(), "{silence:?}");
    }
    stream.write_all(b"GET / HT").await.unwrap();
    assert_eq!(stream.read(&mut answer).await.unwrap_or(0), 0);
}

/// The client's half of HTTP/2's greeting, and one `GET /` on stream 1 (RFC 9113, sections 3.4 and 6.2; the fields are from
/// RFC 7541, appendix A).
const HTTP2_REQUEST: &[u8] =
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x06\x01\x05\0\0\0\x01\x82\x86\x84\x41\x01x";
const DATA: u8 = 0;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

/// Reads frames until the server closes, answers every ping, and returns the frames' types and payloads.
async fn live_on(stream: &mut TcpStream) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    let mut head = [0; 9];
    while stream.read_exact(&mut head).await.is_ok() {
        let mut payload = vec![0; (usize::from(head[1]) << 8) | usize::from(head[2])];
        stream.read_exact(&mut payload).await.unwrap();
        if head[3] == PING && head[4] == 0 {
            let pong = [&[0, 0, 8, PING, 1, 0, 0, 0, 0], payload.as_slice()].concat();
            let _ = stream.write_all(&pong).await;
        }
        frames.push((head[3], payload));
    }
    frames
}

#[tokio::test]
async fn a_connection_of_http2_that_answers_every_ping_may_not_idle_for_ever() {
    let served = start(hello(), short()).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(HTTP2_REQUEST).await.unwrap();
    let frames = tokio::time::timeout(Duration::from_secs(10), live_on(&mut stream)).await.unwrap();
    assert!(frames.contains(&(DATA, b"hello".to_vec())), "{frames:?}");
    let (_, goodbye) = frames.iter().rfind(|(kind, _)| *kind == GOAWAY).unwrap();
    // The last stream that was served, and no error.
    assert_eq!(goodbye[..8], [0, 0, 0, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_connection_may_idle() {
    let go_on = Arc::new(Notify::new());
    let router = {
        let go_on = Arc::clone(&go_on);
        hello().route(
            "/slow",
            routing::get(async move || {
                go_on.notified().await;
                "finished"
            }),
        )
    };
    let served = start(router, short()).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = [0; 512];
    let silence = tokio::time::timeout(short().idle * 4, stream.read(&mut answer)).await;
    assert!(silence.is_err(), "{silence:?}");
    go_on.notify_one();
    let length = stream.read(&mut answer).await.unwrap();
    assert!(answer[..length].ends_with(b"finished"));
}
