"""A server that speaks MCP over HTTP, made of the protocol's own Python package, behind a bearer key."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.streamable_http import EventMessage, EventStore
from mcp_types import ToolAnnotations
from pydantic import BaseModel

KEY = "ac_test_peer"


class Kept(EventStore):
    """Every event, so that a stream that broke can go on."""

    def __init__(self) -> None:
        self._events: list[tuple[str, Any]] = []

    async def store_event(self, stream_id: str, message: Any) -> str:
        self._events.append((stream_id, message))
        return str(len(self._events))

    async def replay_events_after(self, last_event_id: str, send_callback: Any) -> str | None:
        stream, _ = self._events[int(last_event_id) - 1]
        later = list(enumerate(self._events, 1))[int(last_event_id) :]
        for number, (of, message) in later:
            if of == stream and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream


class Consent(BaseModel):
    yes: bool


def tools() -> MCPServer:
    """What there is to call."""
    server = MCPServer("peer", version="1.2.3")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def echo(text: str) -> str:
        """Says the same."""
        return text

    @server.tool()
    async def make_call(to: str, ctx: Context) -> str:
        """Takes its time, and tells how far it is."""
        await ctx.report_progress(1, 2, "dialing")
        await asyncio.sleep(0.02)
        await ctx.report_progress(2, 2, "connected")
        return f"called {to}"

    @server.tool()
    async def drop(ctx: Context) -> str:
        """Loses its connection while it works."""
        await ctx.close_sse_stream()
        await asyncio.sleep(0.1)
        return "after the break"

    @server.tool()
    async def ask(ctx: Context) -> str:
        """Asks the person something."""
        answer = await ctx.elicit("May I?", Consent)
        return str(answer)

    return server


class Peer:
    """The server, in a thread of its own. `restart` forgets all sessions."""

    def __init__(self, *, json_response: bool = False) -> None:
        self._json = json_response
        self.requests: list[tuple[str, dict[str, str]]] = []
        # Kept over restarts: nobody else can take the port meanwhile.
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._begin()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/mcp"

    def restart(self) -> None:
        self.stop()
        self._begin()

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def close(self) -> None:
        self.stop()
        self._listener.close()

    def _begin(self) -> None:
        app = tools().streamable_http_app(
            json_response=self._json, event_store=Kept(), retry_interval=50
        )

        async def guarded(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                headers = {name.decode(): value.decode() for name, value in scope["headers"]}
                self.requests.append((scope["method"], headers))
                if headers.get("authorization") != f"Bearer {KEY}":
                    start = {"type": "http.response.start", "status": 401, "headers": []}
                    await send(start)
                    await send({"type": "http.response.body", "body": b""})
                    return
            await app(scope, receive, send)

        config = uvicorn.Config(guarded, log_level="error", lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener.dup()],))
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the peer did not start")
            self._thread.join(0.01)


@contextlib.contextmanager
def peer(*, json_response: bool = False) -> Iterator[Peer]:
    one = Peer(json_response=json_response)
    try:
        yield one
    finally:
        one.close()
