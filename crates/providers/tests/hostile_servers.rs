//! A server on this machine that behaves as badly as the corpus' third section says, and the client that survives it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use providers::http::{Answer, FetchError, FetchLimits, GuardedClient, Lookup, NetworkPolicy};
use providers::{client_document, photo};
use std::{net::IpAddr, time::Duration};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const QUICK: FetchLimits = FetchLimits { max_bytes: 5 * 1024, timeout: Duration::from_millis(400) };
const PATIENT: FetchLimits = FetchLimits { max_bytes: 5 * 1024, timeout: Duration::from_secs(20) };

/// Serves one behaviour per path; returns the address to fetch from, without a slash at its end.
async fn hostile_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    base
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = vec![0; 4_096];
    let length = stream.read(&mut head).await?;
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let redirect =
        |to: &str| format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let whole = |extra: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\n{extra}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
    };
    let text = match path.as_str() {
        "/good" => whole("content-type: image/png\r\nset-cookie: a=b\r\n", "picture"),
        "/head" => whole("", &head.to_ascii_lowercase()),
        "/json-head" => whole("content-type: application/json\r\n", &head.to_ascii_lowercase()),
        "/client.json" => whole("content-type: application/json; charset=utf-8\r\ncache-control: max-age=60\r\n", "{}"),
        "/client" => whole("content-type: Application/OAuth-Client+JSON\r\n", "{}"),
        "/page" => whole("content-type: text/html\r\n", "<title>Just a moment</title>"),
        "/untyped" => whole("", "{}"),
        "/challenge" => "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}".to_owned(),
        "/long-document" => whole("content-type: application/json\r\n", &" ".repeat(16 * 1024 + 1)),
        "/missing" => "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnope".to_owned(),
        "/once" => redirect("/good"),
        "/1" | "/2" | "/3" => redirect(&format!("/{}", path[1..].parse::<u8>().unwrap() + 1)),
        "/4" => redirect("/good"),
        "/redirect-loop" => redirect("/redirect-loop"),
        "/redirect-private" => redirect("http://10.0.0.1/"),
        "/redirect-metadata" => redirect("//169.254.169.254/latest/"),
        "/redirect-file" => redirect("file:///etc/passwd"),
        "/redirect-backslash" => redirect("\\\\10.0.0.1\\x"),
        "/redirect-nowhere" => "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
        "/gzip-bomb" => whole("content-encoding: gzip\r\n", "not even gzip"),
        "/huge-cl" => "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\nx".to_owned(),
        "/broken" => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this".to_owned(),
        "/garbage" => "\u{16}\u{3}\u{1} no http at all\r\n\r\n".to_owned(),
        "/huge" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await?;
            loop {
                stream.write_all(&[b'x'; 1_024]).await?;
            }
        }
        "/drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await?;
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            loop {
                ticks.tick().await;
                stream.write_all(b"x").await?;
            }
        }
        "/endless-head" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x-more: and more\r\n").await?;
            }
        }
        "/no-answer" => std::future::pending().await,
        _ => "this server speaks no such language\r\n\r\n".to_owned(),
    };
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

#[tokio::test]
async fn a_good_answer_comes_whole_and_the_request_tells_nothing_needless() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    let fetched = client.fetch(&format!("{base}/good"), PATIENT).await.unwrap();
    assert_eq!((fetched.status.as_u16(), fetched.content_type.as_deref()), (200, Some("image/png")));
    assert_eq!(&fetched.body[..], b"picture");
    assert_eq!(client.fetch(&format!("{base}/missing"), PATIENT).await.unwrap().status.as_u16(), 404);

    let head = client.fetch(&format!("{base}/head"), PATIENT).await.unwrap();
    let head = String::from_utf8(head.body.to_vec()).unwrap();
    assert!(head.contains("accept-encoding: identity") && head.contains("user-agent: visage/"), "{head}");
    assert!(!head.contains("cookie") && !head.contains("referer") && !head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn too_much_and_too_slow_are_cut_off() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    for (path, limits, expected) in [
        ("/huge", PATIENT, FetchError::TooLarge { limit: 5 * 1024 }),
        ("/huge-cl", PATIENT, FetchError::TooLarge { limit: 5 * 1024 }),
        ("/gzip-bomb", PATIENT, FetchError::Compressed),
        ("/endless-head", PATIENT, FetchError::Unreachable),
        ("/broken", PATIENT, FetchError::Interrupted),
        ("/garbage", PATIENT, FetchError::Unreachable),
        ("/drip", QUICK, FetchError::TimedOut),
        ("/no-answer", QUICK, FetchError::TimedOut),
    ] {
        assert_eq!(client.fetch(&format!("{base}{path}"), limits).await, Err(expected), "{path}");
    }
}

#[tokio::test]
async fn redirects_are_errors_unless_asked_for() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    assert_eq!(client.fetch(&format!("{base}/once"), PATIENT).await, Err(FetchError::Redirect));
    let fetched = client.fetch_following(&format!("{base}/once"), PATIENT, 1).await.unwrap();
    assert_eq!(&fetched.body[..], b"picture");
    let looping = client.fetch_following(&format!("{base}/redirect-loop"), PATIENT, 3).await;
    assert_eq!(looping, Err(FetchError::TooManyRedirects));
}

#[tokio::test]
async fn every_hop_is_vetted_like_the_first() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    for path in ["/redirect-private", "/redirect-metadata"] {
        let answer = client.fetch_following(&format!("{base}{path}"), PATIENT, 3).await;
        assert!(matches!(answer, Err(FetchError::ForbiddenAddress(_))), "{path}: {answer:?}");
    }
    for (path, expected) in [
        ("/redirect-file", FetchError::Scheme),
        ("/redirect-backslash", FetchError::NotAUrl),
        ("/redirect-nowhere", FetchError::Redirect),
    ] {
        assert_eq!(client.fetch_following(&format!("{base}{path}"), PATIENT, 3).await, Err(expected), "{path}");
    }
}

#[tokio::test]
async fn a_client_document_is_json_of_a_sane_size_at_its_own_address() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    let fetched = client_document::fetch(&client, &format!("{base}/client.json")).await.unwrap();
    assert_eq!((&fetched.body[..], fetched.cache_control.as_deref()), (&b"{}"[..], Some("max-age=60")));
    assert!(client_document::fetch(&client, &format!("{base}/client")).await.is_ok());
    for (path, expected) in [
        ("/page", FetchError::NotJson),
        ("/untyped", FetchError::NotJson),
        ("/challenge", FetchError::Status(403)),
        ("/missing", FetchError::Status(404)),
        ("/long-document", FetchError::TooLarge { limit: 16 * 1024 }),
        ("/huge", FetchError::TooLarge { limit: 16 * 1024 }),
        ("/once", FetchError::Redirect),
        ("/redirect-private", FetchError::Redirect),
        ("/gzip-bomb", FetchError::Compressed),
    ] {
        assert_eq!(client_document::fetch(&client, &format!("{base}{path}")).await, Err(expected), "{path}");
    }
}

#[tokio::test]
async fn a_document_is_asked_for_as_json() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    let head = client.fetch_json(&format!("{base}/json-head"), PATIENT).await.unwrap();
    let head = String::from_utf8(head.body.to_vec()).unwrap();
    assert!(head.contains("accept: application/json\r\n") && !head.contains("*/*"), "{head}");
}

/// Says that every name is this machine.
struct HereLookup;

impl Lookup for HereLookup {
    fn lookup(&self, _host: &str) -> Answer {
        Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) })
    }
}

#[tokio::test]
async fn the_connection_goes_to_the_vetted_address_under_the_original_name() {
    let base = hostile_server().await;
    let port = base.rsplit(':').next().unwrap();
    let client = GuardedClient::with_lookup(NetworkPolicy::AllowLoopback, HereLookup);
    let fetched = client.fetch(&format!("http://pub.guard.test:{port}/head"), PATIENT).await.unwrap();
    assert!(String::from_utf8_lossy(&fetched.body).contains(&format!("host: pub.guard.test:{port}")));
    // https to a server that does not speak it is a fault of the server, not of ours.
    let answer = client.fetch(&format!("https://pub.guard.test:{port}/good"), PATIENT).await;
    assert_eq!(answer, Err(FetchError::Unreachable));

    let strict = GuardedClient::with_lookup(NetworkPolicy::Public, HereLookup);
    let answer = strict.fetch("https://pub.example.com/good", PATIENT).await;
    assert!(matches!(answer, Err(FetchError::ForbiddenAddress(_))), "{answer:?}");
}

#[tokio::test]
async fn a_photo_is_fetched_over_three_redirects_and_not_over_four() {
    let (base, client) = (hostile_server().await, GuardedClient::new(NetworkPolicy::AllowLoopback));
    assert_eq!(&photo::fetch(&client, &format!("{base}/2")).await.unwrap()[..], b"picture");
    assert_eq!(photo::fetch(&client, &format!("{base}/1")).await, Err(FetchError::TooManyRedirects));
    assert_eq!(photo::fetch(&client, &format!("{base}/missing")).await, Err(FetchError::Status(404)));
    assert_eq!(photo::fetch(&client, &format!("{base}/huge")).await, Err(FetchError::TooLarge { limit: 10 << 20 }));
}
