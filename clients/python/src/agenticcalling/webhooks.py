"""Whether a webhook is the server's own, by either of its two signatures.

`X-AC-Signature` is the hexadecimal HMAC-SHA256 of the body. The three headers of Standard Webhooks sign an id
and a time as well, so an old delivery cannot be played again: where they are, they count.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping, Sequence

from .events import Event, parse_event
from .exceptions import WebhookVerificationError

__all__ = ["TOLERANCE_SECONDS", "Webhook", "WebhookVerificationError", "verify_signature"]

TOLERANCE_SECONDS = 300
"""A delivery may be so much older or newer than the clock here."""
SIGNATURES_MAX = 20
_SECRET_PREFIX = "whsec_"  # noqa: S105 (how secrets begin)

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class Webhook:
    """Checks and reads what comes to an endpoint.

    Args:
        secret: `whsec_…`, as `webhooks.create` gave it. Several are taken while a rotation is under way.
        tolerance: Seconds that a delivery may be older or newer than the clock here.
        require_timestamp: Refuse what has only `X-AC-Signature`. Without it somebody who recorded a delivery
            can leave the other headers out and play it again; tell such events by their `event_id`.

    Example:
        >>> event = Webhook(secret).unwrap(request.body, request.headers)
    """

    def __init__(
        self,
        secret: str | Sequence[str],
        *,
        tolerance: float = TOLERANCE_SECONDS,
        require_timestamp: bool = False,
    ) -> None:
        secrets = [secret] if isinstance(secret, str) else list(secret)
        if not secrets or not all(secrets):
            raise ValueError("a webhook needs its secret: whsec_…, shown when it was made")
        self._secrets = secrets
        self._tolerance = tolerance
        self._require_timestamp = require_timestamp

    def __repr__(self) -> str:
        return f"Webhook(<{len(self._secrets)} secret(s)>)"

    def unwrap(self, body: bytes | str, headers: Headers, *, now: float | None = None) -> Event:
        """The event, once its signature is verified.

        Args:
            body: As it came, byte for byte: JSON that was parsed and written again has another signature.
            headers: Of the delivery, in any case of letters.
            now: Seconds since the epoch, in place of the clock.

        Raises:
            WebhookVerificationError: It is not an event that the server signed.
        """
        self.verify(body, headers, now=now)
        try:
            return parse_event(body)
        except ValueError as error:
            raise WebhookVerificationError(f"the body is no event: {error}") from error

    def verify(self, body: bytes | str, headers: Headers, *, now: float | None = None) -> None:
        """Raises `WebhookVerificationError` unless the server signed it; see `unwrap`."""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        known = _lowered(headers)
        if "webhook-signature" in known:
            return self._verify_standard(raw, known, time.time() if now is None else now)
        if self._require_timestamp:
            raise WebhookVerificationError("webhook-signature is missing")
        signature = known.get("x-ac-signature")
        if signature is None:
            raise WebhookVerificationError(
                "there is no signature: neither webhook-signature nor X-AC-Signature"
            )
        if not any(_of_body(secret, raw, signature) for secret in self._secrets):
            raise WebhookVerificationError("X-AC-Signature does not match: body or secret differ")

    def _verify_standard(self, body: bytes, headers: Mapping[str, str], now: float) -> None:
        delivery, stamp = headers.get("webhook-id"), headers.get("webhook-timestamp")
        if not delivery or not stamp:
            raise WebhookVerificationError("webhook-id or webhook-timestamp is missing")
        # Digits alone: int() takes signs, spaces and underlines as well.
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 15):
            raise WebhookVerificationError("webhook-timestamp is no number of seconds")
        if abs(now - int(stamp)) > self._tolerance:
            raise WebhookVerificationError(
                f"the delivery is more than {self._tolerance:g} seconds away from the clock here"
            )
        signed = b".".join([delivery.encode("utf-8", "replace"), stamp.encode(), body])
        offered = headers["webhook-signature"].split()[:SIGNATURES_MAX]
        wanted = [signature[3:] for signature in offered if signature.startswith("v1,")]
        matches = False
        for secret in self._secrets:
            digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
            expected = base64.b64encode(digest)
            for signature in wanted:
                # Not cut short: every pair takes the same time.
                matches |= hmac.compare_digest(signature.encode("utf-8", "replace"), expected)
        if not matches:
            raise WebhookVerificationError(
                "webhook-signature does not match: body, id, time or secret differ"
            )


def verify_signature(headers: Headers, body: bytes, secret: str) -> bool:
    """Whether `X-AC-Signature` is that of the body: the function that the documentation prints.

    It says nothing about when the delivery was made. `Webhook` does.
    """
    return _of_body(secret, body, _lowered(headers).get("x-ac-signature", ""))


def _of_body(secret: str, body: bytes, signature: str) -> bool:
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _key(secret: str) -> bytes:
    encoded = secret[len(_SECRET_PREFIX) :] if secret.startswith(_SECRET_PREFIX) else secret
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()


def _lowered(headers: Headers) -> dict[str, str]:
    pairs = dict(headers)
    return {name.lower(): value for name, value in pairs.items()}
