"""Values that grow: words and fields that this version does not know."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from agenticcalling import (
    TERMINAL_STATUSES,
    BalanceEvent,
    BatchEvent,
    Call,
    CallEvent,
    CallStatus,
    Event,
    EventType,
    SmsEvent,
    TranscriptEvent,
    parse_event,
)
from agenticcalling.models import Line

CALL = {
    "id": "01H",
    "status": "queued",
    "to_number": "+12025550100",
    "objective": "Ask",
    "created_at": "2026-03-26T10:00:00Z",
    "updated_at": "2026-03-26T10:00:00Z",
}


def test_unknown_words_are_kept() -> None:
    call = Call.model_validate({**CALL, "status": "on_hold", "answered_by": "robot"})
    assert call.status == "on_hold"
    assert isinstance(call.status, CallStatus)
    assert not call.status.known
    assert not call.is_terminal
    assert f"{call.status} {call.status:>8} {call.answered_by}" == "on_hold  on_hold robot"
    assert call.status in {"on_hold"}
    assert call.status != CallStatus.QUEUED
    for copied in (copy.deepcopy(call), pickle.loads(pickle.dumps(call))):  # noqa: S301
        assert copied.status == call.status
    assert call.to_dict()["status"] == "on_hold"
    assert CallStatus("queued") is CallStatus.QUEUED
    assert CallStatus.QUEUED.known
    assert CallStatus("on_hold") == CallStatus("on_hold")
    assert json.dumps({"status": CallStatus.QUEUED}) == '{"status": "queued"}'
    with pytest.raises(ValueError, match="3"):
        CallStatus(3)


def test_four_statuses_are_final() -> None:
    assert {str(status) for status in TERMINAL_STATUSES} == {
        "completed",
        "exhausted",
        "failed",
        "cancelled",
    }
    assert len(CallStatus) == 14
    assert "completed" in TERMINAL_STATUSES


def test_unknown_fields_are_kept() -> None:
    call = Call.model_validate({**CALL, "mood": {"tone": "warm"}, "transcript": None})
    assert call.mood == {"tone": "warm"}  # type: ignore[attr-defined]
    assert call.model_extra == {"mood": {"tone": "warm"}}
    assert call.to_dict()["mood"] == {"tone": "warm"}
    assert call.to_dict()["created_at"] == "2026-03-26T10:00:00Z"
    assert call.response_info is None


def test_an_older_server_may_leave_out_what_came_later() -> None:
    documented = {
        "id": "line_abc123",
        "phone_number": "+14155550142",
        "country": "US",
        "created_at": "2026-03-26T12:00:00Z",
    }
    assert Line.model_validate(documented).phone_number == "+14155550142"
    assert Call.model_validate(CALL).behavior_rules == []


EVENTS: list[tuple[dict[str, object], type[Event]]] = [
    (
        {
            "event_type": "call.connected",
            "event_id": "evt_1",
            "call": {"call_id": "c", "status": "connected"},
        },
        CallEvent,
    ),
    (
        {"event_type": "transcript.partial", "call_id": "call_1", "speaker": "agent", "text": "Hi"},
        TranscriptEvent,
    ),
    (
        {
            "event_type": "batch.completed",
            "event_id": "evt_1",
            "batch": {"batch_id": "b", "status": "completed", "total": 2},
        },
        BatchEvent,
    ),
    (
        {
            "event_type": "balance.warning",
            "event_id": "evt_1",
            "balance": {
                "level": "approaching_limit",
                "threshold_percent": 80,
                "minutes_used": 4.0,
                "minutes_limit": 5.0,
                "minutes_remaining": 1.0,
            },
        },
        BalanceEvent,
    ),
    ({"event_type": "sms.received", "event_id": "evt_1", "sms": {"text": "STOP"}}, SmsEvent),
    ({"event_type": "webhook.test", "event_id": "evt_1", "webhook": {"webhook_id": "wh_1"}}, Event),
    ({"event_type": "weather.changed", "event_id": "evt_1", "weather": "rain"}, Event),
    # Of a later version: the shape has changed, nothing is lost.
    ({"event_type": "call.connected", "event_id": "evt_1", "call": "call_1"}, Event),
]


@pytest.mark.parametrize(("payload", "kind"), EVENTS)
def test_events_have_their_classes(payload: dict[str, object], kind: type[Event]) -> None:
    event = parse_event(json.dumps(payload))
    assert type(event) is kind
    assert event.event_type == payload["event_type"]
    for name in payload:
        assert hasattr(event, name)
    assert parse_event(payload) == event
    assert event.event_type.known == (event.event_type != "weather.changed")
    assert isinstance(event.event_type, EventType)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"event_type": 3}', "null"])
def test_what_is_no_event(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (JSON's own errors among them)
        parse_event(text)
