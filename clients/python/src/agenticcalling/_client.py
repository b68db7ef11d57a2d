"""The two clients: one that blocks, one for asyncio. Both have the same resources."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Generic, TypedDict

import httpx
from typing_extensions import Self, Unpack

from ._drive import AsyncDriver, SyncDriver
from ._request import DEFAULT_BASE_URL, Settings, base_url_of
from .resources import (
    Account,
    ApiKeys,
    Calls,
    Conversations,
    DoNotCall,
    Events,
    Lines,
    Personas,
    Playbooks,
    Sandbox,
    UsageResource,
    Voices,
    Webhooks,
)
from .resources._base import D

TIMEOUT_SECONDS = 30.0
CONNECT_TIMEOUT_SECONDS = 10.0
MAX_RETRIES = 2
MAX_RETRY_WAIT_SECONDS = 30.0


class ClientOptions(TypedDict, total=False):
    """What `with_options` can change."""

    api_key: str | None
    timeout: float | httpx.Timeout
    max_retries: int
    max_retry_wait: float
    headers: Mapping[str, str]
    """Sent beside those there are; of two with one name, this one."""


class _Resources(Generic[D]):
    """What can be done with a client."""

    _driver: D

    @cached_property
    def calls(self) -> Calls[D]:
        """Calls and batches: place, wait, cancel, results."""
        return Calls(self._driver)

    @cached_property
    def playbooks(self) -> Playbooks[D]:
        """How calls are held."""
        return Playbooks(self._driver)

    @cached_property
    def personas(self) -> Personas[D]:
        """Caller identities."""
        return Personas(self._driver)

    @cached_property
    def lines(self) -> Lines[D]:
        """Numbers to call from."""
        return Lines(self._driver)

    @cached_property
    def webhooks(self) -> Webhooks[D]:
        """Endpoints that events are sent to."""
        return Webhooks(self._driver)

    @cached_property
    def events(self) -> Events[D]:
        """The live stream."""
        return Events(self._driver)

    @cached_property
    def usage(self) -> UsageResource[D]:
        """This month's use of the plan."""
        return UsageResource(self._driver)

    @cached_property
    def conversations(self) -> Conversations[D]:
        """Calls with the same number from the same line."""
        return Conversations(self._driver)

    @cached_property
    def do_not_call(self) -> DoNotCall[D]:
        """Numbers that are never dialled."""
        return DoNotCall(self._driver)

    @cached_property
    def api_keys(self) -> ApiKeys[D]:
        """API keys."""
        return ApiKeys(self._driver)

    @cached_property
    def account(self) -> Account[D]:
        """The organization: registration, settings, billing."""
        return Account(self._driver)

    @cached_property
    def voices(self) -> Voices[D]:
        """Voices that a call can use."""
        return Voices(self._driver)

    @cached_property
    def sandbox(self) -> Sandbox[D]:
        """Numbers that test keys can call."""
        return Sandbox(self._driver)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._driver.settings.base_url!r})"


class AgenticCalling(_Resources[SyncDriver]):
    """A client that blocks until the server has answered. It may be used by several threads at once.

    Args:
        api_key: `ac_live_…` or `ac_test_…`; by default the variable AC_API_KEY.
        base_url: Address of the server, with or without `/v1`; by default the variable AC_BASE_URL.
        timeout: Seconds that each step of a request may take, or an `httpx.Timeout`.
        max_retries: How often a request is sent again that failed. Only what is safe to repeat is.
        max_retry_wait: Seconds: where the server asks for a longer pause, the error is raised instead.
        headers: Sent with every request.
        http_client: In place of one of its own: for proxies, certificates, or tests. It is not closed with this
            client.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout = TIMEOUT_SECONDS,
        max_retries: int = MAX_RETRIES,
        max_retry_wait: float = MAX_RETRY_WAIT_SECONDS,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        settings = _settings(api_key, base_url, timeout, max_retries, max_retry_wait, headers)
        self._owns_http = http_client is None
        self._driver = SyncDriver(settings, http_client or httpx.Client())

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """A client with other `api_key`, `timeout`, `max_retries`, `max_retry_wait` or `headers`.

        It shares this one's connections: close only the first.
        """
        other = type(self).__new__(type(self))
        other._owns_http = False
        other._driver = SyncDriver(_changed(self._driver.settings, changes), self._driver.http)
        return other

    def close(self) -> None:
        """Closes the connections."""
        if self._owns_http:
            self._driver.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AsyncAgenticCalling(_Resources[AsyncDriver]):
    """A client for asyncio; its parameters are those of `AgenticCalling`."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout = TIMEOUT_SECONDS,
        max_retries: int = MAX_RETRIES,
        max_retry_wait: float = MAX_RETRY_WAIT_SECONDS,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        settings = _settings(api_key, base_url, timeout, max_retries, max_retry_wait, headers)
        self._owns_http = http_client is None
        self._driver = AsyncDriver(settings, http_client or httpx.AsyncClient())

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """A client with other options that shares this one's connections; see `AgenticCalling`."""
        other = type(self).__new__(type(self))
        other._owns_http = False
        other._driver = AsyncDriver(_changed(self._driver.settings, changes), self._driver.http)
        return other

    async def close(self) -> None:
        """Closes the connections."""
        if self._owns_http:
            await self._driver.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


def _settings(
    api_key: str | None,
    base_url: str | None,
    timeout: float | httpx.Timeout,
    max_retries: int,
    max_retry_wait: float,
    headers: Mapping[str, str] | None,
) -> Settings:
    key = os.environ.get("AC_API_KEY") if api_key is None else api_key
    url = base_url or os.environ.get("AC_BASE_URL") or DEFAULT_BASE_URL
    return Settings(
        base_url=base_url_of(url),
        api_key=_key(key),
        timeout=_timeout(timeout),
        max_retries=_count(max_retries),
        max_retry_wait=max_retry_wait,
        headers=_lowered(headers or {}),
    )


def _changed(settings: Settings, changes: ClientOptions) -> Settings:
    readers: dict[str, Any] = {
        "api_key": _key,
        "timeout": _timeout,
        "max_retries": _count,
        "max_retry_wait": float,
        "headers": lambda headers: {**settings.headers, **_lowered(headers)},
    }
    unknown = sorted(changes.keys() - readers.keys())
    if unknown:
        raise TypeError(f"there is no option {unknown[0]!r}: there are {', '.join(readers)}")
    return settings.changed(**{name: readers[name](value) for name, value in changes.items()})


def _key(key: str | None) -> str | None:
    key = None if key is None else key.strip()
    if key and not (key.isascii() and key.isprintable()):
        # It would not survive a header, and the error would show it.
        raise ValueError("api_key has characters that no key has: is it whole?")
    return key or None


def _timeout(timeout: float | httpx.Timeout) -> httpx.Timeout:
    if isinstance(timeout, httpx.Timeout):
        return timeout
    return httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT_SECONDS))


def _count(number: int) -> int:
    if number < 0:
        raise ValueError(f"max_retries must not be negative, as {number} is")
    return number


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
