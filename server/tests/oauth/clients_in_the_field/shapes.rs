//! What each client sends to register, or where its document lies, and the addresses that it asks with.

use serde_json::{Value, json};

/// A client that registers itself.
pub struct Registering {
    pub name: &'static str,
    /// What it sends to `/register`.
    pub metadata: Value,
    /// Where it wants to be sent back to, when it comes to that.
    pub asks: &'static [&'static str],
}

/// A client that is named by the address of its document.
pub struct Documented {
    pub name: &'static str,
    pub client_id: &'static str,
    pub asks: &'static [&'static str],
}

fn dynamic(name: &'static str, metadata: Value, asks: &'static [&'static str]) -> Registering {
    Registering { name, metadata, asks }
}

pub fn registering() -> Vec<Registering> {
    vec![
        dynamic(
            "Cursor: three addresses in one request, no application_type",
            json!({
                "client_name": "Cursor",
                "redirect_uris": [
                    "cursor://anysphere.cursor-mcp/oauth/callback",
                    "https://www.cursor.com/agents/mcp/oauth/callback",
                    "http://localhost:8787/callback",
                ],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "cursor://anysphere.cursor-mcp/oauth/callback",
                "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback",
            ],
        ),
        dynamic(
            "Claude: unknown grants and scopes, nothing for what it has not",
            json!({
                "client_name": "Claude",
                "redirect_uris": ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
                "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": "claudeai",
                "logo_uri": null, "client_uri": null, "contacts": null, "tos_uri": "", "software_statement": null,
            }),
            &["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
        ),
        dynamic(
            "Claude Code: a loopback address with the port of that day",
            json!({
                "client_name": "Claude Code (visage)",
                "redirect_uris": ["http://localhost:54213/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &["http://localhost:54213/callback", "http://localhost:61000/callback", "http://localhost/callback"],
        ),
        dynamic(
            "ChatGPT: one address for each connector",
            json!({
                "client_name": "ChatGPT",
                "redirect_uris": [
                    "https://chatgpt.com/connector_platform_oauth_redirect",
                    "https://chatgpt.com/connector/oauth/AbC-12_x",
                    "https://chatgpt.com/backend-api/aip/connectors/links/oauth/callback",
                ],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "https://chatgpt.com/connector_platform_oauth_redirect",
                "https://chatgpt.com/connector/oauth/AbC-12_x",
                "https://chatgpt.com/backend-api/aip/connectors/links/oauth/callback",
            ],
        ),
        dynamic(
            "Codex: a path behind the callback",
            json!({
                "client_name": "Codex",
                "redirect_uris": ["http://127.0.0.1:1455/callback/ab12"],
                "token_endpoint_auth_method": "none",
            }),
            &["http://127.0.0.1:1455/callback/ab12", "http://127.0.0.1:50001/callback/ab12"],
        ),
        dynamic(
            "VS Code: web, loopback and its own scheme, on a random port",
            json!({
                "client_name": "Visual Studio Code",
                "client_uri": "https://code.visualstudio.com",
                "application_type": "native",
                "redirect_uris": [
                    "https://insiders.vscode.dev/redirect",
                    "https://vscode.dev/redirect",
                    "http://localhost/",
                    "http://127.0.0.1/",
                    "http://localhost:33418/",
                    "http://127.0.0.1:33418/",
                    "vscode://vscode.mcp/oauth/callback",
                ],
                "grant_types": [
                    "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
                ],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "http://127.0.0.1:33418/",
                "http://127.0.0.1:49321/",
                "http://localhost:49321/",
                "https://vscode.dev/redirect",
                "https://insiders.vscode.dev/redirect",
                "vscode://vscode.mcp/oauth/callback",
            ],
        ),
        dynamic(
            "Windsurf: a private scheme alone",
            json!({ "client_name": "Windsurf", "redirect_uris": ["windsurf://codeium.windsurf/oauth/callback"] }),
            &["windsurf://codeium.windsurf/oauth/callback"],
        ),
        dynamic(
            "Inspector",
            json!({
                "client_name": "MCP Inspector",
                "client_uri": "https://github.com/modelcontextprotocol/inspector",
                "redirect_uris": ["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": "openid profile email",
            }),
            &["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"],
        ),
        dynamic(
            "Inspector at the command line",
            json!({ "client_name": "MCP Inspector", "redirect_uris": ["http://127.0.0.1:6276/oauth/callback"] }),
            &["http://127.0.0.1:6276/oauth/callback"],
        ),
        dynamic(
            "mcp-remote",
            json!({
                "client_name": "MCP CLI Proxy",
                "client_uri": "https://github.com/modelcontextprotocol/mcp-cli",
                "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d", "software_version": "0.1.37",
                "redirect_uris": ["http://localhost:3335/oauth/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &["http://localhost:3335/oauth/callback", "http://localhost:49150/oauth/callback"],
        ),
        dynamic(
            "Gemini CLI",
            json!({
                "client_name": "Gemini CLI MCP Client",
                "redirect_uris": ["http://localhost:7777/oauth/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": "",
            }),
            &["http://localhost:40123/oauth/callback"],
        ),
        dynamic(
            "Antigravity and Spark",
            json!({
                "client_name": "Antigravity",
                "redirect_uris": [
                    "https://antigravity.google/oauth-callback",
                    "https://oauth-redirect.googleusercontent.com/r/visage-1815",
                ],
            }),
            &[
                "https://antigravity.google/oauth-callback",
                "https://oauth-redirect.googleusercontent.com/r/visage-1815",
            ],
        ),
        dynamic(
            "Copilot Studio and Microsoft 365",
            json!({
                "client_name": "Copilot Studio",
                "redirect_uris": [
                    "https://global.consent.azure-apim.net/redirect/cr1a2b3-5fvisage-5f0123456789abcdef",
                    "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
                ],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "https://global.consent.azure-apim.net/redirect/cr1a2b3-5fvisage-5f0123456789abcdef",
                "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
            ],
        ),
        dynamic(
            "LibreChat on somebody's own host",
            json!({
                "client_name": "LibreChat MCP Client",
                "redirect_uris": ["https://chat.company.example/api/mcp/visage/oauth/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
            &["https://chat.company.example/api/mcp/visage/oauth/callback"],
        ),
        dynamic(
            "Open WebUI: a colon in the path",
            json!({
                "client_name": "Open WebUI",
                "redirect_uris": ["https://ai.company.example/oauth/clients/mcp:visage/callback"],
            }),
            &["https://ai.company.example/oauth/clients/mcp:visage/callback"],
        ),
        dynamic(
            "n8n in the cloud and at home",
            json!({
                "client_name": "n8n",
                "redirect_uris": [
                    "https://oauth.n8n.cloud/oauth2/callback",
                    "https://n8n.company.example/rest/oauth2-credential/callback",
                ],
                "grant_types": ["authorization_code", "refresh_token"],
            }),
            &["https://oauth.n8n.cloud/oauth2/callback", "https://n8n.company.example/rest/oauth2-credential/callback"],
        ),
        dynamic(
            "Perplexity",
            json!({
                "client_name": "Perplexity",
                "redirect_uris": ["https://www.perplexity.ai/rest/connections/oauth_callback"],
            }),
            &["https://www.perplexity.ai/rest/connections/oauth_callback"],
        ),
        dynamic(
            "Grok",
            json!({ "client_name": "Grok", "redirect_uris": ["grokbot://mcp/oauth/callback"] }),
            &["grokbot://mcp/oauth/callback"],
        ),
        dynamic(
            "Goose, MCPJam: no grant types, no method, no name",
            json!({ "redirect_uris": ["http://localhost:8765/oauth/callback"] }),
            &["http://localhost:8765/oauth/callback", "http://localhost:8766/oauth/callback"],
        ),
    ]
}

pub const DOCUMENTED: [Documented; 8] = [
    Documented {
        name: "Claude on the web, desktop and mobile",
        client_id: "https://claude.ai/oauth/mcp-oauth-client-metadata",
        asks: &["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
    },
    Documented {
        name: "Claude Code: an address without a port stands for all",
        client_id: "https://claude.ai/oauth/claude-code-client-metadata",
        asks: &["http://localhost:54213/callback", "http://127.0.0.1:33000/callback", "http://localhost/callback"],
    },
    Documented {
        name: "ChatGPT: signs or comes without proof",
        client_id: "https://chatgpt.com/oauth/client.json",
        asks: &["https://chatgpt.com/connector_platform_oauth_redirect"],
    },
    Documented {
        name: "Codex",
        client_id: "https://chatgpt.com/oauth/codex/client.json",
        asks: &["http://127.0.0.1:1455/callback", "http://localhost:50001/callback"],
    },
    Documented {
        name: "VS Code on its own port",
        client_id: "https://vscode.dev/oauth/client-metadata.json",
        asks: &["http://127.0.0.1:33418/", "https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect"],
    },
    Documented {
        name: "VS Code on a random port",
        client_id: "https://vscode.dev/oauth/client-metadata.json",
        asks: &["http://127.0.0.1:49321/", "http://localhost:49321/"],
    },
    Documented {
        name: "Zed",
        client_id: "https://zed.dev/oauth/client-metadata.json",
        asks: &["http://127.0.0.1:39001/callback"],
    },
    Documented {
        name: "OpenCode",
        client_id: "https://opencode.ai/oauth/opencode/client.json",
        asks: &["http://127.0.0.1:19876/mcp/oauth/callback"],
    },
];
