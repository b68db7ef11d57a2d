"""When a request is sent again, and after how long. Decisions only: nothing here sends or sleeps."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

BACKOFF_FIRST_SECONDS = 0.5
BACKOFF_MAX_SECONDS = 8.0
# The request was not done and will not be, until somebody changes the server's configuration.
_HOPELESS_SUFFIXES = ("_not_configured",)


@dataclass(frozen=True)
class Repeatable:
    """What may be done about a request that failed."""

    idempotent: bool
    """Doing it twice is the same as doing it once, or the server sees to that."""


def backoff(attempt: int) -> float:
    """Seconds before the attempt after this one (from 0), spread so that clients do not come in step."""
    longest: float = min(BACKOFF_MAX_SECONDS, BACKOFF_FIRST_SECONDS * 2**attempt)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, keeps no secret)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait: `Retry-After` as a number or as a date."""
    value = headers.get("retry-after") or headers.get("Retry-After")
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def worth_repeating(status: int, code: str | None, repeatable: Repeatable) -> bool:
    """Whether an answer like this may be another one the next time.

    429 and 408 say that the request was not done. So does a 409 for a request whose first sending is still
    being answered. Any other 409 is a fact. After a 5xx it is not known, so it must be safe.
    """
    if status in (408, 429):
        return True
    if status == 409:
        return code == "request_in_flight"
    if status < 500 or status == 501:
        return False
    if code is not None and code.endswith(_HOPELESS_SUFFIXES):
        return False
    return repeatable.idempotent
