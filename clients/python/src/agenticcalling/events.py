"""What webhooks and the live stream tell, in one set of shapes."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field
from pydantic import ValidationError as ShapeError

from ._enums import AnsweredBy, BatchStatus, CallStatus, EventType, Speaker
from .models import CallRequest, Model

__all__ = [
    "BalanceEvent",
    "BalanceLevel",
    "BatchEvent",
    "CallEvent",
    "Event",
    "EventBatch",
    "EventCall",
    "SmsEvent",
    "TranscriptEvent",
    "parse_event",
]

# The last event of a call; one that changes nothing more may come before it.
CALL_ENDS = frozenset(
    {
        EventType.CALL_COMPLETED,
        EventType.CALL_EXHAUSTED,
        EventType.CALL_FAILED,
        EventType.CALL_CANCELLED,
    }
)


class Event(Model):
    """Something that happened. What this version has no class for is of this one, with all its fields."""

    event_type: EventType
    event_id: str | None = None
    """The same in the live stream and in webhooks; `None` for lines of the transcript."""


class EventCall(Model):
    """The call as it is after an event."""

    call_id: str
    status: CallStatus
    to_number: str | None = None
    batch_id: str | None = None
    client_id: str | None = None
    pod_id: str | None = None
    attempts: int = 0
    """So far."""
    max_attempts: int | None = None
    answered_by: AnsweredBy | None = None
    reason: str | None = None
    duration_seconds: int | None = None
    cost: float | None = None
    """US dollars."""
    structured_data: dict[str, Any] | None = None
    summary: str | None = None
    transcript_url: str | None = None
    recording_url: str | None = None
    requests: list[CallRequest] = Field(default_factory=list)


class CallEvent(Event):
    """A call went on to another status, or something was asked for on it."""

    call: EventCall

    @property
    def ends_call(self) -> bool:
        """Whether it is the call's last one."""
        return self.event_type in CALL_ENDS


class TranscriptEvent(Event):
    """What is being said (`transcript.partial`), or was (`transcript.final`). Live stream only."""

    call_id: str
    speaker: Speaker
    text: str


class EventBatch(Model):
    """A batch whose calls have all ended."""

    batch_id: str
    status: BatchStatus
    total: int
    statuses: dict[str, int] = Field(default_factory=dict)
    """How many calls ended in which status."""
    pod_id: str | None = None


class BatchEvent(Event):
    """All calls of a batch have ended."""

    batch: EventBatch


class BalanceLevel(Model):
    """How much of the month's minutes is used."""

    level: str
    threshold_percent: int
    minutes_used: float
    minutes_limit: float
    minutes_remaining: float


class BalanceEvent(Event):
    """80 % or 95 % of the month's minutes are used."""

    balance: BalanceLevel


class SmsEvent(Event):
    """Something about a text message."""

    sms: dict[str, Any]


_BY_MEMBER: dict[str, type[Event]] = {
    "call": CallEvent,
    "batch": BatchEvent,
    "balance": BalanceEvent,
    "sms": SmsEvent,
    "speaker": TranscriptEvent,
}


def parse_event(payload: bytes | str | dict[str, Any]) -> Event:
    """Reads an event.

    Raises:
        ValueError: It is not one: no JSON object with an `event_type`.
    """
    value = payload if isinstance(payload, dict) else json.loads(payload)
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise ValueError("an event is a JSON object with an `event_type`")
    for member, kind in _BY_MEMBER.items():
        if member in value:
            try:
                return kind.model_validate(value)
            except ShapeError:
                # A later version changed that shape: everything is kept, without its types.
                break
    return Event.model_validate(value)
