//! The doctor before servers that are broken in the ways in which real ones are.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use domain::{
    clock::Timestamp,
    doctor::{Leg, Report, Verdict},
};
use providers::{
    doctor::{Road, USER_AGENT, walk},
    http::{GuardedClient, NetworkPolicy},
    operator::OperatorClient,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PRM: &str = "GET /.well-known/oauth-protected-resource/mcp";
const AS: &str = "GET /.well-known/oauth-authorization-server";

/// What is answered: status, further header lines, body.
type Reply = (u16, String, String);

/// A server that does everything right, told request by request: `POST /mcp`.
struct Server {
    base: String,
    listener: TcpListener,
    replies: BTreeMap<String, Reply>,
}

fn json_reply(status: u16, body: &Value) -> Reply {
    (status, "content-type: application/json\r\n".to_owned(), body.to_string())
}

fn page() -> Reply {
    (200, "content-type: text/html\r\n".to_owned(), "<!doctype html><h1>Welcome</h1>".to_owned())
}

fn missing() -> Reply {
    json_reply(404, &json!({"error": "not_found"}))
}

impl Server {
    async fn good() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let challenge = format!(
            "www-authenticate: Bearer resource_metadata=\"{base}/.well-known/oauth-protected-resource/mcp\"\r\n\
             access-control-allow-origin: *\r\naccess-control-expose-headers: WWW-Authenticate\r\n\
             date: Sat, 21 Nov 2026 09:41:00 GMT\r\n"
        );
        let preflight = "access-control-allow-origin: *\r\n\
                         access-control-allow-headers: authorization, content-type\r\n";
        let refused = |code: &str| json_reply(400, &json!({"error": code}));
        let replies = [
            ("POST /mcp", (401, challenge.clone(), String::new())),
            ("GET /mcp", (401, challenge, String::new())),
            ("OPTIONS /mcp", (204, preflight.to_owned(), String::new())),
            (PRM, json_reply(200, &json!({"resource": format!("{base}/mcp"), "authorization_servers": [base]}))),
            (AS, json_reply(200, &metadata(&base))),
            ("GET /authorize", refused("invalid_request")),
            ("POST /register", refused("invalid_redirect_uri")),
            ("POST /token", refused("invalid_client")),
        ];
        let replies = replies.into_iter().map(|(request, reply)| (request.to_owned(), reply)).collect();
        Self { base, listener, replies }
    }

    fn with(mut self, request: &str, reply: Reply) -> Self {
        self.replies.insert(request.to_owned(), reply);
        self
    }

    /// Changes one document.
    fn changing(mut self, request: &str, name: &str, value: impl FnOnce(&str) -> Value) -> Self {
        let (_, _, body) = self.replies.get_mut(request).unwrap();
        let mut document: Value = serde_json::from_str(body).unwrap();
        document[name] = value(&self.base);
        *body = document.to_string();
        self
    }

    /// Serves until the test ends; answers with the connector's address.
    fn start(self) -> String {
        let url = format!("{}/mcp", self.base);
        let replies = Arc::new(self.replies);
        tokio::spawn(async move {
            while let Ok((stream, _)) = self.listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&replies)));
            }
        });
        url
    }

    async fn walked(self) -> Report {
        let url = self.start();
        walk(&Road::Anywhere(OperatorClient::new()), &url, at_noon()).await
    }
}

fn metadata(base: &str) -> Value {
    json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "registration_endpoint": format!("{base}/register"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
    })
}

/// When the good server answers, by its own clock.
fn at_noon() -> Timestamp {
    Timestamp::from_http_date("Sat, 21 Nov 2026 09:41:00 GMT").unwrap()
}

async fn answer(mut stream: TcpStream, replies: Arc<BTreeMap<String, Reply>>) -> std::io::Result<()> {
    let mut head = vec![0; 8_192];
    let length = stream.read(&mut head).await?;
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let request: Vec<&str> = head.split(' ').take(2).collect();
    let (status, headers, body) = replies.get(&request.join(" ")).cloned().unwrap_or_else(missing);
    let length = body.len();
    let text = format!("HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

/// That a step is judged so, in words that name what is wrong.
#[track_caller]
fn assert_told(report: &Report, leg: Leg, verdict: Verdict, words: &str) {
    let told = report.on(leg).filter(|finding| finding.verdict == verdict);
    let text: Vec<String> =
        told.map(|finding| format!("{} {}", finding.what, finding.fix.as_deref().unwrap_or_default())).collect();
    assert!(
        text.iter().any(|text| text.contains(words)),
        "{words:?} is not told as {verdict:?} of {leg:?}: {report:#?}"
    );
}

#[tokio::test]
async fn a_good_server_is_found_well_on_the_whole_road() {
    let report = Server::good().await.walked().await;
    assert_eq!(report.count(Verdict::Fail), 0, "{report:#?}");
    for leg in Leg::ALL {
        // It is on this machine, which hosted apps can't reach.
        let expected = if leg == Leg::Address { Verdict::Warn } else { Verdict::Pass };
        assert_eq!(report.verdict_on(leg), Some(expected), "{leg:?}: {report:#?}");
    }
}

#[tokio::test]
async fn metadata_for_another_resource_is_told_with_both_names() {
    let report = Server::good().await.changing(PRM, "resource", |_| json!("https://other.example/mcp")).walked().await;
    assert_told(&report, Leg::ResourceMetadata, Verdict::Fail, "https://other.example/mcp");
}

#[tokio::test]
async fn another_issuer_is_told() {
    let report = Server::good().await.changing(AS, "issuer", |base| json!(format!("{base}/"))).walked().await;
    assert_told(&report, Leg::ServerMetadata, Verdict::Fail, "slash at the end");
}

#[tokio::test]
async fn a_document_without_pkce_is_told() {
    let report = Server::good().await.changing(AS, "code_challenge_methods_supported", |_| Value::Null).walked().await;
    assert_told(&report, Leg::ServerMetadata, Verdict::Fail, "S256");
}

#[tokio::test]
async fn a_web_page_in_place_of_a_document_is_told() {
    for (request, leg) in [(PRM, Leg::ResourceMetadata), (AS, Leg::ServerMetadata), ("POST /token", Leg::Endpoints)] {
        let report = Server::good().await.with(request, page()).walked().await;
        assert_told(&report, leg, Verdict::Fail, "web page");
    }
    let report = Server::good().await.with("POST /mcp", page()).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Fail, "web page");
}

#[tokio::test]
async fn a_sign_in_gateway_is_told_by_its_redirect() {
    let to_sign_in = (302, "location: /login?next=/mcp\r\n".to_owned(), String::new());
    let report = Server::good().await.with("POST /mcp", to_sign_in).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Fail, "sign-in gateway");
}

#[tokio::test]
async fn a_redirect_to_the_slash_is_told() {
    let with_slash = (308, "location: /mcp/\r\n".to_owned(), String::new());
    let report = Server::good().await.with("POST /mcp", with_slash).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Fail, "slash at the end");
}

#[tokio::test]
async fn a_bot_filter_is_told() {
    let filtered = (403, "content-type: text/html\r\n".to_owned(), "<html>Just a moment...</html>".to_owned());
    let report = Server::good().await.with("POST /mcp", filtered.clone()).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Fail, "bot filter");
    let report = Server::good().await.with("POST /token", filtered).walked().await;
    assert_told(&report, Leg::Endpoints, Verdict::Fail, "bot filter");
}

#[tokio::test]
async fn missing_metadata_is_told_and_the_next_place_is_looked_at() {
    let report = Server::good().await.with(PRM, missing()).walked().await;
    assert_told(&report, Leg::ResourceMetadata, Verdict::Fail, "status 404");
    let report = Server::good().await.with(AS, missing()).walked().await;
    assert_told(&report, Leg::ServerMetadata, Verdict::Fail, "no metadata");

    let server = Server::good().await.with(AS, missing());
    let document = json_reply(200, &metadata(&server.base));
    let report = server.with("GET /.well-known/openid-configuration", document).walked().await;
    assert_eq!(report.count(Verdict::Fail), 0, "{report:#?}");
}

#[tokio::test]
async fn a_challenge_that_names_nothing_leads_to_the_well_known_address() {
    let bare = (401, "www-authenticate: Bearer\r\n".to_owned(), String::new());
    let report = Server::good().await.with("POST /mcp", bare.clone()).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Warn, "resource_metadata");
    assert_eq!(report.verdict_on(Leg::ResourceMetadata), Some(Verdict::Pass), "{report:#?}");
    let silent = (401, String::new(), String::new());
    let report = Server::good().await.with("POST /mcp", silent).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Warn, "WWW-Authenticate");

    let server = Server::good().await.with("POST /mcp", bare);
    let (_, _, document) = server.replies[PRM].clone();
    let at_root = json_reply(200, &serde_json::from_str(&document).unwrap());
    let report = server.with(PRM, missing()).with("GET /.well-known/oauth-protected-resource", at_root).walked().await;
    assert_eq!(report.verdict_on(Leg::ResourceMetadata), Some(Verdict::Pass), "{report:#?}");
}

#[tokio::test]
async fn a_server_without_sign_in_is_told_and_fails_nobody() {
    let open = json_reply(200, &json!({"jsonrpc": "2.0", "id": 1, "result": {}}));
    let report = Server::good().await.with("POST /mcp", open).walked().await;
    assert_told(&report, Leg::Challenge, Verdict::Warn, "lets everybody in");
    assert_eq!(report.count(Verdict::Fail), 0);
}

#[tokio::test]
async fn closed_registration_and_a_page_that_is_not_there_are_told() {
    let closed = json_reply(403, &json!({"error": "access_denied"}));
    let report = Server::good().await.with("POST /register", closed).walked().await;
    assert_told(&report, Leg::Endpoints, Verdict::Fail, "closed to strangers");
    let report = Server::good().await.with("GET /authorize", missing()).walked().await;
    assert_told(&report, Leg::Endpoints, Verdict::Fail, "not there");
}

#[tokio::test]
async fn apps_in_a_browser_are_thought_of() {
    let refused = (401, String::new(), String::new());
    let report = Server::good().await.with("OPTIONS /mcp", refused).walked().await;
    assert_told(&report, Leg::WebPages, Verdict::Warn, "OPTIONS");
    assert_eq!(report.count(Verdict::Fail), 0);
}

#[tokio::test]
async fn nobody_at_the_address_is_told() {
    let server = Server::good().await;
    let url = format!("{}/mcp", server.base);
    drop(server);
    let report = walk(&Road::Anywhere(OperatorClient::new()), &url, at_noon()).await;
    assert_told(&report, Leg::Challenge, Verdict::Fail, "could not be reached");
}

#[tokio::test]
async fn a_stranger_can_not_send_the_doctor_into_the_private_network() {
    let url = Server::good().await.start();
    let (client, guarded) = (OperatorClient::new(), GuardedClient::new(NetworkPolicy::Public));
    for (url, words) in [
        (url.as_str(), "only https"),
        ("https://10.0.0.7/mcp", "public"),
        ("https://169.254.169.254/latest/meta-data", "public"),
        ("https://localhost/mcp", "public"),
        ("http://visage.example/mcp", "https"),
    ] {
        let road = Road::of_strangers(url, "https://visage.example", USER_AGENT, &client, &guarded);
        let report = walk(&road, url, at_noon()).await;
        assert_told(&report, Leg::Challenge, Verdict::Fail, words);
        assert_eq!(report.verdict_on(Leg::ResourceMetadata), None, "{report:#?}");
    }
}

#[tokio::test]
async fn whatever_our_own_server_names_elsewhere_is_fetched_through_the_guard() {
    let elsewhere = Server::good().await;
    let issuer = elsewhere.base.clone();
    elsewhere.start();
    let own = Server::good().await.changing(PRM, "authorization_servers", |_| json!([issuer]));
    let base = own.base.clone();
    let url = own.start();
    let guarded = GuardedClient::new(NetworkPolicy::Public);
    let road = Road::of_strangers(&url, &base, USER_AGENT, &OperatorClient::new(), &guarded);
    let report = walk(&road, &url, at_noon()).await;
    assert_eq!(report.verdict_on(Leg::Challenge), Some(Verdict::Pass), "{report:#?}");
    assert_told(&report, Leg::ServerMetadata, Verdict::Fail, "only https");
}

#[tokio::test]
async fn the_name_of_the_host_alone_leads_to_its_connector() {
    let url = Server::good().await.start();
    let base = url.strip_suffix("/mcp").unwrap();
    for typed in [base.to_owned(), format!("{base}/"), format!("{base}/w/engines")] {
        let report = walk(&Road::Anywhere(OperatorClient::new()), &typed, at_noon()).await;
        assert_told(&report, Leg::Address, Verdict::Fail, &format!("Give people exactly {url}"));
        assert_eq!(report.count(Verdict::Fail), 1, "{report:#?}");
        assert_eq!(report.verdict_on(Leg::Clock), Some(Verdict::Pass), "{report:#?}");
    }
    let elsewhere = Server::good().await.with("POST /mcp", missing()).start();
    let base = elsewhere.strip_suffix("/mcp").unwrap();
    let report = walk(&Road::Anywhere(OperatorClient::new()), base, at_noon()).await;
    assert_told(&report, Leg::Challenge, Verdict::Fail, "Check the path");
}

#[tokio::test]
async fn https_to_a_server_that_speaks_plain_http_is_told_and_walked_there() {
    let url = Server::good().await.start();
    let report = walk(&Road::Anywhere(OperatorClient::new()), &url.replacen("http", "https", 1), at_noon()).await;
    assert_told(&report, Leg::Address, Verdict::Fail, &format!("the server speaks plain http, at {url}"));
    assert_eq!(report.count(Verdict::Fail), 1, "{report:#?}");
    assert_eq!(report.verdict_on(Leg::Clock), Some(Verdict::Pass), "{report:#?}");
}

#[tokio::test]
async fn a_slash_too_many_is_a_remark_and_no_fault() {
    let server = Server::good().await;
    let challenge = server.replies["POST /mcp"].clone();
    let url = server.with("POST /mcp/", challenge.clone()).with("GET /mcp/", challenge).start();
    let report = walk(&Road::Anywhere(OperatorClient::new()), &format!("{url}/"), at_noon()).await;
    assert_told(&report, Leg::ResourceMetadata, Verdict::Warn, "Only a slash at the end is different");
    assert_eq!(report.count(Verdict::Fail), 0, "{report:#?}");
}

#[tokio::test]
async fn a_workspace_in_the_address_of_a_visage_is_named_for_who_knows_more() {
    let server = Server::good().await;
    let document = "/.well-known/oauth-protected-resource/mcp/engines";
    let challenge = server.replies["POST /mcp"].clone();
    let names = |name: &str| {
        json_reply(
            200,
            &json!({
                "resource": format!("{}/mcp/engines", server.base), "authorization_servers": [server.base],
                "resource_name": name,
            }),
        )
    };
    let (ours, theirs) = (names("Visage"), names("Elsewhere"));
    let (status, headers, body) = challenge;
    let challenge = (status, headers.replace("resource/mcp\"", "resource/mcp/engines\""), body);
    let get = format!("GET {document}");
    let server = server.with("POST /mcp/engines", challenge.clone()).with("GET /mcp/engines", challenge);
    let url = server.with(&get, ours).start();
    let report = walk(&Road::Anywhere(OperatorClient::new()), &format!("{url}/engines"), at_noon()).await;
    assert_eq!(report.workspace.as_deref(), Some("engines"), "{report:#?}");
    let report = walk(&Road::Anywhere(OperatorClient::new()), &url, at_noon()).await;
    assert_eq!(report.workspace, None);
    let url = Server::good().await.with(&get, theirs).start();
    let report = walk(&Road::Anywhere(OperatorClient::new()), &format!("{url}/engines"), at_noon()).await;
    assert_eq!(report.workspace, None);
}
