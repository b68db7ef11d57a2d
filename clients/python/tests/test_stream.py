"""The live stream when connections do not last."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

import agenticcalling as ac
from agenticcalling import _flow, _retry
from support.each import Each
from support.live import event, live, refuse, tell
from support.script import Reply, free_port, scripted

Make = Callable[..., Each]
END = event(9, event_type="call.completed")
LINE = {"event_type": "transcript.partial", "call_id": "call_01H", "speaker": "agent", "text": "Hi"}
CALL = {
    "id": "01H",
    "status": "in_progress",
    "to_number": "+12025550100",
    "objective": "Ask",
    "created_at": "2026-03-26T10:00:00Z",
    "updated_at": "2026-03-26T10:00:00Z",
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "BACKOFF_FIRST_SECONDS", 0.01)


def followed(each: Each, **more: Any) -> list[str | None]:
    told = each.all(lambda client: client.events.stream(call_id="call_01H", **more))
    return [one.event_id for one in told]


# How connections go on, and what the client tells of them.
GOOD: list[tuple[list[Any], list[str | None]]] = [
    ([tell(event(1), event(2), END, wait=True)], ["evt_1", "evt_2", "evt_9"]),
    # Cut off, or closed by a server that stops: goes on after the last event, which is not told twice.
    ([tell(event(1)), tell(event(1), event(2), END, wait=True)], ["evt_1", "evt_2", "evt_9"]),
    ([tell(event(1), code=1013), tell(END, wait=True)], ["evt_1", "evt_9"]),
    ([tell(event(1), code=1001), tell(), tell(), tell(END, wait=True)], ["evt_1", "evt_9"]),
    # Lines have no id and are always new.
    ([tell(event(1), LINE), tell(LINE, END, wait=True)], ["evt_1", None, None, "evt_9"]),
    # Not ready yet.
    ([refuse(503), refuse(503, retry_after="0"), tell(END, wait=True)], ["evt_9"]),
    ([refuse(429, retry_after="0"), tell(END, wait=True)], ["evt_9"]),
]


@pytest.mark.parametrize(("acts", "told"), GOOD)
def test_nothing_is_lost_and_nothing_told_twice(
    make: Make, acts: list[Any], told: list[str | None]
) -> None:
    with live(*acts) as server:
        assert followed(make("ac_test_x", server.url)) == told
        assert len(server.asked) == len(acts)
        assert set(server.keys) == {"Bearer ac_test_x"}
        seen: str | None = None
        for asked in server.asked:
            assert asked["call_id"] == "call_01H"
            assert "token" not in asked, "keys do not belong into addresses"
            assert asked.get("last_event_id") in (None, "evt_1")
            assert seen is None or asked.get("last_event_id") == seen
            seen = asked.get("last_event_id")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, ac.AuthenticationError), (404, ac.NotFoundError), (422, ac.ValidationError)],
)
def test_what_is_refused_for_good_is_told(make: Make, status: int, kind: type[Exception]) -> None:
    with live(refuse(status)) as server:
        with pytest.raises(kind, match="not now") as told:
            followed(make("ac_test_x", server.url))
        assert len(server.asked) == 1
        assert told.value.request_id == "req_1"  # type: ignore[attr-defined]


def test_it_gives_up_in_the_end(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with live(refuse(503)) as server:
        with pytest.raises(ac.ServerError):
            followed(make("ac_test_x", server.url, max_retries=1))
        assert len(server.asked) == 2
    with live(refuse(503, retry_after="100")) as server:
        with pytest.raises(ac.ServerError):
            followed(make("ac_test_x", server.url))
        assert len(server.asked) == 1
    monkeypatch.setattr(_flow, "RECONNECTS_MAX", 3)
    with live(tell()) as server:
        with pytest.raises(ac.APIConnectionError, match="live stream is lost"):
            followed(make("ac_test_x", server.url))
        assert len(server.asked) == 4
    with pytest.raises(ac.APIConnectionError, match="live stream is lost"):
        followed(make("ac_test_x", f"http://127.0.0.1:{free_port()}"))


def test_failures_count_only_in_a_row(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_flow, "RECONNECTS_MAX", 1)
    acts = [tell(event(n)) for n in range(4)]
    with live(*acts, tell(END, wait=True)) as server:
        told = followed(make("ac_test_x", server.url))
    assert told == ["evt_0", "evt_1", "evt_2", "evt_3", "evt_9"]


def test_what_is_no_event_is_told(make: Make) -> None:
    with (
        live(tell({"hello": "world"}, wait=True)) as server,
        pytest.raises(ac.APIResponseError, match="hello"),
    ):
        followed(make("ac_test_x", server.url))


def test_leaving_a_stream_closes_it() -> None:
    gone = threading.Event()

    def act(socket: Any) -> None:
        tell(event(1), wait=True)(socket)
        gone.set()

    with live(act) as server:
        with ac.AgenticCalling("ac_test_x", base_url=server.url) as client:
            with client.events.stream() as stream:
                for one in stream:
                    assert one.event_id == "evt_1"
                    break
            assert gone.wait(5)
            assert list(stream) == []
            stream.close()

        async def leave() -> None:
            async with ac.AsyncAgenticCalling("ac_test_x", base_url=server.url) as client:
                async with client.events.stream() as stream:
                    assert (await stream.__anext__()).event_id == "evt_1"
                    # Cancelled while it waits: the connection is closed all the same.
                    with pytest.raises(asyncio.TimeoutError):
                        await asyncio.wait_for(stream.__anext__(), 0.05)

        gone.clear()
        asyncio.run(leave())
        assert gone.wait(5)


def test_waiting_works_where_no_websocket_gets_through(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_flow, "POLL_FIRST_SECONDS", 0.01)
    going, refused = Reply(200, CALL), Reply(403, {"detail": "no upgrade here"})
    over = Reply(200, {**CALL, "status": "completed"})
    with scripted(going, refused, going, going, over) as script:
        each = make("ac_test_x", script.url)
        assert each.do(lambda client: client.calls.wait("01H", 5)).is_terminal
        paths = [got.path for got in script.received]
        assert paths == ["/v1/calls/01H", "/v1/ws?call_id=01H", *["/v1/calls/01H"] * 3]


def test_waiting_closes_its_stream(make: Make) -> None:
    """The call is read from one server, the stream from another, by way of a transport between."""
    import httpx

    answers = iter([CALL, {**CALL, "status": "completed", "summary": "Done"}])
    gone = threading.Event()

    def act(socket: Any) -> None:
        tell(event(1), END, wait=True)(socket)
        gone.set()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=next(answers))

    with live(act) as server:
        each = make("ac_test_x", server.url)
        each.client._driver.http._transport = httpx.MockTransport(answer)
        began = time.monotonic()
        assert each.do(lambda client: client.calls.wait("01H", 30)).summary == "Done"
        assert time.monotonic() - began < 5
        assert gone.wait(5)


def test_waiting_tells_what_is_wrong(make: Make) -> None:
    with scripted(Reply(404, {"detail": "there is no such call"})) as script:
        with pytest.raises(ac.NotFoundError, match="no such call"):
            make("ac_test_x", script.url).do(lambda client: client.calls.wait("01H", 5))
        assert len(script.received) == 1


def test_a_cancelled_wait_closes_its_stream() -> None:
    import httpx

    gone = threading.Event()

    def act(socket: Any) -> None:
        tell(event(1), wait=True)(socket)
        gone.set()

    async def run(url: str) -> None:
        http = httpx.AsyncClient(
            transport=httpx.MockTransport(lambda _: httpx.Response(200, json=CALL))
        )
        async with ac.AsyncAgenticCalling("ac_test_x", base_url=url, http_client=http) as client:
            waiting = asyncio.create_task(client.calls.wait("01H", None))
            while not server.asked:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await http.aclose()

    with live(act) as server:
        asyncio.run(run(server.url))
        assert gone.wait(5)
