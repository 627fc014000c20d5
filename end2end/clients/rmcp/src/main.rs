//! usage: visage-rmcp-client CONNECTOR_URL rust|rust-legacy [DOCUMENT_URL] (see ../README.md)

mod callback;

use anyhow::{Context, Result, bail};
use callback::{Callback, parameter};
use rmcp::{
    RoleClient,
    model::{CallToolRequestParams, ProtocolVersion},
    service::{ClientLifecycleMode, ClientServiceExt, RunningService},
    transport::{
        StreamableHttpClientTransport,
        auth::{AuthClient, AuthorizationRequest, OAuthState},
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

/// What a connected client holds on to.
struct Connection {
    auth: AuthClient<reqwest::Client>,
    service: RunningService<RoleClient, ()>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let connector_url = arguments.next().context("the connector URL is missing")?;
    let generation = arguments.next().context("the generation is missing")?;
    let document_url = arguments.next();
    let mut connection = None;
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let command: Value = serde_json::from_str(&line)?;
        let answer = match (command["do"].as_str(), &connection) {
            (Some("connect"), _) => match connect(&connector_url, &generation, document_url.as_deref()).await {
                Ok((made, answer)) => {
                    connection = Some(made);
                    Ok(answer)
                }
                Err(error) => Err(error),
            },
            (Some("call"), Some(connection)) => call(connection, &command).await,
            (Some("refresh"), Some(connection)) => refresh(connection).await,
            _ => Err(anyhow::anyhow!("{line} is not for now")),
        };
        say(&answer.unwrap_or_else(|error| failed(&error)));
    }
    Ok(())
}

fn say(message: &Value) {
    println!("{message}");
}

fn failed(error: &anyhow::Error) -> Value {
    let told = format!("{error:#}");
    // The library's words for a challenge that it could not answer by itself.
    let asks_again = ["Auth required", "authorization required"].iter().any(|words| told.contains(words));
    json!({"event": "failed", "error": told, "asks_again": asks_again})
}

async fn connect(connector_url: &str, generation: &str, document_url: Option<&str>) -> Result<(Connection, Value)> {
    let callback = Callback::listen().await?;
    let mut state = OAuthState::new(connector_url, None).await?;
    let mut request = AuthorizationRequest::new(callback.url.clone())
        .with_client_name(format!("Journey {generation}"))
        .with_application_type("native")
        .with_initial_scope_selection();
    request.client_metadata_url = document_url.map(str::to_owned);
    state.start_authorization(request).await?;
    say(&json!({"event": "authorize", "url": state.get_authorization_url().await?}));
    let answer = callback.next().await?;
    // Compares `state`, and `iss` with the issuer of the metadata (RFC 9207).
    state.handle_callback_url(&answer).await?;
    let manager = state.into_authorization_manager().context("the authorization came to nothing")?;
    let scopes = manager.get_current_scopes().await;

    let auth = AuthClient::new(reqwest::Client::new(), manager);
    let config = StreamableHttpClientTransportConfig::with_uri(connector_url);
    let transport = StreamableHttpClientTransport::with_client(auth.clone(), config);
    let lifecycle = match generation {
        "rust" => ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] },
        "rust-legacy" => ClientLifecycleMode::Initialize,
        _ => bail!("there is no generation {generation}"),
    };
    let service = ().serve_with_lifecycle(transport, lifecycle).await?;
    let tools = service.list_all_tools().await?;
    let protocol = service.peer_info().map(|info| info.protocol_version.to_string());
    let told = json!({
        "event": "connected",
        "protocol": protocol,
        "tools": tools,
        "scope": scopes.join(" "),
        "iss": parameter(&answer, "iss")?,
    });
    Ok((Connection { auth, service }, told))
}

async fn call(connection: &Connection, command: &Value) -> Result<Value> {
    let name = command["tool"].as_str().context("the tool is missing")?.to_owned();
    let arguments = command["arguments"].as_object().cloned().unwrap_or_default();
    let result = connection.service.call_tool(CallToolRequestParams::new(name).with_arguments(arguments)).await?;
    Ok(json!({"event": "called", "result": result}))
}

async fn refresh(connection: &Connection) -> Result<Value> {
    let manager = connection.auth.auth_manager.lock().await;
    let before = manager.get_access_token().await?;
    manager.refresh_token().await?;
    let after = manager.get_access_token().await?;
    Ok(json!({"event": "refreshed", "is_access_token_new": before != after}))
}
