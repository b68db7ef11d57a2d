"""A live stream that a test directs: what it tells on each connection, and how that ends."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

Act = Callable[[ServerConnection], None]


def event(number: int, **more: Any) -> dict[str, Any]:
    call = {"call_id": "call_01H", "status": "in_progress"}
    told = {"event_type": "call.connected", "event_id": f"evt_{number}", "call": call}
    return {**told, **more}


def tell(*events: dict[str, Any], code: int | None = None, wait: bool = False) -> Act:
    """Tells these, and closes with a code, cuts the connection, or waits until the client goes."""

    def act(socket: ServerConnection) -> None:
        for one in events:
            socket.send(json.dumps(one))
        if wait:
            with contextlib.suppress(ConnectionClosed):
                socket.recv()
        elif code is not None:
            socket.close(code, "as the test wants it")
        else:
            # Closing alone wakes nobody who is reading from it.
            socket.socket.shutdown(SHUT_RDWR)

    return act


def refuse(status: int, **headers: str) -> int | tuple[int, dict[str, str]]:
    """Answers the handshake with this instead."""
    return status, {name.replace("_", "-"): value for name, value in headers.items()}


class Live:
    """Acts in order; the last one for good."""

    def __init__(self, *acts: Any) -> None:
        self.acts = list(acts)
        self.asked: list[dict[str, str]] = []
        self.keys: list[str | None] = []
        self._server = serve(
            self._serve, "127.0.0.1", 0, process_request=self._ask, ping_interval=None
        )
        self.url = f"http://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _ask(self, connection: ServerConnection, request: Request) -> Response | None:
        url = urlsplit(request.path)
        self.asked.append({name: values[0] for name, values in parse_qs(url.query).items()})
        self.keys.append(request.headers.get("authorization"))
        act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
        connection.act = act  # type: ignore[attr-defined]
        if not isinstance(act, tuple):
            return None
        status, headers = act
        body = json.dumps({"detail": "not now", "code": "because"}).encode()
        named = Headers({**headers, "content-type": "application/json", "x-request-id": "req_1"})
        named["content-length"] = str(len(body))
        return Response(status, HTTPStatus(status).phrase, named, body)

    def _serve(self, connection: ServerConnection) -> None:
        connection.act(connection)  # type: ignore[attr-defined]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()


@contextlib.contextmanager
def live(*acts: Any) -> Iterator[Live]:
    one = Live(*acts)
    try:
        yield one
    finally:
        one.close()
