"""Signatures of webhooks. The expected values were made with `openssl dgst -hmac`, not with this library."""

from __future__ import annotations

import time
from typing import Any

import pytest

from agenticcalling import (
    CallEvent,
    CallStatus,
    Webhook,
    WebhookVerificationError,
    verify_signature,
)

BODY = (
    '{"event_type":"call.completed","event_id":"evt_01JQ8X5W3P0000000000000000","call":'
    '{"call_id":"call_01JQ8X5W3N0000000000000000","status":"completed","summary":"Grüße — 52 $"}}'
).encode()
ID = "evt_01JQ8X5W3P0000000000000000"
NOW = 1774519200
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105
OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

# Secret, hexadecimal signature of the body, base64 signature of id, time and body.
VECTORS = [
    (
        SECRET,
        "9bce1a741f916362aae10214825efb130653b400b44619a2e1c00f213654e915",
        "y/m8uBOVG2KUW7cXUOtd1OFTSz/mR6pl5SzgZGmXpew=",
    ),
    (
        OTHER,
        "60967f53f2922db12d3d773b265285dde0b627fea4399cf7417747aa8c4eb582",
        "5PbCvw9RD6l5gKCvIjCOpfzl7lkVilHZqtICRqbuQDI=",
    ),
    (
        "plain-secret",
        "b146bfe4d940e5d2d6e530bd11c8a8c5214211d515eb7da0eedb0dade0c7c534",
        "I1FJvEE/Nl9Z5glEHBrOJZ74lVaEYUorDD3UIxM+PlM=",
    ),
]
HEX, V1 = VECTORS[0][1:]
OTHER_HEX, OTHER_V1 = VECTORS[1][1:]


def headers(**changes: str | None) -> dict[str, str]:
    """Good ones, with some changed; None takes one out."""
    good: dict[str, str | None] = {
        "Webhook-Id": ID,
        "Webhook-Timestamp": str(NOW),
        "Webhook-Signature": f"v1,{V1}",
        "X-AC-Signature": HEX,
    }
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    for name in named:
        good = {known: value for known, value in good.items() if known.lower() != name.lower()}
    return {name: value for name, value in {**good, **named}.items() if value is not None}


@pytest.mark.parametrize(("secret", "of_body", "standard"), VECTORS)
def test_both_schemes_hold(secret: str, of_body: str, standard: str) -> None:
    hook = Webhook(secret)
    both = headers(webhook_signature=f"v1,{standard}", x_ac_signature=of_body)
    for given in (both, {"x-ac-signature": of_body}, list(both.items())):
        event = hook.unwrap(BODY, given, now=NOW)
        assert isinstance(event, CallEvent)
        assert event.call.status is CallStatus.COMPLETED
        assert event.call.summary == "Grüße — 52 $"
        assert event.ends_call
    assert hook.unwrap(BODY.decode(), both, now=NOW) == event
    assert verify_signature(both, BODY, secret)


GOOD: list[dict[str, str | None]] = [
    {},
    {"webhook_signature": f"v1,{OTHER_V1} v1,{V1}"},
    {"webhook_signature": f"v1a,{V1} v2,x v1,{V1}"},
    # Where the better headers are, they count, whatever the other says.
    {"x_ac_signature": None},
    {"x_ac_signature": "0"},
]


@pytest.mark.parametrize("changes", GOOD)
def test_what_is_taken(changes: dict[str, Any]) -> None:
    Webhook(SECRET).verify(BODY, headers(**changes), now=NOW)


BAD: list[tuple[dict[str, str | None], str]] = [
    ({"webhook_signature": f"v1,{OTHER_V1}"}, "does not match"),
    ({"webhook_signature": V1}, "does not match"),
    ({"webhook_signature": f"v1a,{V1}"}, "does not match"),
    ({"webhook_signature": f"v1,{V1[:-1]}"}, "does not match"),
    ({"webhook_signature": f"v1,{V1}é\udc80"}, "does not match"),
    ({"webhook_signature": ""}, "does not match"),
    ({"webhook_signature": " ".join([f"v1,{OTHER_V1}"] * 20 + [f"v1,{V1}"])}, "does not match"),
    ({"webhook_id": "evt_other"}, "does not match"),
    ({"webhook_id": None}, "missing"),
    ({"webhook_timestamp": None}, "missing"),
    ({"webhook_timestamp": str(NOW + 1)}, "does not match"),
    ({"webhook_timestamp": str(NOW - 301)}, "300 seconds away"),
    ({"webhook_timestamp": str(NOW + 301)}, "300 seconds away"),
    ({"webhook_timestamp": "soon"}, "no number"),
    ({"webhook_timestamp": f" {NOW}"}, "no number"),
    ({"webhook_timestamp": "1_774_519_200"}, "no number"),
    ({"webhook_timestamp": "٣"}, "no number"),
    ({"webhook_timestamp": "9" * 400}, "no number"),
    ({"webhook_signature": None, "x_ac_signature": OTHER_HEX}, "X-AC-Signature does not match"),
    ({"webhook_signature": None, "x_ac_signature": HEX.upper()}, "X-AC-Signature does not match"),
    ({"webhook_signature": None, "x_ac_signature": "é"}, "X-AC-Signature does not match"),
    ({"webhook_signature": None, "x_ac_signature": None}, "there is no signature"),
]


@pytest.mark.parametrize(("changes", "why"), BAD)
def test_what_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(WebhookVerificationError, match=why):
        Webhook(SECRET).unwrap(BODY, headers(**changes), now=NOW)


def test_a_changed_body_is_refused_by_either() -> None:
    for changes in ({}, {"webhook_signature": None}):
        for body in (BODY + b" ", BODY.replace(b"52", b"53"), b""):
            with pytest.raises(WebhookVerificationError, match="does not match"):
                Webhook(SECRET).verify(body, headers(**changes), now=NOW)
    assert not verify_signature(headers(), BODY + b" ", SECRET)
    assert not verify_signature({}, BODY, SECRET)


def test_a_rotation_takes_both_secrets() -> None:
    hook = Webhook([OTHER, SECRET])
    hook.verify(BODY, headers(), now=NOW)
    hook.verify(BODY, headers(webhook_signature=None, x_ac_signature=OTHER_HEX), now=NOW)


def test_the_tolerance_is_the_callers() -> None:
    Webhook(SECRET, tolerance=86_400).verify(BODY, headers(), now=NOW + 86_000)
    with pytest.raises(WebhookVerificationError, match="10 seconds away"):
        Webhook(SECRET, tolerance=10).verify(BODY, headers(), now=NOW + 11)
    with pytest.raises(WebhookVerificationError, match="away from the clock"):
        Webhook(SECRET).verify(BODY, headers())
    assert abs(time.time() - NOW) > 300


def test_the_weaker_scheme_can_be_refused() -> None:
    strict = Webhook(SECRET, require_timestamp=True)
    strict.verify(BODY, headers(), now=NOW)
    with pytest.raises(WebhookVerificationError, match="webhook-signature is missing"):
        strict.verify(BODY, {"X-AC-Signature": HEX}, now=NOW)


def test_signed_rubbish_is_no_event() -> None:
    empty = "da5f5865984e699a69cfec62ce49a76daf8ae4601b54a781fa13f3b2d3b2088a"
    with pytest.raises(WebhookVerificationError, match="no event"):
        Webhook(SECRET).unwrap(b"", {"x-ac-signature": empty})


def test_secrets_are_needed_and_not_shown() -> None:
    for bad in ("", [], [SECRET, ""]):
        with pytest.raises(ValueError, match="secret"):
            Webhook(bad)
    assert SECRET not in repr(Webhook(SECRET))
