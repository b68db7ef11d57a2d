//! The calls between one line and one number, as one conversation.

use call::recall::{Past, recall};
use domain::{ConversationId, Time};
use serde::Deserialize;
use utoipa::IntoParams;

use super::check::{CONTEXT_CHARS_MAX, Check};
use super::{ActionError, Caller, Paged, Server};
use crate::store::{CallFilter, CallRecord, Conversation, ConversationFilter, Page, Scope};

/// Calls shown with a conversation; `GET /v1/calls?conversation_id=` has them all.
const CALLS_SHOWN: u32 = 20;
const UNKNOWN: ActionError = ActionError::NotFound("there is no such conversation");

/// The query of `GET /v1/conversations`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListConversations {
    /// The other side's number, in E.164 format.
    pub number: Option<String>,
    pub line_id: Option<String>,
    pub pod_id: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    pub page_token: Option<String>,
}

pub struct Recalled {
    pub conversation: Conversation,
    /// The newest first.
    pub calls: Vec<CallRecord>,
    /// What a new call may be told of them.
    pub context: Option<String>,
}

impl Server {
    pub async fn list_conversations(
        &self,
        caller: &Caller,
        wanted: &ListConversations,
    ) -> Result<Paged<Conversation>, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(wanted.pod_id.as_deref(), caller.pod.as_deref());
        let limit = check.limit(wanted.limit);
        let number = wanted.number.as_deref().and_then(|text| check.number("number", text));
        let line = check.id("line_id", wanted.line_id.as_deref());
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let filter = ConversationFilter { number, line };
        let bound_to = format!("conversations\n{scope:?}\n{filter:?}");
        let asked = self.asked(limit, wanted.page_token.as_deref(), bound_to)?;
        let after = asked.after.as_deref().and_then(place);
        let found = self.store.conversations(&scope, &filter, after, asked.to_read()).await?;
        let place = |last: &Conversation| format!("{} {}", last.last_call_at.as_millis(), last.id);
        Ok(self.paged(&asked, found, place))
    }

    pub async fn conversation(&self, caller: &Caller, id: &str) -> Result<Recalled, ActionError> {
        let id: ConversationId = id.parse().map_err(|_| UNKNOWN)?;
        let scope = caller.scope();
        let conversation = self.store.conversation(&scope, id).await?.ok_or(UNKNOWN)?;
        let filter = CallFilter { conversation_id: Some(id), ..CallFilter::default() };
        let page = Page { limit: CALLS_SHOWN, after: None };
        let calls = self.store.calls(&scope, &filter, &page).await?;
        let told = calls.iter().filter(|record| record.call.status.is_terminal());
        let told = told.filter_map(|record| {
            let summary = record.outcome.summary.as_deref()?;
            Some(Past { at: record.call.created_at, status: record.call.status, summary })
        });
        let context = recall(told, CONTEXT_CHARS_MAX);
        Ok(Recalled { conversation, calls, context })
    }
}

fn place(text: &str) -> Option<(Time, ConversationId)> {
    let (at, id) = text.split_once(' ')?;
    Some((Time::from_millis(at.parse().ok()?), id.parse().ok()?))
}
