"""What all tests share: the real server, and clients of both kinds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from agenticcalling import AgenticCalling, Event
from support.each import Each
from support.server import Server, start


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AC_API_KEY", "AC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        running = start(tmp_path_factory.mktemp("server") / "data")
    except FileNotFoundError as missing:
        pytest.exit(str(missing), returncode=2)
    yield running
    running.stop()


@pytest.fixture(params=["sync", "async"])
def make(request: pytest.FixtureRequest) -> Iterator[Callable[..., Each]]:
    """Makes a client of either kind."""
    made: list[Each] = []

    def one(api_key: str, base_url: str, **options: Any) -> Each:
        made.append(Each(request.param, api_key, base_url, **options))
        return made[-1]

    yield one
    for each in made:
        each.close()


@pytest.fixture
def each(make: Callable[..., Each], server: Server) -> Each:
    """A client of the real server, with an organization of its own."""
    return make(server.key(), server.base_url)


@pytest.fixture
def client(server: Server) -> Iterator[AgenticCalling]:
    """A blocking client of the real server, with an organization of its own."""
    with AgenticCalling(server.key(), base_url=server.base_url) as one:
        yield one


class Placed:
    """A call that goes on, followed by both clients, while other tests run: it takes its time."""

    def __init__(self, server: Server) -> None:
        key = server.key()
        self.client = AgenticCalling(key, base_url=server.base_url)
        self.call = self.client.calls.create("+12025550117", "Ask about their business hours")
        self._pool = ThreadPoolExecutor(2)
        self._told = {
            kind: self._pool.submit(self._follow, Each(kind, key, server.base_url))
            for kind in ("sync", "async")
        }

    def told(self, kind: str) -> list[Event]:
        """All events, once the call is over."""
        return self._told[kind].result(timeout=60)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self.client.close()

    def _follow(self, each: Each) -> list[Event]:
        told = each.all(lambda client: client.calls.stream(self.call.call_id))
        each.close()
        return told


@pytest.fixture(scope="session")
def placed(server: Server) -> Iterator[Placed]:
    one = Placed(server)
    yield one
    one.close()


@pytest.fixture(scope="session", autouse=True)
def _placed_early(request: pytest.FixtureRequest) -> None:
    """What takes long begins first, if it is asked for at all."""
    if any("placed" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("placed")
