"""What the product's documentation prints for Python programs, run against the sandbox.

Two things are put in for the reader's own: the key in place of `ac_live_...`, and, so that nothing leaves this
machine, an endpoint of the test in place of `https://myapp.com`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import agenticcalling as ac
from support.script import Reply, Script, scripted
from support.server import Server
from support.snippets import FOLDER, snippet


class Reader:
    """Somebody who follows the documentation."""

    def __init__(self, server: Server, key: str, endpoint: Script) -> None:
        self.key = key
        self.endpoint = endpoint
        self.client = ac.AgenticCalling(key, base_url=server.base_url, max_retries=0)

    def run(self, name: str, **known: Any) -> dict[str, Any]:
        """Runs a snippet; gives the names it made."""
        text = snippet(name).replace("ac_live_...", self.key)
        text = text.replace("https://myapp.com", self.endpoint.url)
        names: dict[str, Any] = {"client": self.client, "time": time, **known}
        exec(compile(text, f"{name}.py", "exec"), names)
        return names


@pytest.fixture
def reader(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    key = server.key()
    monkeypatch.setenv("AC_API_KEY", key)
    monkeypatch.setenv("AC_BASE_URL", server.base_url)
    with scripted(Reply(200)) as endpoint:
        one = Reader(server, key, endpoint)
        yield one
        one.client.close()


def test_every_snippet_is_run() -> None:
    text = (FOLDER.parent / "test_snippets.py").read_text()
    run = set(re.findall(r'\.run\("(\w+)"', text)) | set(re.findall(r'snippet\("(\w+)"', text))
    assert run == {path.stem for path in FOLDER.glob("*.py")}


def test_quick_start(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    made = reader.run("quick_start")
    call, result = made["call"], made["result"]
    assert call.status == "queued"
    assert result.call_id == call.call_id
    assert capsys.readouterr().out == f"{call.call_id}\nNone\nNone\n"


def test_phone_numbers(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    line = reader.run("phone_numbers")["line"]
    assert re.fullmatch(r"\+1\d{10}", line.phone_number)
    assert capsys.readouterr().out == f"{line.phone_number}\n"


def test_pods(reader: Reader) -> None:
    assert reader.run("pods")["call"].pod_id == "customer_acme"


def test_playbooks(reader: Reader) -> None:
    playbook = reader.run("custom_playbook")["playbook"]
    assert playbook.base == "platform.negotiation"
    assert playbook.behavior_rules[0] == "Never agree to price above $58/unit"
    assert playbook.extraction_schema["moq"] == "number"
    assert playbook.voice_tone == "Warm, professional, never pushy."
    other = reader.run("extraction_schema")["playbook"]
    assert other.extraction_schema["willingness_to_negotiate"] == "high/medium/low"
    listed = {one.playbook_id for one in reader.client.playbooks.list(source="custom")}
    assert listed == {playbook.playbook_id, other.playbook_id}


def test_auto_classification(reader: Reader) -> None:
    assert reader.run("auto_classification")["call"].playbook_id == "platform.reservation"


def test_personas(reader: Reader) -> None:
    made = reader.run("personas")
    assert made["persona"].caller_name == "Alex"
    assert made["call"].persona_id == made["persona"].persona_id
    assert "Always identify yourself as Alex from Acme Corp" in made["call"].behavior_rules


def test_webhooks(reader: Reader) -> None:
    webhook = reader.run("webhook_setup")["webhook"]
    assert webhook.secret.startswith("whsec_")
    assert webhook.event_types == ["call.completed", "call.exhausted", "call.dnc_requested"]
    verify = reader.run("verify_signature")["verify_signature"]
    reader.client.webhooks.test(webhook.webhook_id)
    (got,) = reader.endpoint.wait_for(1)
    assert got.path == "/webhooks/agenticcalling"
    headers = {"X-AC-Signature": got.headers["x-ac-signature"]}
    assert verify(headers, got.body, webhook.secret)
    assert not verify(headers, got.body, "whsec_other")
    assert not verify({}, got.body, webhook.secret)


def test_a_webhook_of_a_call(reader: Reader) -> None:
    call = reader.run("webhook_of_a_call")["call"]
    (got, *_) = reader.endpoint.wait_for(1)
    assert got.path == "/webhooks/specific-call"
    assert got.json()["call"]["call_id"] == call.call_id


def test_the_page_of_the_sdk(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    made = reader.run("python_sdk")
    assert made["call"].client_id == "steel-inquiry-v1"
    assert made["call"].voice == "professional_male_en"
    assert [call.to_number for call in made["batch"].calls] == ["+14155551111", "+14155552222"]
    assert made["batch"].calls[0].playbook_id == "platform.price_inquiry"
    assert made["batch"].calls[0].context == "Supplier A"
    assert capsys.readouterr().out == "None\nNone minutes remaining\n"


def test_handling_errors(
    reader: Reader, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reader.run("handling_errors")["call"].status == "queued"
    assert capsys.readouterr().out == ""

    wrong = ac.AgenticCalling("ac_test_wrong", base_url=server.base_url)
    reader.run("handling_errors", client=wrong)
    assert capsys.readouterr().out == "Invalid API key. Check AC_API_KEY.\n"

    organization, key = server.register()
    client = ac.AgenticCalling(key, base_url=server.base_url, max_retries=0)
    server.set_plan(organization, "no_minutes")
    reader.run("handling_errors", client=client)
    used, resets, upgrade = capsys.readouterr().out.splitlines()
    assert used == "Out of minutes: 0.0/0.0 used"
    assert re.fullmatch(r"Resets: \d{4}-\d\d-01 00:00:00\+00:00", resets)
    assert upgrade.startswith("Upgrade: ")
    assert upgrade.endswith("/dashboard/upgrade")

    class Clock:
        slept: float | None = None

        def sleep(self, seconds: float) -> None:
            self.slept = seconds

    clock = Clock()
    server.set_plan(organization, "hurried")
    for _ in range(2):
        reader.run("handling_errors", client=client, time=clock)
    assert clock.slept is not None
    assert 30 < clock.slept <= 60
