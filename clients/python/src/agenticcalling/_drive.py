"""Performs the effects of flows: once blocking, once with asyncio. Nothing is decided here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import websockets.asyncio.client
import websockets.sync.client
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from ._flow import (
    Close,
    Connect,
    Effect,
    Flow,
    Following,
    Lost,
    Receive,
    Refused,
    Send,
    Sleep,
    hang_up,
    next_event,
)
from ._request import Settings
from .events import Event

T = TypeVar("T")

MESSAGE_BYTES_MAX = 16 * 1024 * 1024
PING_SECONDS = 20.0
CLOSE_SECONDS = 2.0


class SyncDriver:
    """Performs effects and waits for each."""

    def __init__(self, settings: Settings, http: httpx.Client) -> None:
        self.settings = settings
        self.http = http

    def run(self, flow: Flow[T]) -> T:
        """What comes of a flow.

        Whatever ends an effect early is told to the flow, an interruption as well: it may have something open
        to close.
        """
        try:
            effect = next(flow)
            while True:
                try:
                    outcome = self._perform(effect)
                except BaseException as error:
                    effect = flow.throw(error)
                else:
                    effect = flow.send(outcome)
        except StopIteration as done:
            result: T = done.value
            return result

    def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Send):
            return self._send(effect)
        if isinstance(effect, Sleep):
            return time.sleep(effect.seconds)
        try:
            if isinstance(effect, Connect):
                return _Socket(effect)
            if isinstance(effect, Close):
                return effect.handle.close()
            return effect.handle.receive(effect.timeout)
        except Exception as error:
            return _translated(effect, error)

    def _send(self, effect: Send) -> httpx.Response:
        response = self.http.send(effect.request, stream=True, follow_redirects=False)
        try:
            if effect.into is not None and response.is_success:
                for part in response.iter_bytes():
                    effect.into.write(part)
            else:
                response.read()
        finally:
            response.close()
        return response


class _Socket:
    """A blocking WebSocket. Whoever opened it in a `with` statement may not be the one who closes it."""

    def __init__(self, effect: Connect) -> None:
        self._manager = websockets.sync.client.connect(effect.url, **_connecting(effect))
        self._socket = self._manager.__enter__()

    def receive(self, timeout: float | None) -> str | bytes:
        message: str | bytes = self._socket.recv(timeout=timeout)
        return message

    def close(self) -> None:
        self._manager.__exit__(None, None, None)


class AsyncDriver:
    """Performs effects without blocking the event loop."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self.settings = settings
        self.http = http

    async def run(self, flow: Flow[T]) -> T:
        """What comes of a flow; see `SyncDriver.run`. Cancelling the task is told to it, too."""
        try:
            effect = next(flow)
            while True:
                try:
                    outcome = await self._perform(effect)
                except BaseException as error:
                    effect = flow.throw(error)
                else:
                    effect = flow.send(outcome)
        except StopIteration as done:
            result: T = done.value
            return result

    async def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Send):
            return await self._send(effect)
        if isinstance(effect, Sleep):
            return await asyncio.sleep(effect.seconds)
        try:
            if isinstance(effect, Connect):
                return await websockets.asyncio.client.connect(effect.url, **_connecting(effect))
            if isinstance(effect, Close):
                return await effect.handle.close()
            return await asyncio.wait_for(effect.handle.recv(), effect.timeout)
        except Exception as error:
            return _translated(effect, error)

    async def _send(self, effect: Send) -> httpx.Response:
        response = await self.http.send(effect.request, stream=True, follow_redirects=False)
        try:
            if effect.into is not None and response.is_success:
                async for part in response.aiter_bytes():
                    effect.into.write(part)
            else:
                await response.aread()
        finally:
            await response.aclose()
        return response


def _connecting(effect: Connect) -> Mapping[str, Any]:
    return {
        "additional_headers": effect.headers,
        "open_timeout": effect.timeout,
        "close_timeout": CLOSE_SECONDS,
        "ping_interval": PING_SECONDS,
        "ping_timeout": PING_SECONDS,
        "max_size": MESSAGE_BYTES_MAX,
        "user_agent_header": None,
    }


def _translated(effect: Effect, error: Exception) -> None:
    """The same words for both drivers. No message in time is no error."""
    is_slow = isinstance(error, (TimeoutError, asyncio.TimeoutError))
    if is_slow and isinstance(effect, Receive):
        return
    if isinstance(error, InvalidStatus):
        answer = error.response
        pairs = answer.headers.raw_items()
        raise Refused(answer.status_code, pairs, bytes(answer.body or b"")) from error
    if is_slow or isinstance(
        error, (ConnectionClosed, InvalidHandshake, InvalidURI, OSError, EOFError)
    ):
        raise Lost(str(error) or type(error).__name__) from error
    raise error


class EventStream:
    """Events as they happen, over as many connections as it takes.

    Iterate over it; use it in a `with` statement, or close it, so that its connection ends when you do. One that
    follows a call or a batch ends by itself when that does.
    """

    def __init__(self, driver: SyncDriver, following: Following) -> None:
        self._driver = driver
        self._following = following

    def __iter__(self) -> EventStream:
        return self

    def __next__(self) -> Event:
        event = self._driver.run(next_event(self._following))
        if event is None:
            self.close()
            raise StopIteration
        return event

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def last_event_id(self) -> str | None:
        """Where another stream would go on."""
        return self._following.last_event_id

    def close(self) -> None:
        """Ends the connection. It may be called again."""
        self._driver.run(hang_up(self._following))


class AsyncEventStream:
    """Events as they happen; see `EventStream`. Iterate with `async for`, inside `async with`."""

    def __init__(self, driver: AsyncDriver, following: Following) -> None:
        self._driver = driver
        self._following = following

    def __aiter__(self) -> AsyncEventStream:
        return self

    async def __anext__(self) -> Event:
        event = await self._driver.run(next_event(self._following))
        if event is None:
            await self.close()
            raise StopAsyncIteration
        return event

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    @property
    def last_event_id(self) -> str | None:
        """Where another stream would go on."""
        return self._following.last_event_id

    async def close(self) -> None:
        """Ends the connection. It may be called again."""
        await self._driver.run(hang_up(self._following))
