"""The bridge between one MCP client and one server.

Every request of the client is answered: by the server, or with an error that says what became of it. What is safe
to send again after a lost connection is sent again; a call that may have been placed is not.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from .._request import USER_AGENT
from .._retry import retry_after
from .sse import Reader, ServerSent, TooLarge

Message = dict[str, Any]

ATTEMPTS_MAX = 5
"""Sendings of one message, and reconnections for one answer."""
BACKOFF_FIRST_SECONDS = 0.25
BACKOFF_MAX_SECONDS = 10.0
RETRY_AFTER_SECONDS_MAX = 60.0
IN_FLIGHT_MAX = 64
CONNECT_SECONDS = 10.0
WRITE_SECONDS = 30.0
SILENCE_SECONDS = 300.0
"""A stream on which nothing comes for so long, not even a comment, is taken for lost."""
GOODBYE_SECONDS = 3.0
BODY_BYTES_MAX = 32 * 1024 * 1024
ERROR_TEXT_MAX = 500

RENEWAL_ID = "agenticcalling-mcp-renewal"
"""Of requests that the bridge makes itself: their answers are not the client's."""

# JSON-RPC 2.0, and the range it leaves to servers.
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INVALID_PARAMS = -32602
METHOD_NOT_FOUND = -32601
CONNECTION_LOST = -32000
REFUSED = -32001

_VERSION_IN_META = "io.modelcontextprotocol/protocolVersion"
# What the request is about, repeated in a header for proxies, from the revision 2026-07-28 on.
_NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_HEADER_SAFE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


@dataclass
class Options:
    """What the bridge is told when it starts."""

    url: str
    key: str = field(repr=False)
    tools: frozenset[str] | None = None
    """Only these tools are shown and called."""


class Unsent(Exception):
    """The message never reached the server."""


class Broken(Exception):
    """The connection ended after the message was sent, and before its answer came."""


class Busy(Exception):
    """The server did not take the message and asks to come back."""

    def __init__(self, said: str, seconds: float | None) -> None:
        super().__init__(said)
        self.seconds = seconds


class SessionGone(Exception):
    """The server knows the session no more; it did not take the message."""


class Failed(Exception):
    """The server's answer is an error."""

    def __init__(self, said: str, code: int = REFUSED) -> None:
        super().__init__(said)
        self.code = code


def say(text: str) -> None:
    """Tells a person: standard output belongs to the protocol."""
    print(f"agenticcalling-mcp: {text}", file=sys.stderr, flush=True)


@dataclass
class Running:
    """A request whose answer is being waited for."""

    task: asyncio.Task[None]
    message: Message


class Bridge:
    """Carries messages both ways."""

    def __init__(
        self,
        options: Options,
        write: Callable[[Message], Awaitable[None]],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options
        self._write = write
        timeout = httpx.Timeout(CONNECT_SECONDS, read=SILENCE_SECONDS, write=WRITE_SECONDS)
        limits = httpx.Limits(max_connections=IN_FLIGHT_MAX + 2)
        self._http = httpx.AsyncClient(timeout=timeout, limits=limits, transport=transport)
        self._session: str | None = None
        self._version: str | None = None
        self._hello: Message | None = None
        self._renewing = asyncio.Lock()
        self._room = asyncio.Semaphore(IN_FLIGHT_MAX)
        self._running: dict[str, Running] = {}
        self._cancelled: set[str] = set()
        self._listening: asyncio.Task[None] | None = None
        self._repeatable_tools: set[str] = set()

    # From the client.

    async def take(self, line: bytes) -> None:
        """One line of standard input."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            return await self._write(_error(None, PARSE_ERROR, f"this line is no JSON: {error}"))
        if isinstance(message, list):
            said = "several messages in one line are not supported: send one in each"
            return await self._write(_error(None, INVALID_REQUEST, said))
        if not isinstance(message, dict):
            said = "a message is a JSON object"
            return await self._write(_error(None, INVALID_REQUEST, said))
        if "method" not in message or message.get("id") is None:
            return await self._notify(message)
        refusal = self._refusal(message)
        if refusal is not None:
            return await self._write(refusal)
        if message["method"] == "initialize":
            # Whatever follows needs its outcome.
            self._hello = message
            return await self._answer(message)
        await self._room.acquire()
        key = _key(message["id"])
        task = asyncio.create_task(self._answer(message))
        self._running[key] = Running(task, message)
        task.add_done_callback(lambda done: self._ended(key, done))

    async def close(self, drain_seconds: float) -> None:
        """Lets what is running come to its end, for so long; then ends the session."""
        tasks = [running.task for running in self._running.values()]
        if tasks and drain_seconds > 0:
            await asyncio.wait(tasks, timeout=drain_seconds)
        if self._listening is not None:
            tasks.append(self._listening)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            with suppress(httpx.HTTPError):
                headers = self._headers({})
                await self._http.delete(self._options.url, headers=headers, timeout=GOODBYE_SECONDS)
        await self._http.aclose()

    def _ended(self, key: str, task: asyncio.Task[None]) -> None:
        self._room.release()
        running = self._running.get(key)
        if running is not None and running.task is task:
            del self._running[key]
        self._cancelled.discard(key)
        if not task.cancelled() and (error := task.exception()) is not None:
            say(f"internal error: {error!r}")

    def _refusal(self, message: Message) -> Message | None:
        """For tools that the client is not to have."""
        allowed = self._options.tools
        if allowed is None or message["method"] != "tools/call":
            return None
        name = _name(message)
        if name in allowed:
            return None
        said = f"unknown tool: {name} (--tools leaves only {', '.join(sorted(allowed))})"
        return _error(message["id"], INVALID_PARAMS, said)

    async def _notify(self, message: Message) -> None:
        """Sends what is not answered. Failing to is told to the person: the client expects nothing."""
        method = message.get("method")
        if method == "notifications/cancelled":
            params = message.get("params")
            given = params.get("requestId") if isinstance(params, dict) else None
            running = self._running.get(_key(given))
            if running is not None and _stated_version(running.message) is not None:
                # Without sessions a request is cancelled by going away.
                running.task.cancel()
                return
            if running is not None:
                self._cancelled.add(_key(given))
        try:
            await self._delivered(message)
        except (Unsent, Broken, Busy, SessionGone, Failed) as error:
            say(f"{method or 'an answer'} was not delivered: {error}")
        if method == "notifications/initialized":
            self._listen()

    # To the server, and its answers.

    async def _answer(self, message: Message) -> None:
        """Gets a request answered, by the server or with what became of it."""
        try:
            await self._delivered(message)
        except (Unsent, Broken, Busy, SessionGone, Failed) as error:
            if _key(message["id"]) in self._cancelled:
                return
            code = error.code if isinstance(error, Failed) else CONNECTION_LOST
            await self._write(_error(message["id"], code, str(error)))

    async def _delivered(self, message: Message) -> None:
        """Sends a message until it is taken and answered, as often as is safe."""
        renewed = False
        for attempt in range(1, ATTEMPTS_MAX + 1):
            session = self._session
            is_last = attempt == ATTEMPTS_MAX
            try:
                return await self._exchange(message)
            except Unsent:
                if is_last:
                    raise
                wait = _backoff(attempt)
            except Busy as busy:
                wait = _backoff(attempt) if busy.seconds is None else busy.seconds
                if is_last or wait > RETRY_AFTER_SECONDS_MAX:
                    raise
            except Broken as broken:
                if "method" in message and not self._is_repeatable(message):
                    raise Broken(
                        f"{broken}: it is not known whether the server did this. Look before you ask again"
                        " (list_calls shows what was placed)."
                    ) from broken
                if is_last or self._is_cancelled(message):
                    raise
                wait = _backoff(attempt)
            except SessionGone:
                if renewed:
                    raise
                renewed = True
                await self._renew(session)
                continue
            await asyncio.sleep(wait)

    async def _exchange(self, message: Message) -> None:
        """One sending, and its answer if there is to be one."""
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        headers = self._headers(message)
        headers["content-type"] = "application/json"
        request = self._http.build_request("POST", self._options.url, content=body, headers=headers)
        try:
            response = await self._http.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unsent(
                f"the server at {self._where()} cannot be reached: {_why(error)}"
            ) from error
        except httpx.TransportError as error:
            raise Broken(f"the connection to {self._where()} was lost: {_why(error)}") from error
        try:
            await self._read(message, response)
        finally:
            await response.aclose()

    async def _read(self, message: Message, response: httpx.Response) -> None:
        expects = "method" in message and message.get("id") is not None
        if not response.is_success:
            return await self._read_refusal(message, response, expects)
        if message.get("method") == "initialize":
            self._session = response.headers.get("mcp-session-id")
        if not expects:
            return
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/event-stream":
            return await self._read_stream(message, response)
        if kind != "application/json":
            said = f"the server at {self._where()} answered with {kind or 'nothing'}"
            raise Failed(f"{said}: is that the address of its MCP endpoint?")
        body = await self._body(response)
        try:
            answers = json.loads(body)
        except ValueError as error:
            raise Failed(f"the server's answer is no JSON: {error}") from error
        answered = False
        for answer in answers if isinstance(answers, list) else [answers]:
            answered = await self._forward(message, answer) or answered
        if not answered:
            raise Failed("the server answered something else than what was asked")

    async def _read_refusal(
        self, message: Message, response: httpx.Response, expects: bool
    ) -> None:
        status = response.status_code
        body = await self._body(response)
        try:
            said: Any = json.loads(body)
        except ValueError:
            said = None
        error = said.get("error") if isinstance(said, dict) and "jsonrpc" in said else None
        code = error.get("code") if isinstance(error, dict) else None
        had_session = "mcp-session-id" in response.request.headers
        if status == 404 and had_session and code != METHOD_NOT_FOUND:
            raise SessionGone("the server has ended the session")
        if isinstance(error, dict):
            # An error of the protocol: its id may be missing where the server could not read it.
            if not expects:
                raise Failed(str(error.get("message", error)))
            await self._forward(message, {"jsonrpc": "2.0", "id": message["id"], "error": error})
            return
        detail = said.get("detail") if isinstance(said, dict) else None
        detail = (
            detail if isinstance(detail, str) else body[:ERROR_TEXT_MAX].decode("utf-8", "replace")
        )
        about = f"the server answered with status {status}: {detail}".rstrip(": ")
        if status == 401:
            raise Failed(f"the API key is not valid ({detail or 401}): check AC_API_KEY")
        if status == 429 or (status == 503 and "retry-after" in response.headers):
            raise Busy(about, retry_after(response.headers))
        if response.is_redirect:
            to = response.headers.get("location", "elsewhere")
            raise Failed(f"the server redirects to {to}: name that address, if you trust it")
        if status in (502, 504):
            raise Broken(about)
        if status in (404, 405):
            raise Failed(f"there is no MCP endpoint at {self._options.url} (status {status})")
        raise Failed(about)

    async def _read_stream(self, message: Message, response: httpx.Response) -> None:
        """Events until the answer is among them, over as many connections as it takes."""
        reader = Reader()
        lost: Exception | None = None
        attempt = 0
        while True:
            attempt += 1
            before = reader.last_id
            try:
                async for event in _events(response, reader):
                    if await self._forward(message, _json(event)):
                        return
                lost = None
            except (httpx.TransportError, TooLarge) as error:
                lost = error
            why = "the server ended the answer" if lost is None else _why(lost)
            broken = Broken(f"the connection to {self._where()} was lost: {why}")
            if isinstance(lost, TooLarge) or reader.last_id is None or self._is_cancelled(message):
                raise broken
            is_polled = lost is None and reader.retry_ms is not None
            if is_polled or reader.last_id != before:
                # The server wants to be asked now and then, or brought something before it was lost.
                attempt = 1
            if attempt > ATTEMPTS_MAX:
                raise broken
            await asyncio.sleep(_pause(reader, attempt))
            await response.aclose()
            resumed = await self._resume(reader)
            if resumed is None:
                raise broken
            response = resumed
            reader.restart()

    async def _resume(self, reader: Reader) -> httpx.Response | None:
        """The rest of a stream that broke, if the server kept it."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                response = await self._open(reader.last_id)
            except httpx.TransportError:
                await asyncio.sleep(_backoff(attempt))
                continue
            kind = response.headers.get("content-type", "")
            if response.is_success and kind.startswith("text/event-stream"):
                return response
            await response.aclose()
            return None
        return None

    async def _open(self, last_id: str | None) -> httpx.Response:
        headers = self._headers({})
        headers["accept"] = "text/event-stream"
        if last_id is not None:
            headers["last-event-id"] = last_id
        request = self._http.build_request("GET", self._options.url, headers=headers)
        return await self._http.send(request, stream=True)

    async def _forward(self, request: Message | None, message: Any) -> bool:
        """Passes a message on to the client. True: it answers the request."""
        if not isinstance(message, dict):
            return False
        is_answer = "method" not in message and ("result" in message or "error" in message)
        if not is_answer:
            await self._write(message)
            return False
        if request is None or message.get("id") != request.get("id"):
            # The protocol allows an answer only on its own request's stream.
            say(f"the server answered {message.get('id')!r} where something else was asked")
            return False
        method = request.get("method")
        result = message.get("result")
        if method == "initialize" and isinstance(result, dict):
            version = result.get("protocolVersion")
            self._version = version if isinstance(version, str) else None
        if method == "tools/list" and isinstance(result, dict):
            message = {**message, "result": self._shown(result)}
        if message.get("id") == RENEWAL_ID:
            if "error" in message:
                raise Failed(f"the server begins no new session: {message['error']}")
            return True
        await self._write(message)
        return True

    def _shown(self, result: Message) -> Message:
        """The list of tools as the client is to see it; what they say about repeating them is kept."""
        tools = result.get("tools")
        if not isinstance(tools, list):
            return result
        named = {tool["name"]: tool for tool in tools if isinstance(tool, dict) and "name" in tool}
        for name, tool in named.items():
            hints = tool.get("annotations")
            hints = hints if isinstance(hints, dict) else {}
            if hints.get("readOnlyHint") is True or hints.get("idempotentHint") is True:
                self._repeatable_tools.add(name)
        allowed = self._options.tools
        if allowed is None:
            return result
        missing = allowed - named.keys()
        if missing and "nextCursor" not in result:
            have = ", ".join(sorted(named))
            say(f"the server has no tool {', '.join(sorted(missing))}; it has {have}")
        return {**result, "tools": [tool for name, tool in named.items() if name in allowed]}

    # The session.

    async def _renew(self, gone: str | None) -> None:
        """Begins a new session in place of one that the server ended; the client need not know."""
        async with self._renewing:
            if self._session != gone:
                return
            if self._hello is None:
                raise Failed("the server asks for a session, and the client has not begun one")
            say("the server has ended the session: beginning a new one")
            self._session = None
            await self._exchange({**self._hello, "id": RENEWAL_ID})
            await self._exchange({"jsonrpc": "2.0", "method": "notifications/initialized"})
            self._listen()

    def _listen(self) -> None:
        """Keeps a stream open for what the server says by itself."""
        if self._listening is not None:
            self._listening.cancel()
        self._listening = asyncio.create_task(self._keep_listening(self._session))

    async def _keep_listening(self, session: str | None) -> None:
        reader = Reader()
        failures = 0
        while session == self._session:
            try:
                response = await self._open(reader.last_id)
                try:
                    kind = response.headers.get("content-type", "")
                    if not (response.is_success and kind.startswith("text/event-stream")):
                        # 405: the server has nothing to say by itself. 404: the session is gone, and the
                        # next request begins another.
                        if response.status_code < 500 and response.status_code != 429:
                            return
                    else:
                        reader.restart()
                        async for event in _events(response, reader):
                            failures = 0
                            await self._forward(None, _json(event))
                finally:
                    await response.aclose()
            except TooLarge as error:
                say(str(error))
                return
            except httpx.TransportError:
                pass
            failures += 1
            await asyncio.sleep(max(_backoff(failures), _pause(reader, failures)))

    # Small things.

    def _headers(self, message: Message) -> dict[str, str]:
        headers = {
            "accept": "application/json, text/event-stream",
            "authorization": f"Bearer {self._options.key}",
            "user-agent": f"agenticcalling-mcp {USER_AGENT}",
        }
        method = message.get("method")
        stated = _stated_version(message)
        version = stated or self._version
        if version is not None and method != "initialize":
            headers["mcp-protocol-version"] = _header(version)
        if self._session is not None and method != "initialize" and stated is None:
            headers["mcp-session-id"] = self._session
        if isinstance(method, str):
            headers["mcp-method"] = _header(method)
            name = _name(message)
            if name is not None:
                headers["mcp-name"] = _header(name)
        return headers

    async def _body(self, response: httpx.Response) -> bytes:
        body = b""
        try:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > BODY_BYTES_MAX:
                    raise Failed(f"the server's answer is larger than {BODY_BYTES_MAX} bytes")
        except httpx.TransportError as error:
            raise Broken(f"the connection to {self._where()} was lost: {_why(error)}") from error
        return body

    def _is_repeatable(self, message: Message) -> bool:
        """Whether doing it twice is the same as doing it once."""
        method = message["method"]
        if method == "tools/call":
            return _name(message) in self._repeatable_tools
        return isinstance(method, str)

    def _is_cancelled(self, message: Message) -> bool:
        return _key(message.get("id")) in self._cancelled

    def _where(self) -> str:
        url = httpx.URL(self._options.url)
        return f"{url.scheme}://{url.netloc.decode()}"


async def _events(response: httpx.Response, reader: Reader) -> AsyncIterator[ServerSent]:
    async for part in response.aiter_bytes():
        for event in reader.feed(part):
            yield event


def _json(event: ServerSent) -> Any:
    if event.kind != "message":
        return None
    try:
        return json.loads(event.data)
    except ValueError:
        say("the server sent an event that is no JSON")
        return None


def _error(request_id: Any, code: int, said: str) -> Message:
    return {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": said}}


def _key(request_id: Any) -> str:
    """1 and "1" are two ids."""
    return json.dumps(request_id)


def _stated_version(message: Message) -> str | None:
    """The protocol's revision, where each request carries it: from 2026-07-28 on, which has no sessions."""
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    version = meta.get(_VERSION_IN_META) if isinstance(meta, dict) else None
    return version if isinstance(version, str) else None


def _name(message: Message) -> str | None:
    params = message.get("params")
    member = _NAMED_BY.get(str(message.get("method")))
    name = params.get(member) if isinstance(params, dict) and member is not None else None
    return name if isinstance(name, str) else None


def _header(text: str) -> str:
    """As it is, or wrapped as the protocol says where a header could not hold it."""
    if _HEADER_SAFE.fullmatch(text) and not text.startswith("=?base64?"):
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def _backoff(attempt: int) -> float:
    longest = min(BACKOFF_MAX_SECONDS, BACKOFF_FIRST_SECONDS * 2 ** min(attempt - 1, 10))
    spread: float = longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load)
    return spread


def _pause(reader: Reader, attempt: int) -> float:
    """As long as the server asked for, within reason."""
    if reader.retry_ms is None:
        return _backoff(attempt)
    return min(reader.retry_ms / 1000, RETRY_AFTER_SECONDS_MAX)


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def allowed_tools(text: str | None) -> frozenset[str] | None:
    """The names in `--tools a,b`."""
    if text is None:
        return None
    return frozenset(name.strip() for name in text.split(",") if name.strip())
