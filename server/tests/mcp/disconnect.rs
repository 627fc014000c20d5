//! A client that hangs up ends the work that was being done for it (2026-07-28, streamable HTTP, "Cancellation").

use crate::{
    client::{Client, Generation},
    support::House,
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{CallToolRequestParams, CallToolResponse, ServerCapabilities, ServerConfig},
    service::RequestContext,
    transport::streamable_http_server::{StreamableHttpService, session::never::NeverSessionManager},
};
use serde_json::json;
use server::{mcp, router};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::timeout};

/// A handler that works until nobody waits for it any more.
#[derive(Clone, Default)]
struct Worker {
    began: Arc<Notify>,
    was_cancelled: Arc<Notify>,
}

impl ServerHandler for Worker {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        _request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.began.notify_one();
        context.ct.cancelled().await;
        self.was_cancelled.notify_one();
        Err(ErrorData::internal_error("nobody waits", None))
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_cancels_its_call() {
    let mut house = House::start().await;
    let worker = Worker::default();
    let handler = worker.clone();
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(handler.clone()), sessions, mcp::transport());
    house.router = router::around(mcp::door(house.deps.clone(), service), house.deps.clone());
    let client = Client::connected(&house).await;
    tokio::select! {
        answer = client.send(Generation::Stateless, "tools/call", json!({"name": "work", "arguments": {}})) => {
            panic!("nothing was to be answered: {}", answer.text());
        }
        () = worker.began.notified() => {}
    }
    // The request was dropped with the branch that lost, as the server drops it when the connection closes.
    timeout(Duration::from_secs(10), worker.was_cancelled.notified()).await.unwrap();
}
