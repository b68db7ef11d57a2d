"""Every resource on the real server, by both clients."""

from __future__ import annotations

import io
import time
import wave
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import agenticcalling as ac
from conftest import Placed
from support.each import Each
from support.script import Reply, scripted
from support.server import Server

NUMBER = "+12025550104"
INVALID = "+12025550112"
LATER = datetime.now(timezone.utc) + timedelta(days=1)


def later(client: Any, **more: Any) -> Any:
    """A call that is not placed while the tests run."""
    return client.calls.create(NUMBER, "Ask about their hours", schedule_at=LATER, **more)


def test_a_call_is_made_read_listed_and_cancelled(each: Each) -> None:
    call = each.do(lambda c: later(c, client_id="mine", pod_id="acme", behavior_rules=["Be kind"]))
    assert call.status is ac.CallStatus.SCHEDULED
    assert call.call_id == f"call_{call.id}"
    assert call.schedule_at == LATER.replace(microsecond=0)
    assert (call.to_number, call.pod_id, call.behavior_rules) == (NUMBER, "acme", ["Be kind"])
    assert call.model_extra == {}, "the document has no field that the library does not know"
    assert call.retry_policy.model_extra == {}
    info = call.response_info
    assert (info.status_code, info.replayed, info.usage_warning) == (201, False, None)
    assert info.request_id.startswith("req_")

    again = each.do(lambda c: later(c, client_id="mine", pod_id="acme"))
    assert (again.id, again.response_info.status_code) == (call.id, 200)
    assert again.response_info.replayed

    for given in (call.id, call.call_id):
        assert each.do(lambda c, given=given: c.calls.get(given)).created_at == call.created_at
    assert each.do(lambda c: c.calls.attempts(call.id)) == []
    cancelled = each.do(lambda c: c.calls.cancel(call.id))
    assert cancelled.status is ac.CallStatus.CANCELLED
    assert cancelled.is_terminal
    found = each.all(lambda c: c.calls.list(status=ac.CallStatus.CANCELLED, pod_id="acme"))
    assert [one.id for one in found] == [call.id]
    assert each.all(lambda c: c.calls.list(created_after=LATER)) == []
    with pytest.raises(ac.NotFoundError, match="no such call"):
        each.do(lambda c: c.calls.get("01JQ8X5W3N0000000000000000"))
    with pytest.raises(ac.NotFoundError):
        each.do(lambda c: c.calls.recording(call.id))


def test_mistakes_are_named(each: Each) -> None:
    with pytest.raises(ac.ValidationError) as told:
        each.do(lambda c: c.calls.create("12", "Ask", max_duration_minutes=500, voice="nobody's"))
    error = told.value
    assert {one.field for one in error.errors} == {"to", "max_duration_minutes", "voice"}
    assert error.code == "validation_error"
    assert error.request_id is not None
    assert error.request_id in str(error)


def test_one_key_makes_one_call(each: Each) -> None:
    ids = {
        each.do(
            lambda c: c.calls.create(
                NUMBER, "Ask", schedule_at="2031-01-01T00:00:00Z", idempotency_key="k"
            )
        ).id
        for _ in range(2)
    }
    assert len(ids) == 1
    with pytest.raises(ac.ValidationError, match="another request"):
        each.do(lambda c: c.calls.create(NUMBER, "Something else", idempotency_key="k"))


def test_lists_go_through_all_pages(each: Each) -> None:
    for n in range(5):
        each.do(lambda c, n=n: later(c, client_id=f"c{n}"))
    listed = each.all(lambda c: c.calls.list(limit=2))
    assert [call.client_id for call in listed] == ["c4", "c3", "c2", "c1", "c0"]
    page = each.do(lambda c: c.calls.list(limit=2))
    assert len(page.items) == 2
    assert page.next_page_token
    assert page.response_info.status_code == 200
    rest = each.all(lambda c: c.calls.list(limit=2, page_token=page.next_page_token))
    assert [call.client_id for call in rest] == ["c2", "c1", "c0"]
    sizes = [len(page.items) for page in each.all(lambda c: c.calls.list(limit=2).pages())]
    assert sizes == [2, 2, 1]
    second = each.do(lambda _: page.next_page())
    assert [call.client_id for call in second.items] == ["c2", "c1"]
    third = each.do(lambda _: second.next_page())
    assert third.next_page_token is None
    assert each.do(lambda _: third.next_page()) is None
    assert "next_page_token=None" in repr(third)


def test_a_batch_is_made_waited_for_and_read(each: Each) -> None:
    targets: list[ac.TargetParams] = [
        {"to": INVALID, "client_id": "one"},
        {"to": INVALID, "context": "The second"},
    ]
    batch = each.do(lambda c: c.calls.create_batch(targets, "Ask about their hours"))
    assert (batch.total, len(batch.calls)) == (2, 2)
    assert batch.calls[0].client_id == "one"
    done = each.do(lambda c: c.calls.wait_batch(batch.batch_id, timeout=30))
    assert done.status is ac.BatchStatus.COMPLETED
    assert done.statuses == {"failed": 2}
    assert {call.reason for call in done.calls} == {"invalid_number"}
    events = each.all(lambda c: c.events.stream(batch_id=batch.batch_id))
    assert isinstance(events[-1], ac.BatchEvent)
    assert events[-1].batch.statuses == {"failed": 2}


def test_a_call_that_fails_is_waited_for(each: Each) -> None:
    call = each.do(lambda c: c.calls.create(INVALID, "Ask about their hours"))
    over = each.do(lambda c: c.calls.wait(call.call_id, timeout=30))
    assert (over.status, over.reason) == (ac.CallStatus.FAILED, "invalid_number")
    began = time.monotonic()
    assert each.do(lambda c: c.calls.wait(call.id)).status is ac.CallStatus.FAILED
    assert time.monotonic() - began < 5, "what is over is not waited for"


def test_waiting_ends_in_time(each: Each) -> None:
    call = each.do(later)
    began = time.monotonic()
    with pytest.raises(ac.WaitTimeoutError, match=r"0\.3 seconds") as told:
        each.do(lambda c: c.calls.wait(call.id, 0.3))
    assert 0.3 <= time.monotonic() - began < 5
    assert told.value.last.status is ac.CallStatus.SCHEDULED
    assert isinstance(told.value, TimeoutError)
    early = each.do(lambda c: c.calls.wait(call.id, until=["scheduled"]))
    assert early.status is ac.CallStatus.SCHEDULED


def test_personas(each: Each) -> None:
    made = each.do(
        lambda c: c.personas.create("Buyer", "Alex", "Acme Corp", client_id="p", tone="Warm")
    )
    assert made.persona_id == f"persona_{made.id}"
    assert made.model_extra == {}
    assert each.do(lambda c: c.personas.create("Other", "Sam", client_id="p")).id == made.id
    changed = each.do(lambda c: c.personas.update(made.persona_id, company="", default_rules=["x"]))
    assert (changed.company, changed.default_rules, changed.tone) == (None, ["x"], "Warm")
    assert each.do(lambda c: c.personas.get(made.id)).default_rules == ["x"]
    assert [one.id for one in each.all(lambda c: c.personas.list(10))] == [made.id]
    assert each.do(lambda c: c.personas.delete(made.id)) is None
    assert each.all(lambda c: c.personas.list()) == []


def test_playbooks(each: Each) -> None:
    made = each.do(
        lambda c: c.playbooks.create(
            "Quote",
            "Get a quote",
            "platform.price_inquiry",
            extraction_schema={"price": "number"},
        )
    )
    assert made.source is ac.PlaybookSource.CUSTOM
    assert made.model_extra == {}
    changed = each.do(lambda c: c.playbooks.update(made.playbook_id, "Get two quotes"))
    assert (changed.version, changed.strategy) == (2, "Get two quotes")
    back = each.do(lambda c: c.playbooks.rollback(made.playbook_id, 1))
    assert (back.version, back.strategy) == (3, "Get a quote")
    versions = each.all(lambda c: c.playbooks.versions(made.playbook_id, limit=2))
    assert [one.version for one in versions] == [3, 2, 1]
    component = each.do(lambda c: c.playbooks.component(made.playbook_id, version=2))
    assert component.startswith(b"\0asm")
    replaced = each.do(lambda c: c.playbooks.replace_component(made.playbook_id, component))
    assert (replaced.version, replaced.strategy) == (4, "Get two quotes")
    own = each.do(lambda c: c.playbooks.create_from_component(component, client_id="c"))
    again = each.do(lambda c: c.playbooks.create_from_component(component, client_id="c"))
    assert own.id == again.id != made.id
    listed = each.all(lambda c: c.playbooks.list(source="platform", limit=4))
    assert len(listed) == 9
    assert all(one.playbook_id.startswith("platform.") for one in listed)
    assert each.do(lambda c: c.playbooks.get("platform.general")).created_at is None
    for playbook in (made, own):
        each.do(lambda c, id=playbook.id: c.playbooks.delete(id))
    assert each.all(lambda c: c.playbooks.list(source=ac.PlaybookSource.CUSTOM)) == []
    with pytest.raises(ac.PermissionDeniedError):
        each.do(lambda c: c.playbooks.delete("platform.general"))


def test_lines_voices_numbers_and_usage(each: Each) -> None:
    (first,) = each.all(lambda c: c.lines.list())
    assert first.country == "US"
    made = each.do(lambda c: c.lines.create("DE"))
    assert made.phone_number.startswith("+49")
    assert each.do(lambda c: c.lines.get(made.line_id)) == made
    assert len(each.all(lambda c: c.lines.list(limit=1))) == 2
    each.do(lambda c: c.lines.release(made.id))
    assert each.all(lambda c: c.lines.list()) == [first]
    voices = each.do(lambda c: c.voices.list())
    assert "professional_male_en" in {voice.id for voice in voices}
    numbers = each.do(lambda c: c.sandbox.numbers())
    assert NUMBER in {number.number for number in numbers}
    usage = each.do(lambda c: c.usage.get())
    assert (usage.plan, usage.minutes_limit, usage.minutes_used_this_month) == (
        "unlimited",
        None,
        0,
    )
    assert usage.cost.rates_per_pipeline["realtime"].total_per_min == 0.336
    assert usage.model_extra == usage.cost.model_extra == {}


def test_do_not_call(each: Each) -> None:
    added = each.do(lambda c: c.do_not_call.add([NUMBER, INVALID], note="Asked"))
    assert (added.added, added.already_listed) == (2, 0)
    csv = "number,note\n+12025550105,By letter\nnonsense,\n+12025550104,\n"
    imported = each.do(lambda c: c.do_not_call.import_csv(csv))
    assert (imported.added, imported.already_listed, imported.rejected) == (1, 1, 1)
    assert imported.rejected_rows[0].line == 3
    listed = each.all(lambda c: c.do_not_call.list(limit=2))
    assert [one.number for one in listed] == [NUMBER, "+12025550105", INVALID]
    assert [one.source for one in listed] == ["api", "import", "api"]
    with pytest.raises(ac.ValidationError, match="do-not-call") as told:
        each.do(lambda c: c.calls.create(NUMBER, "Ask"))
    assert told.value.code == "do_not_call"
    for number in (NUMBER, "+12025550105", INVALID):
        each.do(lambda c, number=number: c.do_not_call.remove(number))
    assert each.all(lambda c: c.do_not_call.list()) == []
    with pytest.raises(TypeError, match="a list"):
        each.do(lambda c: c.do_not_call.add(NUMBER))


def test_keys_settings_and_billing(each: Each) -> None:
    made = each.do(lambda c: c.api_keys.create("Reader", read_only=True))
    assert made.api_key.startswith("ac_test_")
    assert made.api_key not in repr(made)
    keys = each.do(lambda c: c.api_keys.list())
    (shown,) = [key for key in keys if key.id == made.id]
    assert (shown.name, shown.read_only, shown.last_four) == ("Reader", True, made.api_key[-4:])
    reader = Each(each.kind, made.api_key, each.base_url)
    assert reader.all(lambda c: c.calls.list()) == []
    with pytest.raises(ac.PermissionDeniedError, match="read-only"):
        reader.do(later)
    each.do(lambda c: c.api_keys.revoke(made.id))
    with pytest.raises(ac.AuthenticationError):
        reader.do(lambda c: c.usage.get())
    reader.close()
    assert not each.do(lambda c: c.account.settings()).require_consent
    with pytest.raises(ac.PermissionDeniedError, match="live keys"):
        each.do(lambda c: c.account.update_settings(record_calls=False))


def test_a_known_address_gets_a_key_that_waits(make: Callable[..., Each], server: Server) -> None:
    nobody = make("", server.base_url)
    email = f"known-{nobody.kind}@example.com"
    first = nobody.do(lambda c: c.account.register("Acme", email))
    second = nobody.do(lambda c: c.account.register("Acme", email))
    assert first.org_id == second.org_id
    owner, waiting = (make(one.api_key, server.base_url) for one in (first, second))
    with pytest.raises(ac.AuthenticationError):
        waiting.do(lambda c: c.usage.get())
    keys = owner.do(lambda c: c.api_keys.list(include="pending"))
    (pending,) = [key for key in keys if not key.is_active]
    assert owner.do(lambda c: c.api_keys.approve(pending.id)).is_active
    assert waiting.do(lambda c: c.usage.get()).organization_id == first.org_id


def test_settings_and_billing(make: Callable[..., Each], server: Server) -> None:
    nobody = make("", server.base_url)
    email = f"owner-{nobody.kind}@example.com"
    owner = make(nobody.do(lambda c: c.account.register("Acme", email)).api_key, server.base_url)
    change = {"record_calls": False, "recording_disclosure": ac.RecordingDisclosure.ALWAYS}
    assert owner.do(lambda c: c.account.update_settings(openai_api_key="sk-1", **change)).updated
    settings = owner.do(lambda c: c.account.settings())
    assert (settings.record_calls, settings.openai_api_key_set) == (False, True)
    assert settings.recording_disclosure is ac.RecordingDisclosure.ALWAYS
    owner.do(lambda c: c.account.update_settings(openai_api_key=""))
    assert not owner.do(lambda c: c.account.settings()).openai_api_key_set
    for buy in (
        lambda c: c.account.billing_portal(return_url="https://a.example"),
        lambda c: c.account.checkout("price_1", "https://a.example", "https://b.example"),
    ):
        with pytest.raises(ac.ServerError) as told:
            owner.do(buy)
        assert (told.value.status_code, told.value.code) == (503, "stripe_not_configured")
    with pytest.raises(ac.ServerError, match="no telephone carrier") as told:
        owner.do(later)
    assert told.value.code == "carrier_not_configured"


def test_webhooks_arrive_and_are_verified(each: Each) -> None:
    with scripted(Reply(200)) as endpoint:
        made = each.do(lambda c: c.webhooks.create(f"{endpoint.url}/hook", [], "w"))
        assert made.secret.startswith("whsec_")
        assert made.secret not in repr(made)
        sent = each.do(lambda c: c.webhooks.test(made.webhook_id))
        (got,) = endpoint.wait_for(1)
        hook = ac.Webhook(made.secret, require_timestamp=True)
        event = hook.unwrap(got.body, got.headers)
        assert (event.event_type, event.event_id) == (ac.EventType.WEBHOOK_TEST, sent.event_id)
        assert ac.verify_signature(got.headers, got.body, made.secret)
        with pytest.raises(ac.WebhookVerificationError):
            ac.Webhook("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX").unwrap(got.body, got.headers)

        rotated = each.do(lambda c: c.webhooks.rotate_secret(made.id))
        call = each.do(later)
        got = endpoint.wait_for(2)[1]
        for secret in (made.secret, rotated.secret):
            event = ac.Webhook(secret, require_timestamp=True).unwrap(got.body, got.headers)
            assert isinstance(event, ac.CallEvent)
            assert event.call.call_id == call.call_id
        each.do(lambda c: c.webhooks.redeliver(made.id, event.event_id))
        assert endpoint.wait_for(3)[2].json()["event_id"] == event.event_id

        changed = each.do(lambda c: c.webhooks.update(made.id, event_types=["call.completed"]))
        assert changed.event_types == ["call.completed"]
        recovered = each.do(lambda c: c.webhooks.recover(made.id, datetime.now(timezone.utc)))
        assert recovered.events == 0
        assert each.do(lambda c: c.webhooks.get(made.id)).secret is None
        assert [one.id for one in each.do(lambda c: c.webhooks.list())] == [made.id]
        log = each.all(lambda c: c.webhooks.deliveries(made.id, limit=1))
        assert {one.event_type for one in log} == {"webhook.test", "call.queued"}
        assert all(one.model_extra == {} for one in log)
        each.do(lambda c: c.webhooks.delete(made.id))
        assert each.do(lambda c: c.webhooks.list()) == []


def test_limits_of_the_plan(make: Callable[..., Each], server: Server) -> None:
    organization, key = server.register()
    each = make(key, server.base_url)
    server.set_plan(organization, "free")
    with pytest.raises(ac.InsufficientBalanceError) as told:
        each.do(lambda c: c.lines.create())
    assert told.value.code == "line_limit_reached"
    assert told.value.plan == "free"
    assert (told.value.minutes_used, told.value.resets_at) == (None, None)
    assert told.value.suggestions
    server.set_plan(organization, "hurried")
    each.do(later)
    with pytest.raises(ac.RateLimitError) as limited:
        each.do(later)
    assert limited.value.retry_after is not None
    assert 30 < limited.value.retry_after <= 60


def test_tickets_and_refusals_of_the_stream(each: Each) -> None:
    ticket = each.do(lambda c: c.events.ticket())
    assert ticket.ticket.startswith("tkt_")
    assert ticket.ticket not in repr(ticket)
    for wrong, kind in [
        ({"call_id": "01JQ8X5W3N0000000000000000"}, ac.NotFoundError),
        ({"line_id": "nonsense"}, ac.ValidationError),
    ]:
        with pytest.raises(kind) as told:
            each.all(lambda c, wrong=wrong: c.events.stream(**wrong))
        assert told.value.request_id is not None
    stranger = Each(each.kind, "ac_test_wrong", each.base_url)
    with pytest.raises(ac.AuthenticationError):
        stranger.all(lambda c: c.events.stream())
    stranger.close()


def test_a_stream_goes_on_where_another_ended(client: ac.AgenticCalling) -> None:
    calls = [later(client) for _ in range(3)]
    with client.events.stream(call_id=calls[0].id) as stream:
        next(stream)
        seen = stream.last_event_id
    with client.events.stream(last_event_id=seen) as stream:
        told = [next(stream), next(stream)]
        assert [event.call.call_id for event in told] == [one.call_id for one in calls[1:]]  # type: ignore[attr-defined]
    assert next(stream, None) is None, "a closed stream is over"


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_call_is_followed_word_by_word(placed: Placed, kind: str) -> None:
    told = placed.told(kind)
    said = [event for event in told if isinstance(event, ac.TranscriptEvent)]
    assert {event.speaker for event in said} == {ac.Speaker.AGENT, ac.Speaker.HUMAN}
    assert all(event.text for event in said)
    assert {event.event_type for event in said} == {
        ac.EventType.TRANSCRIPT_PARTIAL,
        ac.EventType.TRANSCRIPT_FINAL,
    }
    assert isinstance(told[-1], ac.CallEvent)
    assert told[-1].ends_call


def test_a_whole_call(placed: Placed, tmp_path: Path) -> None:
    client = placed.client
    told = placed.told("sync")
    assert told[0].event_type is ac.EventType.CALL_QUEUED
    assert isinstance(told[-1], ac.CallEvent)
    assert told[-1].event_type is ac.EventType.CALL_COMPLETED
    ids = [event.event_id for event in told if event.event_id]
    assert len(ids) == len(set(ids))
    call = client.calls.wait(placed.call.call_id, timeout=60)
    assert call.status is ac.CallStatus.COMPLETED
    assert call.answered_by is ac.AnsweredBy.HUMAN
    assert call.summary == told[-1].call.summary
    assert call.structured_data == told[-1].call.structured_data
    assert call.transcript is not None
    assert client.calls.transcript(call.id).turns == call.transcript
    assert {turn.speaker for turn in call.transcript} == {ac.Speaker.AGENT, ac.Speaker.HUMAN}
    recording = client.calls.recording(call.id)
    path = client.calls.save_recording(call.id, tmp_path / "call.wav")
    assert path.read_bytes() == recording
    with wave.open(io.BytesIO(recording)) as heard:
        assert heard.getnchannels() == 2
        assert heard.getnframes() / heard.getframerate() > 5
    for url in (client.calls.recording_url(call.id), client.calls.transcript_url(call.id)):
        assert url.startswith(client._driver.settings.origin)
    (attempt,) = client.calls.attempts(call.id)
    assert (attempt.number, attempt.answered_by) == (1, ac.AnsweredBy.HUMAN)
    with pytest.raises(ac.ConflictError):
        client.calls.cancel(call.id)
    (conversation,) = client.conversations.list(number=call.to_number)
    detail = client.conversations.get(conversation.id)
    assert detail.calls[0].call_id == call.call_id
    assert detail.previous_call_context
    (listed,) = client.calls.list(include="transcript", conversation_id=conversation.id)
    assert listed.transcript == call.transcript
