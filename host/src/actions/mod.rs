//! What an authenticated caller may ask for.
//!
//! Every function takes a [`Caller`], whose existence is the proof that a key was checked. What is not
//! here: HTTP (that is `api`) and what happens to a call once it is created (`engine`).

mod account;
mod batches;
mod billing;
pub mod calls;
mod check;
mod components;
mod conversations;
mod create;
mod keys;
mod lines;
mod numbers;
mod once;
mod paging;
mod personas;
mod playbooks;
mod rates;
mod stream;
pub mod voices;
mod webhooks;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use domain::{E164, KeyId, OrgId};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::config::Config;
use crate::engine::LiveCalls;
use crate::events::Hub;
use crate::plugin::Plugins;
use crate::store::blobs::Blobs;
use crate::store::{Mode, Scope, Store, StoreError};
use crate::stripe::Stripe;
use crate::vault::Vault;

pub use account::{ChangeSettings, OutOfMinutes};
pub use batches::{Batch, CreateBatch, status_word as batch_status};
pub use billing::{Checkout, Portal};
pub use calls::ListCalls;
pub use components::ComponentFile;
pub use conversations::{ListConversations, Recalled};
pub use create::{CreateCall, Created, RetryPolicyRequest};
pub use keys::{CreatedKey, NewKey, Registered};
pub use lines::{CreateLine, ListLines};
pub use numbers::{IMPORT_ROWS_MAX, Imported, ListNumbers, Listed as ListedNumbers};
pub use once::{Begun, Saved};
pub use paging::Paged;
pub use personas::{ChangePersona, CreatePersona, ListPersonas};
pub(crate) use playbooks::read_layer;
pub use playbooks::{
    ChangePlaybook, CreatePlaybook, ListPlaybooks, Rollback, Shown as ShownPlaybook, Source,
};
pub(crate) use rates::seconds;
pub use rates::{Admitted, Quota};
pub use webhooks::{ChangeWebhook, CreateWebhook, EVENT_TYPES};

/// Everything the API needs, shared by all requests.
pub struct Server {
    pub store: Arc<dyn Store>,
    pub blobs: Blobs,
    pub vault: Arc<Vault>,
    pub hub: Hub,
    pub live: Arc<LiveCalls>,
    pub config: Arc<Config>,
    pub plugins: Arc<Plugins>,
    /// Held while a component is compiled for its owner: one at a time leaves room for calls.
    pub compiling: Semaphore,
    /// Where subscriptions are sold, if anywhere.
    pub stripe: Option<Stripe>,
    pub sandbox_numbers: Vec<SandboxNumber>,
    /// The engine runs and takes calls.
    pub ready: AtomicBool,
}

/// A number that test keys can call, and what happens there.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SandboxNumber {
    #[schema(value_type = String, example = "+12025550100")]
    pub number: E164,
    #[schema(example = "steel_supplier")]
    pub scenario: String,
    pub description: String,
    pub expected_outcome: String,
    /// A request that suits the scenario, to try it with.
    pub objective: String,
    pub context: Option<String>,
    pub previous_call_context: Option<String>,
    /// Null is English.
    #[schema(example = "de")]
    pub language: Option<String>,
    pub behavior_rules: Vec<String>,
}

/// Who asks. Made only by [`Server::authenticate`].
#[derive(Clone, Debug)]
pub struct Caller {
    pub org: OrgId,
    pub key: KeyId,
    pub mode: Mode,
    /// `Some` in a key that sees one pod only.
    pub pod: Option<String>,
    /// Of the organization.
    pub plan: String,
    /// Changes nothing.
    pub read_only: bool,
}

impl Caller {
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { org: self.org, mode: self.mode, pod: self.pod.clone() }
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// `behavior_rules[2]`; empty where the whole body is meant.
    pub field: String,
    pub message: String,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("{0}")]
    Unauthorized(&'static str),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("{0}")]
    NotFound(&'static str),
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    #[error("{0}")]
    Conflict(String),
    /// The same request is being answered.
    #[error("{0}")]
    InFlight(&'static str),
    /// The request is well-formed, but this number must not be called.
    #[error("{detail}")]
    Blocked { code: &'static str, field: &'static str, detail: String },
    #[error("{0}")]
    TooLarge(String),
    #[error("{detail}")]
    RateLimited { retry_after: Duration, detail: String },
    #[error("no minutes are left this month")]
    OutOfMinutes(Box<OutOfMinutes>),
    #[error("{}", .0.message)]
    OverPlan(Box<OverPlan>),
    #[error("{detail}")]
    Unavailable { code: &'static str, detail: String },
    /// A service that this one needs did not do its part.
    #[error("{detail}")]
    Upstream { code: &'static str, detail: String },
    /// The file is there, a link to it is not.
    #[error("no link could be made")]
    LinkFailed(anyhow::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// What the plan of an organization does not include.
#[derive(Debug)]
pub struct OverPlan {
    pub code: &'static str,
    pub message: String,
    pub plan: String,
    pub upgrade_url: String,
    /// What there is and what there may be, by name.
    pub details: serde_json::Map<String, serde_json::Value>,
    pub suggestions: Vec<String>,
}

impl ActionError {
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        ActionError::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }
}

impl From<StoreError> for ActionError {
    fn from(error: StoreError) -> Self {
        ActionError::Internal(error.into())
    }
}
