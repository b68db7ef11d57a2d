"""What can go wrong.

Everything derives from `AgenticCallingError`. An answer of the server is an `APIStatusError`, of the class of
its status; no answer at all is an `APIConnectionError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ._retry import retry_after as asked_wait

__all__ = [
    "APIConnectionError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "AgenticCallingError",
    "AuthenticationError",
    "ConflictError",
    "FieldError",
    "InsufficientBalanceError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ServerError",
    "ValidationError",
    "WaitTimeoutError",
    "WebhookVerificationError",
]


class FieldError(NamedTuple):
    """One thing that is wrong with a request."""

    field: str
    """Such as `behavior_rules[2]`; empty where the whole body is meant."""
    message: str
    """What is wrong with it."""


class AgenticCallingError(Exception):
    """Base of everything that this library raises on purpose.

    Attributes:
        message: What went wrong and what to do about it.
        status_code: HTTP status, if the server answered.
        code: Stable word for programs, such as `not_found`.
        request_id: The server's id of the request; its log knows it.
        errors: Each mistake of a request that is not valid.
        details: What the server adds in numbers, such as limits of the plan.
        suggestions: What the server suggests to do.
        body: The server's answer as it came: decoded JSON, or text.
        headers: The answer's headers.
    """

    status_code: int | None = None
    code: str | None = None
    request_id: str | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.errors: list[FieldError] = []
        self.details: dict[str, Any] = {}
        self.suggestions: list[str] = []
        self.body: Any = None
        self.headers: Mapping[str, str] = {}


class APIConnectionError(AgenticCallingError):
    """The server could not be reached, or the connection broke before it answered.

    Whether the server did what was asked is not known, unless `sent` is false.
    """

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent
        """False: the request never left this machine."""


class APITimeoutError(APIConnectionError):
    """The server did not answer in time."""


class APIResponseError(AgenticCallingError):
    """The answer is not one of this API: some other server, or a proxy, gave it."""


class APIStatusError(AgenticCallingError):
    """The server answered that it did not do what was asked."""

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.body = body
        self.headers = headers or {}
        self.request_id = self.headers.get("x-request-id")
        if not isinstance(body, dict):
            return
        wrapped = body.get("error")
        inner: dict[str, Any] = wrapped if isinstance(wrapped, dict) else body
        self.code = _text(inner.get("code"))
        self.request_id = self.request_id or _text(body.get("request_id"))
        details = inner.get("details")
        self.details = details if isinstance(details, dict) else {}
        suggestions = inner.get("suggestions")
        if isinstance(suggestions, list):
            self.suggestions = [str(suggestion) for suggestion in suggestions]
        errors = body.get("errors")
        for error in errors if isinstance(errors, list) else []:
            if isinstance(error, dict):
                field, why = error.get("field", ""), error.get("message", "")
                self.errors.append(FieldError(str(field), str(why)))

    def __str__(self) -> str:
        said = f"{self.status_code}: {self.message}"
        return f"{said} (request {self.request_id})" if self.request_id else said

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (
            type(self),
            self.message,
            self.status_code or 0,
            self.body,
            dict(self.headers),
        )


class AuthenticationError(APIStatusError):
    """401: the API key is missing or not valid."""


class InsufficientBalanceError(APIStatusError):
    """402: the plan does not cover it.

    `code` says what is used up: `insufficient_balance` for the month's minutes, others for the number of lines
    or of playbooks, where the minutes are `None`.
    """

    @property
    def plan(self) -> str | None:
        """Name of the organization's plan."""
        return _text(self.details.get("plan"))

    @property
    def minutes_used(self) -> float | None:
        """Minutes used this month."""
        return _number(self.details.get("minutes_used"))

    @property
    def minutes_limit(self) -> float | None:
        """Minutes that the plan has in a month."""
        return _number(self.details.get("minutes_limit"))

    @property
    def resets_at(self) -> datetime | None:
        """When the month's minutes come back."""
        return _moment(self.details.get("resets_at"))

    @property
    def upgrade_url(self) -> str | None:
        """Where a person upgrades the plan."""
        return _text(self.details.get("upgrade_url"))


class PermissionDeniedError(APIStatusError):
    """403: the key may not do that; it only reads, or is limited to a pod."""


class NotFoundError(APIStatusError):
    """404: there is no such thing, or not yet."""


class ConflictError(APIStatusError):
    """409: not possible in the present state, such as cancelling a call that was answered."""


class ValidationError(APIStatusError):
    """422: the request is not valid; `errors` names each mistake."""


class RateLimitError(APIStatusError):
    """429: too many requests."""

    @property
    def retry_after(self) -> float | None:
        """Seconds after which it may be tried again."""
        return asked_wait(self.headers)


class ServerError(APIStatusError):
    """5xx: the server failed, or a service that it needs is not configured (`code` tells)."""


class WaitTimeoutError(AgenticCallingError, TimeoutError):
    """What was waited for did not end in time. It goes on: wait again, or read it later."""

    def __init__(self, message: str, last: Any = None) -> None:
        super().__init__(message)
        self.last = last
        """The call or batch as it was last seen."""


class WebhookVerificationError(AgenticCallingError):
    """What came is not an event that the server signed: answer with 400, and do nothing."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    401: AuthenticationError,
    402: InsufficientBalanceError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: RateLimitError,
}


def from_answer(status_code: int, body: Any, headers: Mapping[str, str]) -> APIStatusError:
    """The exception of an answer that is no success."""
    fallback = ServerError if status_code >= 500 else APIStatusError
    kind = _BY_STATUS.get(status_code, fallback)
    message = _said(body) or f"the server answered with status {status_code}"
    return kind(message, status_code=status_code, body=body, headers=headers)


def _said(body: Any) -> str | None:
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, dict):
        return _text(error.get("message"))
    return _text(body.get("detail"))


def _again(
    kind: type[APIStatusError], message: str, status: int, body: Any, headers: dict[str, str]
) -> APIStatusError:
    return kind(message, status_code=status, body=body, headers=headers)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None


def _moment(value: Any) -> datetime | None:
    try:
        # Before Python 3.11 the letter Z is not understood.
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
