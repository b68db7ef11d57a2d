"""The command line, standard input and standard output of the bridge."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO, NoReturn
from urllib.parse import urlsplit

from .._version import VERSION
from .bridge import Bridge, Message, Options, allowed_tools, say

DEFAULT_URL = "https://mcp.agenticcalling.ai/mcp"
LINE_BYTES_MAX = 32 * 1024 * 1024
LINES_WAITING_MAX = 16
DRAIN_SECONDS = 30.0
"""After standard input has ended, answers are waited for so long."""

_DESCRIPTION = """\
Lets an MCP client that starts programs, such as a desktop assistant, use the calling tools of an agenticcalling
server. It speaks MCP over standard input and output, and Streamable HTTP to the server.
"""
_EPILOG = """\
variables:
  AC_API_KEY   the API key (ac_live_... or ac_test_...); needed
  AC_BASE_URL  address of the server's API, such as http://127.0.0.1:8080/v1

configuration of a client:
  {"mcpServers": {"agenticcalling": {
      "command": "agenticcalling-mcp", "env": {"AC_API_KEY": "ac_live_..."}}}}
"""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs until standard input ends."""
    options = _options(arguments)
    try:
        code = asyncio.run(_run(options))
    except KeyboardInterrupt:
        code = 130
    # The thread that reads standard input may be waiting for a line that never comes.
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    os._exit(code)


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="agenticcalling-mcp",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"agenticcalling-mcp {VERSION}")
    parser.add_argument(
        "--url", help=f"address of the MCP endpoint, if not AC_BASE_URL's (default {DEFAULT_URL})"
    )
    parser.add_argument(
        "--tools", metavar="NAMES", help="show and call only these tools: make_call,get_call_status"
    )
    given = parser.parse_args(arguments)
    # Not a flag: a command line can be read by everybody on the machine.
    key = os.environ.get("AC_API_KEY", "").strip()
    if not key:
        parser.error("the variable AC_API_KEY is not set: put your API key into the client's `env`")
    if not (key.isascii() and key.isprintable()):
        parser.error("AC_API_KEY has characters that no key has: is it whole?")
    url = given.url or mcp_url(os.environ.get("AC_BASE_URL", ""))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        parser.error(f"{url!r} is no http or https address")
    tools = allowed_tools(given.tools)
    if tools is not None and not tools:
        parser.error("--tools names no tool")
    return Options(url, key, tools)


def mcp_url(base_url: str) -> str:
    """The endpoint beside an API: `/mcp` in place of `/v1`."""
    base = base_url.strip().rstrip("/")
    return f"{base.removesuffix('/v1')}/mcp" if base else DEFAULT_URL


async def _run(options: Options) -> int:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue(LINES_WAITING_MAX)
    stop = asyncio.Event()
    writing = asyncio.Lock()

    async def write(message: Message) -> None:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n"
        async with writing:
            try:
                # A client that does not read holds up its own answers, not the event loop.
                await asyncio.to_thread(_put, sys.stdout.buffer, line.encode("utf-8", "replace"))
            except (OSError, ValueError):
                stop.set()

    for name in ("SIGTERM", "SIGINT"):
        # Windows has no signal handlers of event loops: there the process just ends.
        with suppress(NotImplementedError, AttributeError):
            loop.add_signal_handler(getattr(signal, name), stop.set)
    reader = threading.Thread(target=_read, args=(sys.stdin.buffer, loop, lines), daemon=True)
    reader.start()
    bridge = Bridge(options, write)
    taking = asyncio.create_task(_take(bridge, lines))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({taking, stopping}, return_when=asyncio.FIRST_COMPLETED)
    is_orderly = taking.done() and not stop.is_set()
    for task in (taking, stopping):
        task.cancel()
    closing = asyncio.create_task(bridge.close(DRAIN_SECONDS if is_orderly else 0.0))
    await asyncio.wait(
        {closing, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED
    )
    if not closing.done():
        closing.cancel()
        with suppress(asyncio.CancelledError):
            await closing
    if is_orderly and (error := taking.exception()) is not None:
        say(f"internal error: {error!r}")
        return 1
    return 0


async def _take(bridge: Bridge, lines: asyncio.Queue[bytes | None]) -> None:
    while (line := await lines.get()) is not None:
        if line.strip():
            await bridge.take(line)


def _read(
    source: BinaryIO, loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes | None]
) -> None:
    """Standard input, line by line, in a thread: it may be a pipe, a file or a terminal."""
    with suppress(RuntimeError):  # The event loop is over before standard input is.
        while line := source.readline(LINE_BYTES_MAX):
            if len(line) >= LINE_BYTES_MAX and not line.endswith(b"\n"):
                say(f"a line of more than {LINE_BYTES_MAX} bytes ends the connection")
                break
            asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()
        asyncio.run_coroutine_threadsafe(lines.put(None), loop).result()


def _put(target: BinaryIO, line: bytes) -> None:
    target.write(line)
    target.flush()
