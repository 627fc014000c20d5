//! The handler: every method that the suite calls, and what has to be remembered between two calls.
#![expect(deprecated, reason = "the suite asks for logging, which 2026-07-28 means to remove")]

use super::{prompts, resources, tools};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{id::GrantId, principal::Principal};
use http::request::Parts;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CompletionInfo,
        GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult,
        ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
        ServerCapabilities, ServerConfig, SetLevelRequestParams, SubscribeRequestParams, SubscriptionFilter, Tool,
        UnsubscribeRequestParams,
    },
    service::{RequestContext, SubscriptionContext},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::broadcast;
use usecases::Deps;

#[derive(Clone)]
pub struct Fixture(Arc<Shared>);

struct Shared {
    deps: Deps,
    /// By the `requestState` that stands for each.
    open_questions: Mutex<HashMap<String, Question>>,
    changes: broadcast::Sender<Change>,
}

/// A call that waits for its answers.
struct Question {
    grant: GrantId,
    /// The tool that asked.
    name: String,
    round: u8,
}

/// What listeners may hear of.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    Tools,
    Prompts,
}

impl Fixture {
    pub fn new(deps: Deps) -> Self {
        Self(Arc::new(Shared { deps, open_questions: Mutex::default(), changes: broadcast::Sender::new(16) }))
    }

    pub fn announce(&self, change: Change) {
        // That nobody listens is no fault.
        let _ = self.0.changes.send(change);
    }

    /// Gives the `requestState` under which the question is known again: for this grant and tool only, and once.
    pub fn remember(&self, context: &RequestContext<RoleServer>, name: &str, round: u8) -> Result<String, ErrorData> {
        let mut bytes = [0; 16];
        self.0.deps.entropy.fill(&mut bytes);
        let state = URL_SAFE_NO_PAD.encode(bytes);
        let question = Question { grant: principal(context)?.grant, name: name.to_owned(), round };
        self.0.open_questions.lock().unwrap_or_else(PoisonError::into_inner).insert(state.clone(), question);
        Ok(state)
    }

    /// Which round's question this is the answer to.
    pub fn redeem(
        &self,
        context: &RequestContext<RoleServer>,
        name: &str,
        state: Option<&str>,
    ) -> Result<u8, ErrorData> {
        let grant = principal(context)?.grant;
        let mut questions = self.0.open_questions.lock().unwrap_or_else(PoisonError::into_inner);
        let question = state.and_then(|state| questions.remove(state));
        match question.filter(|question| question.grant == grant && question.name == name) {
            Some(question) => Ok(question.round),
            None => Err(ErrorData::invalid_params("this requestState is not of this server's making", None)),
        }
    }
}

/// Whoever the door let in.
fn principal(context: &RequestContext<RoleServer>) -> Result<&Principal, ErrorData> {
    let parts = context.extensions.get::<Parts>();
    let principal = parts.and_then(|parts| parts.extensions.get::<Principal>());
    principal.ok_or_else(|| ErrorData::internal_error("nobody is known to ask", None))
}

impl ServerHandler for Fixture {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_prompts()
            .enable_prompts_list_changed()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_completions()
            .enable_logging()
            .build();
        ServerConfig::new(capabilities).with_server_info(Implementation::new("visage-conformance", "1"))
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        tools::list()
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::list().ok()?.tools.into_iter().find(|tool| tool.name == name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        tools::call(self, request, context).await
    }

    async fn list_prompts(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        prompts::list()
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompts::get(&request)
    }

    async fn list_resources(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        resources::list()
    }

    async fn list_resource_templates(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        resources::templates()
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        resources::read(&request.uri).map(Into::into)
    }

    async fn complete(
        &self,
        _request: CompleteRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        Ok(CompleteResult::new(CompletionInfo::default()))
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut changes = self.0.changes.subscribe();
        loop {
            let change = tokio::select! {
                () = context.cancelled() => return Ok(()),
                change = changes.recv() => change,
            };
            // What the listener did not ask for, and what comes after it has left, the sink refuses.
            let _ = match change {
                Ok(Change::Tools) => context.sink().notify_tool_list_changed().await,
                Ok(Change::Prompts) => context.sink().notify_prompt_list_changed().await,
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return Ok(()),
            };
        }
    }

    // The suite asks no more of these than an answer.

    async fn set_level(
        &self,
        _request: SetLevelRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn subscribe(
        &self,
        _request: SubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(
        &self,
        _request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }
}
