"""Place AI phone calls: the client of an agenticcalling server.

from agenticcalling import AgenticCalling

client = AgenticCalling(api_key="ac_live_...")
call = client.calls.create(to="+14155551234", objective="Ask what time they close today")
print(client.calls.wait(call.call_id).summary)
"""

from ._client import AgenticCalling, AsyncAgenticCalling
from ._drive import AsyncEventStream, EventStream
from ._enums import (
    TERMINAL_STATUSES,
    AnsweredBy,
    BatchStatus,
    CallStatus,
    DeliveryState,
    Enforcement,
    EventType,
    Mode,
    OnScreening,
    OnUnreached,
    OnVoicemail,
    OpenEnum,
    Pipeline,
    PlaybookSource,
    RecordingDisclosure,
    RequestKind,
    Speaker,
    UsageWarning,
)
from ._pages import AsyncPage, AsyncPager, Page
from ._version import VERSION as __version__
from .events import (
    BalanceEvent,
    BatchEvent,
    CallEvent,
    Event,
    SmsEvent,
    TranscriptEvent,
    parse_event,
)
from .exceptions import (
    AgenticCallingError,
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ConflictError,
    InsufficientBalanceError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    ValidationError,
    WaitTimeoutError,
    WebhookVerificationError,
)
from .models import Batch, Call, Line, Persona, Playbook, RetryPolicyParams, TargetParams, Usage
from .webhooks import Webhook, verify_signature

__all__ = [
    "TERMINAL_STATUSES",
    "APIConnectionError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "AgenticCalling",
    "AgenticCallingError",
    "AnsweredBy",
    "AsyncAgenticCalling",
    "AsyncEventStream",
    "AsyncPage",
    "AsyncPager",
    "AuthenticationError",
    "BalanceEvent",
    "Batch",
    "BatchEvent",
    "BatchStatus",
    "Call",
    "CallEvent",
    "CallStatus",
    "ConflictError",
    "DeliveryState",
    "Enforcement",
    "Event",
    "EventStream",
    "EventType",
    "InsufficientBalanceError",
    "Line",
    "Mode",
    "NotFoundError",
    "OnScreening",
    "OnUnreached",
    "OnVoicemail",
    "OpenEnum",
    "Page",
    "PermissionDeniedError",
    "Persona",
    "Pipeline",
    "Playbook",
    "PlaybookSource",
    "RateLimitError",
    "RecordingDisclosure",
    "RequestKind",
    "RetryPolicyParams",
    "ServerError",
    "SmsEvent",
    "Speaker",
    "TargetParams",
    "TranscriptEvent",
    "Usage",
    "UsageWarning",
    "ValidationError",
    "WaitTimeoutError",
    "Webhook",
    "WebhookVerificationError",
    "__version__",
    "parse_event",
    "verify_signature",
]
