"""What the server answers with, and the shapes that requests take.

Fields that this version does not know are kept: they are attributes too, and `model_extra` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from typing_extensions import Required

from ._enums import (
    AnsweredBy,
    BatchStatus,
    CallStatus,
    DeliveryState,
    Enforcement,
    Mode,
    OnScreening,
    OnUnreached,
    OnVoicemail,
    Pipeline,
    PlaybookSource,
    RecordingDisclosure,
    RequestKind,
    Speaker,
    UsageWarning,
)


class ResponseInfo:
    """What the headers of an answer tell beside its body."""

    def __init__(self, status_code: int, headers: Mapping[str, str]) -> None:
        self.status_code = status_code
        """HTTP status: 200 where 201 would be usual says that it existed already."""
        self.headers = headers
        """All of them; names are found in any case."""

    @property
    def request_id(self) -> str | None:
        """The server's id of the request."""
        return self.headers.get("x-request-id")

    @property
    def replayed(self) -> bool:
        """Whether this is the answer to an earlier request with the same key or `client_id`."""
        return self.headers.get("idempotent-replayed") == "true"

    @property
    def usage_warning(self) -> UsageWarning | None:
        """Set when the month's minutes run low."""
        value = self.headers.get("x-ac-usage-warning")
        return UsageWarning(value) if value else None


class Model(BaseModel):
    """A document of the API."""

    # Built when first used: a program that only places calls starts sooner.
    model_config = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)
    _response_info: ResponseInfo | None = PrivateAttr(default=None)

    @property
    def response_info(self) -> ResponseInfo | None:
        """Of the answer that this was, if it was one by itself."""
        return self._response_info

    # The same document is the same, whichever answer it came with.
    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Model):
            return NotImplemented
        return self.__dict__ == other.__dict__ and self.model_extra == other.model_extra

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """As JSON, unknown fields included."""
        return self.model_dump(mode="json")


class RetryPolicyParams(TypedDict, total=False):
    """How a call that did not succeed is tried again; what is left out has its default."""

    max_attempts: int
    """1 to 10, by default 3."""
    backoff: Sequence[int]
    """Minutes before the second, third… attempt, by default 15 and 120."""
    business_hours_only: bool
    timezone: str
    """Such as `America/New_York`."""
    on_no_answer: OnUnreached | str
    on_busy: OnUnreached | str
    on_voicemail: OnVoicemail | str
    expires_at: datetime | str
    """After that there is no further attempt. With a time zone."""


class TargetParams(TypedDict, total=False):
    """One call of a batch."""

    to: Required[str]
    """Destination in E.164 format."""
    objective: str
    """In place of the batch's."""
    context: str
    client_id: str


class RetryPolicy(Model):
    """How a call that did not succeed is tried again."""

    max_attempts: int
    backoff: list[int]
    """Minutes before the second, third… attempt."""
    business_hours_only: bool
    timezone: str
    on_no_answer: OnUnreached
    on_busy: OnUnreached
    on_voicemail: OnVoicemail
    expires_at: datetime | None = None


class TranscriptTurn(Model):
    """What one side said until the other spoke."""

    speaker: Speaker
    text: str
    started_ms: int | None = None
    """Milliseconds since the call was answered."""
    ended_ms: int | None = None
    """Milliseconds since the call was answered."""
    interrupted: bool = False
    """The other side began to speak before it was over."""


class CostBreakdown(Model):
    """US dollars, at most four decimals."""

    telephony: float
    servers: float
    llm: float


class CallRequest(Model):
    """What the other side asked for, with the words that showed it."""

    kind: RequestKind
    words: str
    at: datetime | None = None
    """When to call back, if that was understood."""
    address: str | None = None
    """Where to go on, if an address or a number was said."""


class TouchedClause(Model):
    """A clause that a rule kept from being spoken."""

    text: str
    reason: str
    verdict: str
    at_ms: int
    """Milliseconds since the call was answered."""


class RuleCheck(Model):
    """How a behaviour rule was understood and kept."""

    rule: str
    reading: str
    """Such as `price ceiling: 60 USD per unit`."""
    enforcement: Enforcement
    clauses_checked: int = 0
    clauses_withheld: int = 0
    clauses: list[TouchedClause] = Field(default_factory=list)


class UngroundedValue(Model):
    """A drafted value that nobody said, left out of the data."""

    field: str
    reason: str
    value: Any = None


class WithheldClause(Model):
    """A clause that the agent wanted to say and was not allowed to."""

    text: str
    reason: str
    at_ms: int
    """Milliseconds since the call was answered."""
    rule: str | None = None


class Call(Model):
    """One telephone call, with what came of it."""

    id: str
    call_id: str = ""
    """The id with its prefix `call_`; both forms are taken everywhere."""
    organization_id: str = ""
    status: CallStatus
    to_number: str
    """E.164 format."""
    objective: str
    attempt_number: int = 0
    max_attempts: int = 0
    language: str = ""
    max_duration_minutes: int = 0
    created_at: datetime
    updated_at: datetime
    answered_by: AnsweredBy | None = None
    reason: str | None = None
    """Why the last attempt, or the call, did not succeed."""
    success: bool | None = None
    summary: str | None = None
    structured_data: dict[str, Any] | None = None
    transcript: list[TranscriptTurn] | None = None
    """`None` before somebody answered, and in lists unless they ask for it."""
    duration_seconds: int | None = None
    cost: float | None = None
    """US dollars."""
    cost_breakdown: CostBreakdown | None = None
    recording_url: str | None = None
    """A path of the server: `calls.recording` fetches it."""
    transcript_url: str | None = None
    """A path of the server: `calls.transcript` fetches it."""
    context: str | None = None
    previous_call_context: str | None = None
    behavior_rules: list[str] = Field(default_factory=list)
    rule_checks: list[RuleCheck] = Field(default_factory=list)
    withheld: list[WithheldClause] = Field(default_factory=list)
    ungrounded: list[UngroundedValue] = Field(default_factory=list)
    requests: list[CallRequest] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    """What the playbook noticed: corrected values, rules that were not kept."""
    playbook_id: str | None = None
    persona_id: str | None = None
    voice: str | None = None
    pipeline: Pipeline | None = None
    on_voicemail: OnVoicemail | None = None
    on_screening: OnScreening | None = None
    retry_policy: RetryPolicy | None = None
    schedule_at: datetime | None = None
    """As asked for."""
    scheduled_for: datetime | None = None
    """When a waiting call will be dialled."""
    paused: bool = False
    """A retry that waits until minutes are left again."""
    consent: str | None = None
    """On what the right to call rests."""
    recording_disclosed: bool = False
    """The other side was told that the call is recorded."""
    from_line_id: str | None = None
    from_number: str | None = None
    """What the other side sees."""
    conversation_id: str | None = None
    batch_id: str | None = None
    client_id: str | None = None
    pod_id: str | None = None
    webhook_url: str | None = None
    mode: Mode | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more happens to the call."""
        return self.status.is_terminal


class Attempt(Model):
    """One dial of a call."""

    id: str
    number: int
    """From 1."""
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: AnsweredBy | None = None
    reason: str | None = None


class Transcript(Model):
    """The transcript file of a call."""

    call_id: str
    turns: list[TranscriptTurn]


class Batch(Model):
    """Calls that were made together."""

    batch_id: str
    total: int
    calls: list[Call]
    """In the order of the targets."""
    statuses: dict[str, int] = Field(default_factory=dict)
    """How many calls are in which status."""
    status: BatchStatus | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None
    pod_id: str | None = None


class Line(Model):
    """A number to call from."""

    id: str
    line_id: str = ""
    phone_number: str
    country: str
    """ISO 3166-1, two letters."""
    created_at: datetime
    mode: Mode | None = None
    pod_id: str | None = None
    """`None`: all tenants call from it."""


class Persona(Model):
    """A caller identity."""

    id: str
    persona_id: str
    name: str
    caller_name: str | None = None
    company: str | None = None
    role: str | None = None
    voice: str | None = None
    language: str | None = None
    tone: str | None = None
    default_rules: list[str] = Field(default_factory=list)
    client_id: str | None = None
    pod_id: str | None = None
    mode: Mode | None = None
    created_at: datetime
    updated_at: datetime


class PlaybookComponent(Model):
    """The file that a playbook is."""

    id: str
    version: str
    digest: str
    """SHA-256, in hexadecimal."""


class Playbook(Model):
    """How calls are held."""

    id: str
    playbook_id: str
    """What a call names."""
    name: str
    base: str | None = None
    strategy: str | None = None
    behavior_rules: list[str] = Field(default_factory=list)
    extraction_schema: dict[str, Any] | None = None
    voice_tone: str | None = None
    success_criteria: str | None = None
    summary: str = ""
    """What its component is for."""
    languages: list[str] = Field(default_factory=list)
    source: PlaybookSource | None = None
    version: int = 1
    """Counts the changes, from 1."""
    component: PlaybookComponent | None = None
    client_id: str | None = None
    pod_id: str | None = None
    mode: Mode | None = None
    created_at: datetime | None = None
    """`None` for what comes with the server."""
    updated_at: datetime | None = None


class PlaybookVersion(Model):
    """One state of a playbook."""

    version: int
    name: str
    base: str | None = None
    strategy: str | None = None
    behavior_rules: list[str] = Field(default_factory=list)
    extraction_schema: dict[str, Any] | None = None
    voice_tone: str | None = None
    success_criteria: str | None = None
    component: PlaybookComponent | None = None
    created_at: datetime


class WebhookEndpoint(Model):
    """Where events are sent."""

    id: str
    webhook_id: str
    url: str
    event_types: list[str] = Field(default_factory=list)
    """Empty: all events."""
    secret: str | None = Field(default=None, repr=False)
    """Shown when it is made or rotated, and not again."""
    previous_secret_expires_at: datetime | None = None
    """Until then the secret before the last rotation signs as well."""
    is_active: bool = True
    disabled_reason: str | None = None
    failing_since: datetime | None = None
    """Nothing was delivered since then."""
    client_id: str | None = None
    pod_id: str | None = None
    mode: Mode | None = None
    created_at: datetime


class DeliveryAttempt(Model):
    """One sending of an event to an endpoint."""

    number: int
    at: datetime
    took_ms: int
    """Milliseconds until the answer."""
    status: int | None = None
    """HTTP status, if there was an answer."""
    error: str | None = None


class Delivery(Model):
    """One event on its way to one endpoint."""

    delivery_id: str
    event_id: str
    event_type: str
    state: DeliveryState
    attempts: list[DeliveryAttempt] = Field(default_factory=list)
    next_attempt_at: datetime | None = None
    created_at: datetime


class SentEvent(Model):
    """An event that is on its way."""

    event_id: str


class RecoveredEvents(Model):
    """How many events are sent once more."""

    events: int


class PipelineRate(Model):
    """US dollars a minute."""

    platform_per_min: float
    llm_per_min: float
    total_per_min: float


class Spend(Model):
    """Since the organization began, in US dollars."""

    total_spend_usd: float
    total_calls_billed: int
    total_seconds_billed: int
    rates_per_pipeline: dict[str, PipelineRate] = Field(default_factory=dict)
    sms_rate_per_message_usd: float | None = None


class LineRent(Model):
    """Numbers to call from, and what those beyond the plan's cost in US dollars."""

    count: int
    included: int
    additional_line_per_month_usd: float
    monthly_usd: float


class Usage(Model):
    """This month's use against the plan, and the bill of all months."""

    organization_id: str
    plan: str
    minutes_used_this_month: float
    minutes_limit: float | None = None
    """`None`: no limit."""
    minutes_remaining: float | None = None
    """`None`: no limit."""
    sms_sent_this_month: int = 0
    sms_limit: int | None = None
    sms_remaining: int | None = None
    billing_reset_at: datetime
    """When the month's minutes come back."""
    concurrent_calls_limit: int
    cost: Spend
    lines: LineRent | None = None


class Registration(Model):
    """A new organization and its first key."""

    org_id: str
    api_key: str = Field(repr=False)
    """Shown once."""
    message: str = ""


class ApiKey(Model):
    """An API key, without its secret."""

    id: str
    name: str | None = None
    key_prefix: str
    """`ac_live_` or `ac_test_`."""
    last_four: str = ""
    is_active: bool
    read_only: bool = False
    mode: Mode | None = None
    pod_id: str | None = None
    """The one tenant the key is limited to."""
    created_at: datetime
    last_used_at: datetime | None = None


class CreatedApiKey(Model):
    """A new API key."""

    id: str
    api_key: str = Field(repr=False)
    """Shown once."""
    name: str | None = None
    message: str = ""
    read_only: bool = False
    mode: Mode | None = None
    pod_id: str | None = None


class AccountSettings(Model):
    """What an organization decided for all of its calls."""

    openai_api_key_set: bool = False
    """Calls use your own OpenAI account. The key itself is never shown."""
    gemini_api_key_set: bool = False
    """Calls use your own Gemini account."""
    record_calls: bool = True
    recording_disclosure: RecordingDisclosure = RecordingDisclosure.AUTO
    require_consent: bool = False


class SettingsUpdate(Model):
    """Whether settings were changed."""

    updated: bool


class BillingPage(Model):
    """Where to send the person."""

    url: str


class Conversation(Model):
    """The calls between one line and one number."""

    id: str
    conversation_id: str
    number: str
    """The other side, in E.164 format."""
    line_id: str | None = None
    call_count: int = 0
    last_call_at: datetime
    created_at: datetime
    mode: Mode | None = None
    pod_id: str | None = None


class CallBrief(Model):
    """A call of a conversation, in short."""

    call_id: str
    objective: str
    status: CallStatus
    summary: str | None = None
    created_at: datetime


class ConversationDetail(Conversation):
    """A conversation, with what a new call may be told of it."""

    calls: list[CallBrief] = Field(default_factory=list)
    """The newest twenty, the newest first."""
    previous_call_context: str | None = None
    """What came of the calls that are over, ready to be sent with a new one."""


class ListedNumber(Model):
    """A number that is never dialled."""

    number: str
    source: str
    """`request` (asked for on a call), `api` or `import`."""
    note: str | None = None
    call_id: str | None = None
    """The call on which it was asked for."""
    pod_id: str | None = None
    created_at: datetime


class NumbersAdded(Model):
    """What was put on the do-not-call list."""

    added: int
    already_listed: int


class RejectedRow(Model):
    """A row of an import that holds no number."""

    line: int
    """From 1, the header included."""
    message: str


class NumbersImported(NumbersAdded):
    """What was taken of an import and what was not."""

    rejected: int = 0
    rejected_rows: list[RejectedRow] = Field(default_factory=list)
    """The first of them."""


class Voice(Model):
    """A voice that a call can use."""

    id: str
    description: str
    gender: str
    language: str


class SandboxNumber(Model):
    """A number that test keys can call, and what happens there."""

    number: str
    scenario: str
    description: str
    expected_outcome: str
    objective: str
    """A request that suits the scenario, to try it with."""
    context: str | None = None
    previous_call_context: str | None = None
    language: str | None = None
    """None is English."""
    behavior_rules: list[str] = Field(default_factory=list)


class StreamTicket(Model):
    """A way in for clients that must not hold a key, such as a browser."""

    ticket: str = Field(repr=False)
    """For the parameter `token` of `/v1/ws`; works once."""
    expires_at: datetime
