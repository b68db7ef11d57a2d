"""Sets of words that may grow: a value that this version does not know is kept, not refused."""

from __future__ import annotations

from enum import Enum

from typing_extensions import Self


class OpenEnum(str, Enum):
    """A string that is usually one of the named members.

    A value that a newer server sends becomes a member of its own: it compares equal to its text, prints as
    its text, and says with `known` that this version of the library has no name for it.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        """Whether this version of the library has a name for it."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, spec: str) -> str:
        return str.__format__(self, spec)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value_!r})"

    # Members of unknown values are made each time they are met: identity would not hold for them.
    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return str.__ne__(self, other) if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return str.__hash__(self)


class CallStatus(OpenEnum):
    """Where a call is in its life."""

    QUEUED = "queued"
    """Created, waiting to be placed."""
    SCHEDULED = "scheduled"
    """Set for a future time."""
    DIALING = "dialing"
    """The phone is ringing."""
    CONNECTED = "connected"
    """Somebody answered."""
    IN_PROGRESS = "in_progress"
    """The conversation is being held."""
    COMPLETED = "completed"
    """Over, with what was learnt. Terminal."""
    NEEDS_FOLLOW_UP = "needs_follow_up"
    """The other side asked to be called back."""
    VOICEMAIL = "voicemail"
    """A voicemail answered."""
    NO_ANSWER = "no_answer"
    """Nobody answered."""
    BUSY = "busy"
    """The line was occupied."""
    RETRY_SCHEDULED = "retry_scheduled"
    """Another attempt follows after a delay."""
    EXHAUSTED = "exhausted"
    """All attempts failed. Terminal."""
    FAILED = "failed"
    """An error that no attempt mends. Terminal."""
    CANCELLED = "cancelled"
    """Cancelled by you or by the server. Terminal."""

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more happens to the call."""
        return self in TERMINAL_STATUSES


TERMINAL_STATUSES = frozenset(
    {CallStatus.COMPLETED, CallStatus.EXHAUSTED, CallStatus.FAILED, CallStatus.CANCELLED}
)
"""After these nothing more happens to a call."""


class EventType(OpenEnum):
    """What an event tells."""

    CALL_QUEUED = "call.queued"
    CALL_ATTEMPTING = "call.attempting"
    CALL_CONNECTED = "call.connected"
    CALL_COMPLETED = "call.completed"
    CALL_ATTEMPT_FAILED = "call.attempt_failed"
    CALL_NEEDS_FOLLOW_UP = "call.needs_follow_up"
    CALL_EXHAUSTED = "call.exhausted"
    CALL_CALLBACK_RECEIVED = "call.callback_received"
    CALL_CHANNEL_SWITCHED = "call.channel_switched"
    CALL_DNC_REQUESTED = "call.dnc_requested"
    CALL_FAILED = "call.failed"
    CALL_CANCELLED = "call.cancelled"
    BATCH_COMPLETED = "batch.completed"
    TRANSCRIPT_PARTIAL = "transcript.partial"
    """Words as they are spoken. Live stream only."""
    TRANSCRIPT_FINAL = "transcript.final"
    """A turn as it was heard. Live stream only."""
    SMS_SENT = "sms.sent"
    SMS_RECEIVED = "sms.received"
    SMS_SCHEDULE_EXTRACTED = "sms.schedule_extracted"
    SMS_DNC_DETECTED = "sms.dnc_detected"
    BALANCE_WARNING = "balance.warning"
    WEBHOOK_TEST = "webhook.test"


class Speaker(OpenEnum):
    """Who said something."""

    AGENT = "agent"
    HUMAN = "human"


class Mode(OpenEnum):
    """Of which world something is: live and test data never mix."""

    LIVE = "live"
    TEST = "test"


class AnsweredBy(OpenEnum):
    """What answered a call."""

    HUMAN = "human"
    VOICEMAIL = "voicemail"
    SCREENER = "screener"
    UNKNOWN = "unknown"


class Pipeline(OpenEnum):
    """Which models hold a call."""

    GEMINI = "gemini"
    """Gemini Live."""
    PIPELINE = "pipeline"
    """Speech recognition, language model, speech synthesis."""
    REALTIME = "realtime"
    """OpenAI Realtime."""


class OnVoicemail(OpenEnum):
    """What to do when a voicemail answers."""

    LEAVE_MESSAGE = "leave_message"
    HANG_UP = "hang_up"
    RETRY = "retry"


class OnScreening(OpenEnum):
    """What to do when a call screener answers."""

    NAVIGATE = "navigate"
    HANG_UP = "hang_up"


class OnUnreached(OpenEnum):
    """What to do when nobody answers or the line is busy."""

    RETRY = "retry"
    FAIL = "fail"


class RequestKind(OpenEnum):
    """What the other side of a call asked for."""

    DO_NOT_CALL = "do_not_call"
    CALL_BACK = "call_back"
    WRONG_NUMBER = "wrong_number"
    SPEAK_TO_HUMAN = "speak_to_human"
    SMS = "sms"
    EMAIL = "email"


class Enforcement(OpenEnum):
    """How a behaviour rule is kept."""

    DETERMINISTIC = "deterministic"
    """Code checks every clause before it is spoken."""
    MODEL = "model"
    """A second model judges every clause before it is spoken."""
    PROMPT = "prompt"
    """The model that speaks is asked to keep it."""


class BatchStatus(OpenEnum):
    """Whether a batch goes on."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class PlaybookSource(OpenEnum):
    """Where a playbook comes from."""

    PLATFORM = "platform"
    CUSTOM = "custom"


class DeliveryState(OpenEnum):
    """How far the delivery of an event has come."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class RecordingDisclosure(OpenEnum):
    """When the other side is told that a call is recorded."""

    AUTO = "auto"
    """Where the law of the number's region asks for it, or may."""
    ALWAYS = "always"
    NEVER = "never"


class UsageWarning(OpenEnum):
    """The value of `X-AC-Usage-Warning`."""

    APPROACHING_LIMIT = "approaching_limit"
    """80 % of the month's minutes are used."""
    CRITICAL_LIMIT = "critical_limit"
    """95 % are used."""
