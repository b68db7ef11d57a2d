"""What the clients do, step by step, without doing any of it.

A flow is a generator that yields effects (send this, sleep so long, connect there) and is resumed with what came
of them. `_drive` performs effects, once blocking and once with asyncio. So every rule about retries, waiting and
reconnecting is here once.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic, TypeVar
from urllib.parse import urlencode, urljoin

import httpx

from . import exceptions
from ._request import (
    ERROR_TEXT_MAX,
    USER_AGENT,
    Request,
    Settings,
    build,
    error_of,
    key_of,
)
from ._retry import Repeatable, backoff, retry_after, worth_repeating
from .events import BatchEvent, CallEvent, Event, parse_event

T = TypeVar("T")

RECONNECTS_MAX = 10
"""Failures in a row after which a live stream gives up."""
SEEN_EVENTS_MAX = 4096
"""Events that a stream remembers, to tell none of them twice."""
POLL_FIRST_SECONDS = 0.5
POLL_MAX_SECONDS = 5.0
POLL_BESIDE_STREAM_SECONDS = 15.0
"""The stream tells at once; asking as well costs little and survives whatever the stream does not."""


@dataclass
class Send:
    """Send a request; gives the answer, read whole or into a file."""

    request: httpx.Request
    into: BinaryIO | None = None


@dataclass
class Sleep:
    """Let time pass."""

    seconds: float


@dataclass
class Connect:
    """Open a WebSocket; gives a handle."""

    url: str
    headers: dict[str, str] = field(repr=False)
    timeout: float


@dataclass
class Receive:
    """Wait for a message; gives its text, or `None` when the time is over."""

    handle: Any
    timeout: float | None


@dataclass
class Close:
    """Close a WebSocket."""

    handle: Any


class Lost(Exception):
    """A WebSocket ended or never began."""


class Refused(Exception):
    """The server answered a WebSocket's handshake with something else."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.response = httpx.Response(status, headers=list(headers), content=body)


Effect = Send | Sleep | Connect | Receive | Close
Flow = Generator[Effect, Any, T]


def exchange(settings: Settings, request: Request[T]) -> Flow[T]:
    """Sends a request until it is answered, as often as is safe and sensible."""

    def sending(attempt: int) -> Send:
        return Send(build(request, settings, attempt))

    def is_wanted(response: httpx.Response, may_be_done: bool) -> bool:
        is_gone = response.status_code == 404 and request.is_done_when_gone
        return response.is_success or (is_gone and may_be_done)

    response = yield from _answered(settings, sending, request.repeatable, is_wanted)
    return request.read(response)


def link(settings: Settings, request: Request[str]) -> Flow[str]:
    """Where a file is, by an answer that redirects to it."""

    def sending(attempt: int) -> Send:
        return Send(build(request, settings, attempt))

    response = yield from _answered(settings, sending, request.repeatable, _is_redirect)
    return urljoin(f"{settings.origin}/", response.headers["location"])


def download(settings: Settings, request: Request[str], into: BinaryIO | None) -> Flow[bytes]:
    """Follows a redirect to a file. The key is not sent there: the link is signed."""
    url = yield from link(settings, request)
    extensions = {"timeout": settings.timeout.as_dict()}
    headers = {"user-agent": USER_AGENT}

    def sending(attempt: int) -> Send:
        if into is not None:
            into.seek(0)
            into.truncate()
        return Send(httpx.Request("GET", url, headers=headers, extensions=extensions), into)

    response = yield from _answered(settings, sending, Repeatable(True), _is_success)
    return b"" if into is not None else response.content


def _is_success(response: httpx.Response, _: bool) -> bool:
    return response.is_success


def _is_redirect(response: httpx.Response, _: bool) -> bool:
    return response.is_redirect and "location" in response.headers


def _answered(
    settings: Settings,
    sending: Callable[[int], Send],
    repeatable: Repeatable,
    is_wanted: Callable[[httpx.Response, bool], bool],
) -> Flow[httpx.Response]:
    """The answer that is wanted, or the error that another one means.

    `is_wanted` is told whether a sending before, whose outcome is not known, may have been done.
    """
    may_be_done = False
    attempt = 0
    while True:
        send = sending(attempt)
        is_last = attempt >= settings.max_retries
        try:
            response: httpx.Response = yield send
        except httpx.RequestError as error:
            failure = _failure(error, send.request)
            if is_last or (failure.sent and not repeatable.idempotent):
                raise failure from error
            may_be_done = may_be_done or failure.sent
            yield Sleep(backoff(attempt))
        else:
            if is_wanted(response, may_be_done):
                return response
            wait = _wait(settings, repeatable, response, attempt)
            if is_last or wait is None:
                raise error_of(response)
            may_be_done = may_be_done or response.status_code >= 500
            yield Sleep(wait)
        attempt += 1


def _wait(
    settings: Settings, repeatable: Repeatable, response: httpx.Response, attempt: int
) -> float | None:
    """Seconds until it is sensible to ask again, if it is."""
    error = error_of(response)
    if not worth_repeating(response.status_code, error.code, repeatable):
        return None
    asked = retry_after(response.headers)
    if asked is None:
        return backoff(attempt)
    # Not all who were told the same come back at once.
    return None if asked > settings.max_retry_wait else asked + backoff(0) / 4


def _failure(error: httpx.RequestError, request: httpx.Request) -> exceptions.APIConnectionError:
    never_sent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    where = f"{request.url.scheme}://{request.url.netloc.decode()}"
    why = str(error) or type(error).__name__
    is_slow = isinstance(error, httpx.TimeoutException)
    kind = exceptions.APITimeoutError if is_slow else exceptions.APIConnectionError
    said = "the server did not answer in time" if is_slow else "no answer from the server"
    return kind(f"{said} at {where}: {why}", sent=not never_sent)


class Following:
    """The state of a live stream over all its connections."""

    def __init__(
        self,
        settings: Settings,
        *,
        call_id: str | None = None,
        batch_id: str | None = None,
        line_id: str | None = None,
        last_event_id: str | None = None,
    ) -> None:
        self._settings = settings
        self._filters = {"call_id": call_id, "batch_id": batch_id, "line_id": line_id}
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._failures = 0
        self.last_event_id = last_event_id
        self.handle: Any = None
        self.over = False

    def connect(self) -> Connect:
        """Where to connect, so that nothing is missed that is stored."""
        query = {**self._filters, "last_event_id": self.last_event_id}
        given = {name: value for name, value in query.items() if value is not None}
        # http becomes ws, and https wss.
        address = "ws" + self._settings.base_url[len("http") :] + "/ws"
        url = f"{address}?{urlencode(given)}" if given else address
        headers = {**self._settings.headers, "authorization": f"Bearer {key_of(self._settings)}"}
        return Connect(url, headers, self._settings.timeout.connect or 10.0)

    def take(self, text: str | bytes) -> Event | None:
        """The event of a message, unless it was told before."""
        self._failures = 0
        try:
            event = parse_event(text)
        except ValueError as error:
            shown = text[:ERROR_TEXT_MAX]
            message = f"the live stream told something that is no event: {shown!r}"
            raise exceptions.APIResponseError(message) from error
        if event.event_id is not None:
            if event.event_id in self._seen:
                return None
            self._seen[event.event_id] = None
            if len(self._seen) > SEEN_EVENTS_MAX:
                self._seen.popitem(last=False)
            self.last_event_id = event.event_id
        of_call = self._filters["call_id"] is not None
        of_batch = self._filters["batch_id"] is not None
        if of_call and isinstance(event, CallEvent) and event.ends_call:
            self.over = True
        if of_batch and isinstance(event, BatchEvent):
            self.over = True
        return event

    def lost(self, error: Exception) -> float:
        """Seconds until it is sensible to connect again.

        Raises:
            APIConnectionError: It is not.
        """
        self.handle = None
        self._failures += 1
        if self._failures > RECONNECTS_MAX:
            raise exceptions.APIConnectionError(f"the live stream is lost: {error}") from error
        return backoff(self._failures - 1)

    def refused(self, refusal: Refused) -> float:
        """Seconds until it is sensible to connect again; raises what the answer means if it is not."""
        response = refusal.response
        if response.status_code not in (408, 429) and response.status_code < 500:
            raise error_of(response) from refusal
        self.handle = None
        self._failures += 1
        wait = retry_after(response.headers)
        wait = backoff(self._failures - 1) if wait is None else wait
        if self._failures > self._settings.max_retries or wait > self._settings.max_retry_wait:
            raise error_of(response) from refusal
        return wait


def next_event(state: Following, timeout: float | None = None) -> Flow[Event | None]:
    """The next event of a stream, over as many connections as it takes.

    `None` when the stream is over, or nothing was told within so many seconds.
    """
    try:
        return (yield from _next_event(state, timeout))
    except exceptions.AgenticCallingError:
        # Nothing comes after that. Being cancelled is another matter: one may go on listening.
        yield from hang_up(state)
        raise


def _next_event(state: Following, timeout: float | None) -> Flow[Event | None]:
    until = None if timeout is None else time.monotonic() + timeout
    while not state.over:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            return None
        try:
            if state.handle is None:
                state.handle = yield state.connect()
            text = yield Receive(state.handle, left)
        except Lost as error:
            wait = state.lost(error)
        except Refused as error:
            wait = state.refused(error)
        else:
            event = None if text is None else state.take(text)
            if event is not None:
                return event
            continue
        yield Sleep(wait if left is None else min(wait, left))
    return None


def hang_up(state: Following) -> Flow[None]:
    """Ends a stream."""
    state.over = True
    if state.handle is not None:
        handle, state.handle = state.handle, None
        with suppress(Lost):
            yield Close(handle)


@dataclass
class Waiting(Generic[T]):
    """What is waited for."""

    request: Request[T]
    """Reads it."""
    stream: Following
    """Tells when to read it."""
    is_done: Callable[[T], bool]
    is_telling: Callable[[Event], bool]
    """Whether an event makes it worth a look."""
    timeout: float | None
    """Seconds."""


def wait_for(settings: Settings, waiting: Waiting[T]) -> Flow[T]:
    """Reads something when the stream tells that it is done, and now and then in case it does not.

    Raises:
        WaitTimeoutError: It is not done in time.
    """
    timeout, stream = waiting.timeout, waiting.stream
    deadline = None if timeout is None else time.monotonic() + timeout
    streaming = True
    pause = POLL_FIRST_SECONDS
    try:
        while True:
            value = yield from exchange(settings, waiting.request)
            if waiting.is_done(value):
                return value
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise exceptions.WaitTimeoutError(
                    f"{waiting.request.path} is not done after {timeout:g} seconds", value
                )
            if streaming:
                ask_in = _least(POLL_BESIDE_STREAM_SECONDS, left)
                streaming = yield from _told(stream, waiting.is_telling, ask_in)
            else:
                yield Sleep(_least(pause, left))
                pause = min(POLL_MAX_SECONDS, pause * 1.5)
    finally:
        yield from hang_up(stream)


def _told(stream: Following, is_telling: Callable[[Event], bool], seconds: float) -> Flow[bool]:
    """Until something is told that is worth a look, or the time is over. False: the stream is of no use."""
    ends = time.monotonic() + seconds
    try:
        while True:
            event = yield from next_event(stream, ends - time.monotonic())
            if event is None or is_telling(event):
                return not stream.over
    except exceptions.AgenticCallingError:
        # A proxy that lets no WebSocket through, for example: asking still works, or says what is wrong.
        return False


def _least(seconds: float, left: float | None) -> float:
    return seconds if left is None else min(seconds, left)
