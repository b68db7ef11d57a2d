"""Requests and answers as values, the same for both clients: what is sent, and how an answer is read."""

from __future__ import annotations

import json
import platform
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import TypeAdapter
from pydantic import ValidationError as ShapeError

from . import exceptions
from ._retry import Repeatable
from ._version import VERSION
from .models import Model, ResponseInfo

T = TypeVar("T")
Reader = Callable[[httpx.Response], T]

DEFAULT_BASE_URL = "https://api.agenticcalling.ai/v1"
ERROR_TEXT_MAX = 500
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
USER_AGENT = f"agenticcalling-python/{VERSION} ({platform.python_implementation()} {platform.python_version()})"


@dataclass(frozen=True)
class Settings:
    """How a client behaves."""

    base_url: str
    """Ends in `/v1`, without a slash."""
    api_key: str | None = field(repr=False)
    timeout: httpx.Timeout
    max_retries: int
    max_retry_wait: float
    """Seconds. A server that asks for a longer pause gets none: the error is raised instead."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """The server without a path."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def changed(self, **changes: Any) -> Settings:
        """A copy with other values."""
        return replace(self, **changes)


def base_url_of(url: str) -> str:
    """With or without `/v1` and slashes at its end, the address of the API."""
    trimmed = url.strip().rstrip("/")
    parts = urlsplit(trimmed)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        message = (
            f"base_url must be an http or https address such as {DEFAULT_BASE_URL}, not {url!r}"
        )
        raise ValueError(message)
    return trimmed if trimmed.endswith("/v1") else f"{trimmed}/v1"


@dataclass(frozen=True)
class Request(Generic[T]):
    """One request of the API, and how its answer is read."""

    method: str
    path: str
    read: Reader[T]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    content: bytes | None = None
    content_type: str | None = None
    needs_key: bool = True
    idempotency_key: str | None = None

    @property
    def repeatable(self) -> Repeatable:
        """What may be done when it fails."""
        by_nature = self.method in ("GET", "DELETE")
        return Repeatable(by_nature or self.idempotency_key is not None)

    @property
    def is_done_when_gone(self) -> bool:
        """Whether there is nothing more to do where there is no such thing any more."""
        return self.method == "DELETE" and self.read is nothing


def segment(text: str, what: str) -> str:
    """One part of a path."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{what} must be a text that is not empty, not {text!r}")
    return quote(text, safe="")


def get(path: str, read: Reader[T], **query: Any) -> Request[T]:
    """A request that reads."""
    return Request("GET", path, read, query=given(query))


def delete(path: str, read: Reader[T], **query: Any) -> Request[T]:
    """A request that removes."""
    return Request("DELETE", path, read, query=given(query))


def post(
    path: str,
    read: Reader[T],
    body: Mapping[str, Any] | None = None,
    *,
    idempotency_key: str | None = None,
) -> Request[T]:
    """A request that makes something. It has a key of its own, so that it is safe to send again."""
    key = idempotency_key or str(uuid.uuid4())
    return Request("POST", path, read, body=given(body or {}), idempotency_key=key)


def patch(path: str, read: Reader[T], body: Mapping[str, Any]) -> Request[T]:
    """A request that changes what it names, and leaves the rest."""
    return Request("PATCH", path, read, body=given(body))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left out, and in types that JSON has."""
    return {name: plain(value) for name, value in values.items() if value is not None}


def plain(value: Any) -> Any:
    """In types that JSON has."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(
                "a datetime needs a time zone: datetime.now(timezone.utc), for example"
            )
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return value


def build(request: Request[Any], settings: Settings, attempt: int) -> httpx.Request:
    """The request as it goes onto the wire."""
    headers = {"accept": "application/json", "user-agent": USER_AGENT, **settings.headers}
    if request.needs_key:
        headers["authorization"] = f"Bearer {key_of(settings)}"
    if request.idempotency_key is not None:
        headers["idempotency-key"] = request.idempotency_key
    if attempt:
        headers["x-retry-count"] = str(attempt)
    content = request.content
    if request.body is not None:
        content = json.dumps(request.body, ensure_ascii=False, allow_nan=False).encode()
        headers["content-type"] = "application/json"
    elif request.content_type is not None:
        headers["content-type"] = request.content_type
    query = {name: _query_text(value) for name, value in request.query.items()}
    return httpx.Request(
        request.method,
        settings.base_url + request.path,
        params=query or None,
        headers=headers,
        content=content,
        extensions={"timeout": settings.timeout.as_dict()},
    )


def key_of(settings: Settings) -> str:
    """The key, or the error that says how to give one."""
    if settings.api_key:
        return settings.api_key
    message = "no API key: pass `api_key`, or set the variable AC_API_KEY"
    raise exceptions.AuthenticationError(message, status_code=401)


def error_of(response: httpx.Response) -> exceptions.APIStatusError:
    """What went wrong, by an answer that is no success."""
    try:
        body: Any = response.json()
    except ValueError:
        body = response.text[:ERROR_TEXT_MAX]
    return exceptions.from_answer(response.status_code, body, response.headers)


# How answers are read.


def one(kind: type[T]) -> Reader[T]:
    """A document."""
    adapter: TypeAdapter[T] = _adapter(kind)

    def read(response: httpx.Response) -> T:
        value = _validated(adapter, response)
        if isinstance(value, Model):
            value._response_info = info_of(response)
        return value

    return read


def many(kind: type[T]) -> Reader[list[T]]:
    """A list of documents."""
    adapter: TypeAdapter[list[T]] = _adapter(list[kind])  # type: ignore[valid-type]

    def read(response: httpx.Response) -> list[T]:
        return _validated(adapter, response)

    return read


def nothing(response: httpx.Response) -> None:
    """An answer without a body."""


def info_of(response: httpx.Response) -> ResponseInfo:
    """What the headers tell."""
    return ResponseInfo(response.status_code, response.headers)


def _validated(adapter: TypeAdapter[T], response: httpx.Response) -> T:
    try:
        return adapter.validate_json(response.content)
    except ShapeError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        message = (
            f"the answer of {response.request.method} {response.request.url.path} is not what this API"
            f" gives ({where}: {first['msg']}): is the base address right?"
        )
        failed = exceptions.APIResponseError(message)
        failed.status_code = response.status_code
        failed.headers = response.headers
        failed.request_id = response.headers.get("x-request-id")
        failed.body = response.text[:ERROR_TEXT_MAX]
        raise failed from error


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made once for each kind: that takes longer than reading an answer."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
