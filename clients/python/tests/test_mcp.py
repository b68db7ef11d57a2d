"""The MCP launcher: between a real client and a real server, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import mcp.types as types
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from agenticcalling.mcp import bridge as bridging
from agenticcalling.mcp.bridge import Bridge, Options
from agenticcalling.mcp.command import mcp_url
from agenticcalling.mcp.sse import Reader, TooLarge
from support.each import NO_CERTIFICATES
from support.mcp_peer import KEY, Peer, peer
from support.script import DROP, Reply, free_port, scripted
from support.server import REPOSITORY

SOURCES = str(Path(__file__).parents[1] / "src")


def launcher(url: str, *arguments: str, key: str = KEY) -> dict[str, Any]:
    return {
        "command": sys.executable,
        "args": ["-m", "agenticcalling.mcp", "--url", url, *arguments],
        "env": {"AC_API_KEY": key, "PYTHONPATH": SOURCES},
    }


# With the protocol's own client and server; the launcher for npx in the Python one's place as well.

NPX_LAUNCHER = REPOSITORY / "clients" / "typescript" / "bin" / "agenticcalling-mcp.js"
PROGRAMS = ["python", *(["node"] if shutil.which("node") else [])]


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


def launched(url: str, program: str) -> StdioServerParameters:
    how = launcher(url)
    if program == "node":
        how |= {"command": "node", "args": [str(NPX_LAUNCHER), "--url", url]}
    return StdioServerParameters(**how)


@pytest.fixture(scope="module", params=["stream", "json"])
def server(request: pytest.FixtureRequest) -> Iterator[Peer]:
    with peer(json_response=request.param == "json") as one:
        yield one


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28", "auto"])
def test_a_client_uses_the_tools_of_a_server(server: Peer, program: str, mode: str) -> None:
    async def run() -> None:
        parameters = launched(server.url, program)
        async with Client(parameters, mode=mode) as client:
            listed = await client.list_tools()
            assert [tool.name for tool in listed.tools] == ["echo", "make_call", "drop", "ask"]
            texts = ["Grüße", "two\nlines", "\u2028", "x" * 300_000]
            for text in texts:
                assert said(await client.call_tool("echo", {"text": text})) == text
            many = [client.call_tool("echo", {"text": str(n)}) for n in range(30)]
            assert [said(one) for one in await asyncio.gather(*many)] == [str(n) for n in range(30)]
            told: list[float] = []

            async def tell(progress: float, total: float | None, message: str | None) -> None:
                told.append(progress)

            arguments = {"to": "+12025550100"}
            called = await client.call_tool("make_call", arguments, progress_callback=tell)
            assert said(called) == "called +12025550100"
            if server._json is False:
                assert told == [1.0, 2.0]

    asyncio.run(asyncio.wait_for(run(), 30))


def said(result: Any) -> str:
    content = result.content[0]
    assert isinstance(content, types.TextContent)
    return content.text


@pytest.fixture
def streaming() -> Iterator[Peer]:
    with peer() as one:
        yield one


def test_a_broken_stream_goes_on(streaming: Peer, program: str) -> None:
    async def run() -> None:
        parameters = launched(streaming.url, program)
        async with Client(parameters, mode="legacy") as client:
            assert said(await client.call_tool("drop", {})) == "after the break"

    asyncio.run(asyncio.wait_for(run(), 20))
    resumed = [headers for _, headers in streaming.requests if "last-event-id" in headers]
    assert resumed, "the server did break the stream"


def test_a_server_asks_the_person(streaming: Peer, program: str) -> None:
    async def answer(context: Any, params: Any) -> types.ElicitResult:
        assert params.message == "May I?"
        return types.ElicitResult(action="accept", content={"yes": True})

    async def run() -> None:
        parameters = launched(streaming.url, program)
        async with Client(parameters, mode="legacy", elicitation_callback=answer) as client:
            assert "yes=True" in said(await client.call_tool("ask", {}))

    asyncio.run(asyncio.wait_for(run(), 20))


def test_a_server_that_begins_anew_is_not_noticed(streaming: Peer, program: str) -> None:
    async def run() -> None:
        parameters = launched(streaming.url, program)
        async with Client(parameters, mode="legacy") as client:
            assert said(await client.call_tool("echo", {"text": "before"})) == "before"
            await asyncio.to_thread(streaming.restart)
            assert said(await client.call_tool("echo", {"text": "after"})) == "after"
            many = [client.call_tool("echo", {"text": str(n)}) for n in range(10)]
            assert [said(one) for one in await asyncio.gather(*many)] == [str(n) for n in range(10)]

    asyncio.run(asyncio.wait_for(run(), 20))


def test_the_session_is_ended(streaming: Peer, program: str) -> None:
    async def run() -> None:
        parameters = launched(streaming.url, program)
        async with stdio_client(parameters) as (read, write):
            from mcp import ClientSession

            async with ClientSession(read, write) as session:
                await session.initialize()
                await session.send_ping()

    asyncio.run(asyncio.wait_for(run(), 20))
    method, headers = streaming.requests[-1]
    assert method == "DELETE"
    assert headers["mcp-session-id"]
    assert headers["mcp-protocol-version"]


# Against a server that misbehaves, without a process between.


def bridge(url: str, write: Any, tools: frozenset[str] | None = None) -> Bridge:
    """Without TLS: reading all certificates takes longer than the tests."""
    return Bridge(Options(url, KEY, tools), write, httpx.AsyncHTTPTransport(verify=NO_CERTIFICATES))


class Carried:
    """What the bridge makes of lines."""

    def __init__(self, url: str, tools: set[str] | None = None) -> None:
        self.written: list[Any] = []
        self._url = url
        self._tools = None if tools is None else frozenset(tools)

    def run(self, *messages: Any, drain: float = 10.0) -> list[Any]:
        async def go() -> None:
            async def write(message: Any) -> None:
                self.written.append(message)

            one = bridge(self._url, write, self._tools)
            for message in messages:
                line = message if isinstance(message, bytes) else json.dumps(message).encode()
                await one.take(line)
            await one.close(drain)

        asyncio.run(asyncio.wait_for(go(), 30))
        return self.written


def request(method: str, number: Any = 1, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def result(number: Any = 1, **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "result": more}


CALL = request("tools/call", name="make_call", arguments={"to": "+12025550100"})
LIST = request("tools/list")
HELLO = request("initialize", "hello", protocolVersion="2025-06-18", capabilities={})
WELCOME = Reply(
    200, result("hello", protocolVersion="2025-06-18"), {"mcp-session-id": "session one"}
)


def stream(*events: str, **more: Any) -> Reply:
    body = "".join(f"{one}\n\n" for one in events).encode()
    return Reply(200, body, {"content-type": "text/event-stream"}, **more)


def data(message: Any, event_id: str | None = None) -> str:
    line = f"data: {json.dumps(message, ensure_ascii=False)}"
    return line if event_id is None else f"id: {event_id}\n{line}"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridging, "BACKOFF_FIRST_SECONDS", 0.01)


BUSY = {"retry-after": "0"}
HTML = {"content-type": "text/html"}
ERROR = {"jsonrpc": "2.0", "id": None, "error": {"code": -32602, "message": "no such tool"}}

# What is asked, what comes back in order, what the client is told (a result, or words of an error), and how often the
# server was asked.
TABLE: list[tuple[Any, list[Reply], str | None, int]] = [
    (CALL, [Reply(200, result())], None, 1),
    (CALL, [stream(data(result()))], None, 1),
    (
        CALL,
        [stream(": comment", "event: other\ndata: x", "data: no JSON", data(result()))],
        None,
        1,
    ),
    (CALL, [Reply(200, [result()])], None, 1),
    # A call that may have been placed is not placed again.
    (CALL, [DROP], "not known whether the server did this", 1),
    (CALL, [stream(cut_after=0)], "not known whether the server did this", 1),
    (CALL, [stream()], "the server ended the answer", 1),
    (CALL, [Reply(200, result(), cut_after=5)], "not known whether the server did this", 1),
    (CALL, [Reply(502, b"<html>", HTML)], "not known whether the server did this", 1),
    # What only reads is asked for again.
    (LIST, [DROP, Reply(200, result(tools=[]))], None, 2),
    (LIST, [stream(cut_after=0), stream(data(result(tools=[])))], None, 2),
    (LIST, [DROP], "was lost", 5),
    # Not taken: asked again whatever it is.
    (CALL, [Reply(429, None, BUSY), Reply(503, None, BUSY), Reply(200, result())], None, 3),
    (CALL, [Reply(429, {"detail": "slow down"}, {"retry-after": "61"})], "429: slow down", 1),
    (CALL, [Reply(429, {"detail": "slow down"}, BUSY)], "429: slow down", 5),
    # A stream with ids goes on where it broke.
    (CALL, [stream(data(result(), "1"), cut_after=6), DROP], "not known", 1),
    (CALL, [stream("id: 7\ndata:", cut_after=13), stream(data(result()))], None, 2),
    (CALL, [stream("id: 7\nretry: 1\ndata:"), DROP, stream(data(result()))], None, 3),
    (CALL, [stream("id: 7\ndata:"), stream("id: 8\ndata:"), stream(data(result()))], None, 3),
    (CALL, [*[stream("id: 7\nretry: 1\ndata:")] * 9, stream(data(result()))], None, 10),
    (CALL, [stream("id: 7\ndata:")], "not known whether the server did this", 6),
    (CALL, [stream("id: 7\ndata:"), Reply(405)], "not known whether the server did this", 2),
    # Errors are told with what to do.
    (CALL, [Reply(401, {"detail": "unknown key"})], "check AC_API_KEY", 1),
    (CALL, [Reply(404, {"detail": "nothing here"})], "no MCP endpoint at http://", 1),
    (CALL, [Reply(405)], "no MCP endpoint at http://", 1),
    (CALL, [Reply(200, b"<html>", HTML)], "text/html", 1),
    (CALL, [Reply(200, b"nonsense")], "no JSON", 1),
    (CALL, [Reply(200, result(2))], "something else", 1),
    (CALL, [Reply(302, None, {"location": "http://elsewhere.example"})], "elsewhere.example", 1),
    (CALL, [Reply(403, {"detail": "read-only key"})], "403: read-only key", 1),
    (CALL, [Reply(500, {"detail": "it failed"})], "500: it failed", 1),
    (CALL, [Reply(400, ERROR)], "no such tool", 1),
    (CALL, [Reply(200, {**ERROR, "id": 1})], "no such tool", 1),
]


@pytest.mark.parametrize(("asked", "replies", "told", "times"), TABLE)
def test_every_request_is_answered_once(
    asked: Any, replies: list[Reply], told: str | None, times: int
) -> None:
    with scripted(*replies) as script:
        (answer,) = Carried(f"{script.url}/mcp").run(asked)
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 1)
    if told is None:
        assert "result" in answer
    else:
        assert told in answer["error"]["message"]
        assert KEY not in str(answer)
    assert len(script.received) == times
    posts = [got for got in script.received if got.method == "POST"]
    assert all(got.json() == asked for got in posts)
    assert all(got.headers["authorization"] == f"Bearer {KEY}" for got in script.received)
    assert all("text/event-stream" in got.headers["accept"] for got in script.received)
    resumed = [got.headers["last-event-id"] for got in script.received if got.method == "GET"]
    assert resumed == ["7", "8"] or set(resumed) <= {"7"}


def test_tools_that_say_so_are_asked_again() -> None:
    tools = [
        {"name": "get_usage", "annotations": {"readOnlyHint": True}},
        {"name": "cancel_call", "annotations": {"idempotentHint": True, "readOnlyHint": False}},
        {"name": "make_call", "annotations": {"readOnlyHint": False}},
    ]
    for name, again in [("get_usage", True), ("cancel_call", True), ("make_call", False)]:
        replies = [Reply(200, result("l", tools=tools)), DROP, Reply(200, result())]
        with scripted(*replies) as script:
            carried = Carried(script.url)

            async def go(carried: Carried = carried, name: str = name) -> None:
                async def write(message: Any) -> None:
                    carried.written.append(message)

                one = bridge(carried._url, write)
                await one.take(json.dumps(request("tools/list", "l")).encode())
                while not carried.written:
                    await asyncio.sleep(0.01)
                await one.take(json.dumps(request("tools/call", name=name)).encode())
                await one.close(10)

            asyncio.run(go())
        assert ("result" in carried.written[1]) == again
        assert len(script.received) == (3 if again else 2)


def test_a_server_that_comes_late_is_waited_for() -> None:
    port = free_port()
    (answer,) = Carried(f"http://127.0.0.1:{port}/mcp").run(CALL)
    assert "cannot be reached" in answer["error"]["message"]
    assert "not known" not in answer["error"]["message"], "it never left"


def test_a_session_is_kept_and_renewed() -> None:
    gone = Reply(404, {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "gone"}})
    again = Reply(
        200,
        result(bridging.RENEWAL_ID, protocolVersion="2025-06-18"),
        {"mcp-session-id": "session two"},
    )
    done = Reply(200, result())
    with scripted(WELCOME, Reply(202), Reply(405), gone, again, Reply(202), done) as script:

        async def go() -> list[Any]:
            written: list[Any] = []

            async def write(message: Any) -> None:
                written.append(message)

            one = bridge(script.url, write)
            await one.take(json.dumps(HELLO).encode())
            await one.take(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
            await asyncio.to_thread(script.wait_for, 3)
            await one.take(json.dumps(CALL).encode())
            await one.close(10)
            return written

        written = asyncio.run(go())
    assert [message["id"] for message in written] == ["hello", 1]
    assert "result" in written[1]
    sent = [
        (got.method, got.headers.get("mcp-session-id"), got.headers.get("mcp-method"))
        for got in script.received
    ]
    assert sent[:6] == [
        ("POST", None, "initialize"),
        ("POST", "session one", "notifications/initialized"),
        ("GET", "session one", None),
        ("POST", "session one", "tools/call"),
        ("POST", None, "initialize"),
        ("POST", "session two", "notifications/initialized"),
    ]
    assert ("POST", "session two", "tools/call") in sent
    assert sent[-1][:2] == ("DELETE", "session two")
    versions = [got.headers.get("mcp-protocol-version") for got in script.received]
    assert (versions[0], versions[3]) == (None, "2025-06-18")


def test_a_session_that_cannot_be_renewed_is_told() -> None:
    gone = Reply(404, {"detail": "no such session"})
    with scripted(WELCOME, gone, Reply(401, {"detail": "revoked"})) as script:
        hello, answer = Carried(script.url).run(HELLO, CALL)
    assert hello["id"] == "hello"
    assert "check AC_API_KEY" in answer["error"]["message"]


def test_only_the_tools_that_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    tools = [{"name": name} for name in ("make_call", "list_calls", "send_sms")]
    with scripted(Reply(200, result(tools=tools))) as script:
        carried = Carried(script.url, {"make_call", "fly"})
        other = request("tools/call", 2, name="send_sms")
        refused, listed = carried.run(other, LIST)
    assert refused["id"] == 2
    assert "unknown tool: send_sms (--tools leaves only fly, make_call)" in str(refused)
    assert [tool["name"] for tool in listed["result"]["tools"]] == ["make_call"]
    assert len(script.received) == 1
    assert (
        "the server has no tool fly; it has list_calls, make_call, send_sms"
        in capsys.readouterr().err
    )


def test_names_go_into_headers() -> None:
    wanted = [
        (request("tools/call", name="make_call"), "make_call"),
        (request("resources/read", uri="ac://calls/1"), "ac://calls/1"),
        (request("prompts/get", name="Grüße"), "=?base64?R3LDvMOfZQ==?="),
        (request("prompts/get", name=" x"), "=?base64?IHg=?="),
        (request("prompts/get", name="=?base64?eA==?="), "=?base64?PT9iYXNlNjQ/ZUE9PT89?="),
        (request("tools/list"), None),
    ]
    for asked, name in wanted:
        with scripted(Reply(200, result())) as script:
            Carried(script.url).run(asked)
        headers = script.received[0].headers
        assert headers["mcp-method"] == asked["method"]
        assert headers.get("mcp-name") == name


def test_lines_that_are_no_messages() -> None:
    with scripted(Reply(200, result())) as script:
        for line, code in [
            (b"nonsense", -32700),
            (b"[" * 100_000, -32700),
            (b"\xff\xfe", -32700),
            (b"[]", -32600),
            (b"3", -32600),
        ]:
            (answer,) = Carried(script.url).run(line)
            assert (answer["id"], answer["error"]["code"]) == (None, code)
    assert script.received == []


def test_notifications_and_answers_are_delivered(capsys: pytest.CaptureFixture[str]) -> None:
    note = {"jsonrpc": "2.0", "method": "notifications/roots/list_changed"}
    answer = {"jsonrpc": "2.0", "id": 4, "result": {}}
    with scripted(DROP, Reply(202), Reply(202)) as script:
        assert Carried(script.url).run(note, answer) == []
        assert [got.json() for got in script.received] == [note, note, answer]
    with scripted(Reply(400, {"detail": "what?"})) as script:
        assert Carried(script.url).run(note) == []
    assert "list_changed was not delivered" in capsys.readouterr().err


def test_what_the_server_says_by_itself_is_passed_on() -> None:
    news = {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}
    replies = [WELCOME, Reply(202), stream(data(news, "5")), stream(data(news)), Reply(405)]
    with scripted(*replies) as script:

        async def go() -> list[Any]:
            written: list[Any] = []

            async def write(message: Any) -> None:
                written.append(message)

            one = bridge(script.url, write)
            await one.take(json.dumps(HELLO).encode())
            await one.take(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
            await asyncio.to_thread(script.wait_for, 5)
            await one.close(0)
            return written

        assert asyncio.run(go())[1:] == [news, news]
        listened = [got for got in script.received if got.method == "GET"]
        assert [got.headers.get("last-event-id") for got in listened] == [None, "5", "5"]


def test_a_cancelled_request_is_not_answered_by_us() -> None:
    hold = threading.Event()
    with scripted(
        Reply(200, stream().body, {"content-type": "text/event-stream"}, hold=hold), Reply(202)
    ) as script:

        async def go() -> list[Any]:
            written: list[Any] = []

            async def write(message: Any) -> None:
                written.append(message)

            one = bridge(script.url, write)
            await one.take(json.dumps(CALL).encode())
            await asyncio.to_thread(script.wait_for, 1)
            cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
            await one.take(json.dumps({**cancel, "params": {"requestId": 1}}).encode())
            hold.set()
            await one.close(5)
            return written

        assert asyncio.run(go()) == []
        assert script.received[1].json()["method"] == "notifications/cancelled"


# Server-sent events.


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_are_read_however_they_are_cut(size: int) -> None:
    text = (
        "\ufeff: hello\r\nid: 1\r\nretry: 20\r\ndata: one\r\ndata:  two\r\n\r\n"
        "event: other\rdata\rid: 2\r\r"
        "data: \u2028 is no end\n\nid: bad\0\ndata: x\n\nretry: soon\nunknown: y\n\ndata: half"
    ).encode()
    reader = Reader()
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    events = [event for part in parts for event in reader.feed(part)]
    assert [(event.kind, event.data, event.id) for event in events] == [
        ("message", "one\n two", "1"),
        ("other", "", "2"),
        ("message", "\u2028 is no end", "2"),
        ("message", "x", "2"),
    ]
    assert (reader.last_id, reader.retry_ms) == ("2", 20)


def test_an_event_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agenticcalling.mcp.sse.EVENT_BYTES_MAX", 100)
    for line in (b"data: x", b"data: xxxx\n"):
        reader = Reader()
        with pytest.raises(TooLarge):
            for _ in range(100):
                list(reader.feed(line))


# The command.


def run(lines: bytes, url: str, *arguments: str, key: str = KEY) -> tuple[int, list[Any], str]:
    how = launcher(url, *arguments, key=key)
    ran = subprocess.run(
        [how["command"], *how["args"]],
        input=lines,
        env={**os.environ, **how["env"]},
        capture_output=True,
        timeout=20,
        check=False,
    )
    written = [json.loads(line) for line in ran.stdout.splitlines()]
    return ran.returncode, written, ran.stderr.decode()


def test_answers_come_after_the_input_has_ended() -> None:
    hold = threading.Timer(0.3, lambda: late.set())
    late = threading.Event()
    hold.start()
    with scripted(Reply(200, result(text="\u2028ü"), hold=late)) as script:
        code, written, told = run(json.dumps(CALL).encode(), script.url)
    assert (code, written, told) == (0, [result(text="\u2028ü")], "")


def test_a_wrong_key_is_told() -> None:
    with peer() as one:
        code, written, _ = run(json.dumps(HELLO).encode() + b"\n", one.url, key="ac_test_wrong")
    assert code == 0
    assert "check AC_API_KEY" in written[0]["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "key", "told"),
    [
        ([], "", "AC_API_KEY is not set"),
        ([], "ac_test_\u2026", "is it whole"),
        (["--url", "nonsense"], KEY, "no http or https address"),
        (["--tools", " , "], KEY, "names no tool"),
        (["--nonsense"], KEY, "--nonsense"),
    ],
)
def test_mistakes_of_the_command_line_are_told(arguments: list[str], key: str, told: str) -> None:
    code, written, complaint = run(b"", "http://127.0.0.1:9/mcp", *arguments, key=key)
    assert (code, written) == (2, [])
    assert told in complaint


def test_it_goes_at_once_when_it_is_told_to() -> None:
    hold = threading.Event()
    with scripted(Reply(200, result(), hold=hold)) as script:
        how = launcher(script.url)
        process = subprocess.Popen(
            [how["command"], *how["args"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **how["env"]},
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(CALL).encode() + b"\n")
        process.stdin.flush()
        script.wait_for(1)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 5
        hold.set()
        process.communicate()


def test_the_endpoint_stands_beside_the_api() -> None:
    for base, url in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/mcp"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/mcp"),
        (" https://calls.example.com/phone/v1 ", "https://calls.example.com/phone/mcp"),
        ("", "https://mcp.agenticcalling.ai/mcp"),
    ]:
        assert mcp_url(base) == url
