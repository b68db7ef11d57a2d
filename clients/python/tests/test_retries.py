"""What is sent again, what is not, and what a failure is told as."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

import agenticcalling as ac
from agenticcalling import _flow, _retry
from support.each import Each
from support.script import DROP, Reply, Script, free_port, scripted

CALL = {
    "id": "01H",
    "status": "queued",
    "to_number": "+12025550100",
    "objective": "Ask",
    "created_at": "2026-03-26T10:00:00Z",
    "updated_at": "2026-03-26T10:00:00Z",
}
Make = Callable[..., Each]


def problem(status: int, code: str, **headers: str) -> Reply:
    body = {"detail": f"{code}, alas", "code": code, "status": status, "errors": []}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body, {"x-request-id": "req_1", **headers})


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "BACKOFF_FIRST_SECONDS", 0.01)


def create(client: Any) -> Any:
    return client.calls.create("+12025550100", "Ask")


def get(client: Any) -> Any:
    return client.calls.get("01H")


def delete(client: Any) -> Any:
    return client.personas.delete("01H")


def update(client: Any) -> Any:
    return client.personas.update("01H", company="Acme")


def register(client: Any) -> Any:
    return client.account.register("Acme", "dev@example.com")


# What is done, what fails first, and how often it is sent before the good answer is there (None: the failure is told).
TABLE: list[tuple[Any, Reply, int | None]] = [
    (get, DROP, 2),
    (get, problem(500, "internal_error"), 2),
    (get, problem(502, "link_failed"), 2),
    (get, problem(503, "not_ready"), 2),
    (get, problem(429, "rate_limited", retry_after="0"), 2),
    (get, problem(408, "body_too_slow"), 2),
    (get, problem(503, "carrier_not_configured"), None),
    (get, problem(501, "not_implemented"), None),
    (get, problem(404, "not_found"), None),
    (get, problem(401, "unauthorized"), None),
    (get, problem(422, "validation_error"), None),
    (create, DROP, 2),
    (create, problem(500, "internal_error"), 2),
    (create, problem(409, "request_in_flight", retry_after="0"), 2),
    (create, problem(409, "conflict"), None),
    (create, problem(402, "insufficient_balance"), None),
    (delete, DROP, 2),
    # Neither is safe to do twice unasked.
    (update, DROP, None),
    (update, problem(500, "internal_error"), None),
    (update, problem(429, "rate_limited", retry_after="0"), 2),
    (register, DROP, None),
    (register, problem(503, "not_ready"), None),
    (register, problem(429, "rate_limited", retry_after="0"), 2),
]
GOOD: dict[Any, Reply] = {
    get: Reply(200, CALL),
    create: Reply(201, CALL),
    delete: Reply(204),
    update: Reply(
        200,
        {**CALL, "persona_id": "persona_01H", "name": "x"},
    ),
    register: Reply(201, {"org_id": "01H", "api_key": "ac_live_x", "message": ""}),
}


@pytest.mark.parametrize(("what", "failure", "sent"), TABLE)
def test_what_is_safe_is_sent_again(
    make: Make, what: Any, failure: Reply, sent: int | None
) -> None:
    with scripted(failure, GOOD[what]) as script:
        each = make("ac_test_x", script.url)
        if sent is None:
            with pytest.raises(ac.AgenticCallingError) as told:
                each.do(what)
            assert told.value.status_code == (failure.status or None)
            assert len(script.received) == 1
        else:
            each.do(what)
            assert len(script.received) == sent
            keys = {got.headers.get("idempotency-key") for got in script.received}
            assert len(keys) == 1, "a repetition is known as one"
            assert (None in keys) == (what is not create)


def test_a_request_that_never_left_is_always_sent_again(make: Make) -> None:
    each = make("ac_test_x", f"http://127.0.0.1:{free_port()}", max_retries=1)
    began = time.monotonic()
    with pytest.raises(ac.APIConnectionError, match="no answer from the server at http") as told:
        each.do(update)
    assert not told.value.sent
    assert time.monotonic() - began < 5


def test_it_gives_up_in_the_end(make: Make) -> None:
    with scripted(problem(500, "internal_error")) as script:
        for retries in (0, 3):
            before = len(script.received)
            with pytest.raises(ac.ServerError):
                make("ac_test_x", script.url, max_retries=retries).do(get)
            assert len(script.received) - before == retries + 1


def test_the_server_says_how_long_to_wait(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> _flow.Sleep:
        slept.append(seconds)
        return SLEEP(0)

    monkeypatch.setattr(_flow, "Sleep", sleep)
    soon = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=5), usegmt=True)
    for asked, least, most in [
        ("2", 2, 2.1),
        ("0.5", 0.5, 0.6),
        (soon, 3.5, 5.1),
        ("soon", 0, 0.02),
    ]:
        with scripted(problem(429, "rate_limited", retry_after=asked), Reply(200, CALL)) as script:
            make("ac_test_x", script.url).do(get)
            assert least <= slept.pop() <= most, asked


SLEEP = _flow.Sleep


def test_a_long_wait_is_left_to_the_caller(make: Make) -> None:
    with scripted(problem(429, "rate_limited", retry_after="31")) as script:
        with pytest.raises(ac.RateLimitError) as told:
            make("ac_test_x", script.url).do(get)
        assert told.value.retry_after == 31.0
        assert len(script.received) == 1


def test_a_deletion_whose_answer_was_lost_is_done(make: Make) -> None:
    with scripted(DROP, problem(404, "not_found")) as script:
        assert make("ac_test_x", script.url).do(delete) is None
    with scripted(problem(404, "not_found")) as script, pytest.raises(ac.NotFoundError):
        make("ac_test_x", script.url).do(delete)
    # What is to be cancelled must be there: the answer is the call.
    with scripted(DROP, problem(404, "not_found")) as script, pytest.raises(ac.NotFoundError):
        make("ac_test_x", script.url).do(lambda client: client.calls.cancel("01H"))


def test_an_answer_that_breaks_off_is_asked_for_again(make: Make) -> None:
    with scripted(Reply(200, CALL, cut_after=20), Reply(200, CALL)) as script:
        assert make("ac_test_x", script.url).do(get).id == "01H"
        assert len(script.received) == 2


def test_an_answer_that_cannot_be_read_is_a_failure_of_the_connection(make: Make) -> None:
    with scripted(Reply(200, b"no gzip", {"content-encoding": "gzip"})) as script:
        with pytest.raises(ac.APIConnectionError, match="no answer"):
            make("ac_test_x", script.url, max_retries=0).do(get)


def test_a_slow_server_is_a_timeout(make: Make) -> None:
    import threading

    hold = threading.Event()
    with scripted(Reply(200, CALL, hold=hold)) as script:
        each = make("ac_test_x", script.url, timeout=0.2, max_retries=0)
        with pytest.raises(ac.APITimeoutError, match="in time"):
            each.do(get)
        hold.set()


STATUSES: list[tuple[int, type[ac.AgenticCallingError]]] = [
    (400, ac.APIStatusError),
    (401, ac.AuthenticationError),
    (402, ac.InsufficientBalanceError),
    (403, ac.PermissionDeniedError),
    (404, ac.NotFoundError),
    (409, ac.ConflictError),
    (413, ac.APIStatusError),
    (422, ac.ValidationError),
    (429, ac.RateLimitError),
    (500, ac.ServerError),
    (502, ac.ServerError),
    (503, ac.ServerError),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_every_status_has_its_exception(make: Make, status: int, kind: type[Any]) -> None:
    body = {
        "detail": "it is wrong",
        "code": "a_code",
        "request_id": "req_2",
        "errors": [{"field": "to", "message": "is wrong"}],
    }
    with scripted(Reply(status, body)) as script:
        with pytest.raises(kind) as told:
            make("ac_test_x", script.url, max_retries=0).do(get)
        error = told.value
        assert type(error) is kind
        assert (error.status_code, error.message, error.code) == (status, "it is wrong", "a_code")
        assert error.request_id == "req_2"
        assert error.errors == [("to", "is wrong")]
        assert error.errors[0].field == "to"
        assert str(error) == f"{status}: it is wrong (request req_2)"
        again = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (type(again), str(again), again.errors) == (kind, str(error), error.errors)


def test_a_402_has_its_numbers(make: Make) -> None:
    body = {
        "error": {
            "code": "insufficient_balance",
            "message": "You've used all 5 free minutes this month.",
            "details": {
                "plan": "free",
                "minutes_used": 5.0,
                "minutes_limit": 5.0,
                "resets_at": "2026-04-01T00:00:00Z",
                "upgrade_url": "https://agenticcalling.ai/dashboard/upgrade",
            },
            "suggestions": ["Upgrade to Pro for unlimited calls"],
        }
    }
    with scripted(Reply(402, body)) as script, pytest.raises(ac.InsufficientBalanceError) as told:
        make("ac_test_x", script.url).do(create)
    error = told.value
    assert error.code == "insufficient_balance"
    assert (error.plan, error.minutes_used, error.minutes_limit) == ("free", 5.0, 5.0)
    assert error.resets_at == datetime(2026, 4, 1, tzinfo=timezone.utc)
    assert error.upgrade_url == "https://agenticcalling.ai/dashboard/upgrade"
    assert error.suggestions == ["Upgrade to Pro for unlimited calls"]
    assert "You've used all 5 free minutes" in str(error)


ODD: list[Reply] = [
    Reply(200, b"<html>a proxy's page</html>", {"content-type": "text/html"}),
    Reply(200, {"hello": "world"}),
    Reply(200, b""),
    Reply(200, [1, 2]),
]


@pytest.mark.parametrize("reply", ODD)
def test_an_answer_of_something_else_is_told_as_such(make: Make, reply: Reply) -> None:
    with scripted(reply) as script, pytest.raises(ac.APIResponseError, match="base address"):
        make("ac_test_x", script.url).do(get)
    error = Reply(502, b"<html>bad gateway</html>", {"content-type": "text/html"})
    with scripted(error) as script, pytest.raises(ac.ServerError, match="status 502") as told:
        make("ac_test_x", script.url, max_retries=0).do(get)
    assert told.value.body == "<html>bad gateway</html>"


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted(Reply(200, CALL)) as one:
        yield one


def test_without_a_key_nothing_is_sent(make: Make, script: Script) -> None:
    with pytest.raises(ac.AuthenticationError, match="AC_API_KEY"):
        make("", script.url).do(get)
    assert script.received == []


def test_what_is_sent(make: Make, script: Script) -> None:
    each = make("ac_test_x", f"{script.url}/v1/", headers={"X-Team": "blue"})
    each.do(
        lambda client: client.calls.create(
            "+12025550100",
            "Grüße",
            on_voicemail=ac.OnVoicemail.HANG_UP,
            schedule_at=datetime(2030, 1, 2, 3, 4, tzinfo=timezone.utc),
            retry_policy={"max_attempts": 2, "backoff": (1, 2)},
            idempotency_key="mine",
        )
    )
    got = script.received[0]
    assert (got.method, got.path) == ("POST", "/v1/calls")
    assert got.json() == {
        "to": "+12025550100",
        "objective": "Grüße",
        "on_voicemail": "hang_up",
        "schedule_at": "2030-01-02T03:04:00+00:00",
        "retry_policy": {"max_attempts": 2, "backoff": [1, 2]},
    }
    assert got.headers["authorization"] == "Bearer ac_test_x"
    assert got.headers["idempotency-key"] == "mine"
    assert got.headers["x-team"] == "blue"
    assert got.headers["user-agent"].startswith("agenticcalling-python/")


def test_what_headers_tell(make: Make) -> None:
    told = {
        "X-AC-Usage-Warning": "approaching_limit",
        "Idempotent-Replayed": "true",
        "X-Request-Id": "req_7",
    }
    with scripted(Reply(200, CALL, told), Reply(200, CALL)) as script:
        each = make("ac_test_x", script.url)
        info = each.do(create).response_info
        assert info.usage_warning is ac.UsageWarning.APPROACHING_LIMIT
        assert (info.replayed, info.request_id, info.status_code) == (True, "req_7", 200)
        info = each.do(get).response_info
        assert (info.usage_warning, info.replayed, info.request_id) == (None, False, None)


def test_ids_cannot_lead_elsewhere(make: Make, script: Script) -> None:
    each = make("ac_test_x", script.url)
    each.do(lambda client: client.calls.get("../auth/settings?x=1#y"))
    assert script.received[0].path == "/v1/calls/..%2Fauth%2Fsettings%3Fx%3D1%23y"
    for bad in ("", "  ", None):
        with pytest.raises(ValueError, match="call_id"):
            each.do(lambda client, bad=bad: client.calls.get(bad))


def test_mistakes_in_the_program_are_told_at_once(script: Script) -> None:
    for address in ("nonsense", "ftp://example.com", ""):
        with pytest.raises(ValueError, match="base_url"):
            ac.AgenticCalling("ac_test_x", base_url=address or " ")
    with pytest.raises(ValueError, match="api_key"):
        ac.AgenticCalling("ac_test_x\u2026", base_url=script.url)
    with pytest.raises(ValueError, match="max_retries"):
        ac.AgenticCalling("ac_test_x", max_retries=-1)
    client = ac.AgenticCalling("ac_test_x", base_url=script.url)
    with pytest.raises(TypeError, match="nonsense"):
        client.with_options(nonsense=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="time zone"):
        client.calls.create("+12025550100", "Ask", schedule_at=datetime(2030, 1, 1))
    assert script.received == []
    assert "ac_test_x" not in repr(client) + repr(client._driver.settings)


def test_options_for_some_requests(make: Make) -> None:
    with scripted(problem(500, "internal_error")) as script:
        each = make("ac_test_x", script.url, headers={"x-a": "1", "x-b": "1"})
        each.client = each.client.with_options(
            api_key="ac_test_y", max_retries=0, timeout=1.5, headers={"X-B": "2"}
        )
        with pytest.raises(ac.ServerError):
            each.do(get)
        (got,) = script.received
        assert got.headers["authorization"] == "Bearer ac_test_y"
        assert (got.headers["x-a"], got.headers["x-b"]) == ("1", "2")


def test_the_environment_is_read(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AC_API_KEY", " ac_test_env\n")
    monkeypatch.setenv("AC_BASE_URL", script.url)
    with ac.AgenticCalling() as client:
        client.calls.get("01H")
    assert script.received[0].headers["authorization"] == "Bearer ac_test_env"


def test_redirects_are_not_followed_with_the_key(make: Make) -> None:
    with scripted(Reply(200, CALL)) as elsewhere:
        moved = Reply(302, None, {"location": elsewhere.url})
        with scripted(moved) as script, pytest.raises(ac.APIStatusError, match="302"):
            make("ac_test_x", script.url).do(get)
        assert elsewhere.received == []
        file = Reply(200, b"RIFF")
        with scripted(file) as store, scripted(Reply(302, None, {"location": store.url})) as script:
            heard = make("ac_test_x", script.url).do(lambda client: client.calls.recording("01H"))
            assert heard == b"RIFF"
            assert "authorization" not in store.received[0].headers


def test_a_recording_is_written_whole_or_not_at_all(make: Make, tmp_path: Any) -> None:
    wav = bytes(range(256)) * 400
    target = tmp_path / "call.wav"
    with scripted(Reply(200, wav, cut_after=1000), Reply(200, wav)) as store:
        with scripted(Reply(302, None, {"location": f"{store.url}/x?signature=1"})) as script:
            each = make("ac_test_x", script.url)
            assert each.do(lambda client: client.calls.save_recording("01H", target)) == target
    assert target.read_bytes() == wav
    with scripted(Reply(200, wav, cut_after=1000)) as store:
        with scripted(Reply(302, None, {"location": store.url})) as script:
            each = make("ac_test_x", script.url)
            with pytest.raises(ac.APIConnectionError):
                each.do(lambda client: client.calls.save_recording("01H", tmp_path / "b.wav"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["call.wav"]
