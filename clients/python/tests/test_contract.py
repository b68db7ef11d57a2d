"""The library against the server's OpenAPI document and the product's documentation: nothing is left out."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import httpx
import pytest
from typing_extensions import Required

from agenticcalling import AgenticCalling, EventType, events, models
from agenticcalling.models import Model
from support.server import REPOSITORY
from support.snippets import SIGNATURES

DOCUMENT = json.loads((REPOSITORY / "host" / "openapi.json").read_text())
STREAM = json.loads((REPOSITORY / "host" / "asyncapi.json").read_text())
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]

# Our names are what a person would look for; the server's end in View.
MODELS: dict[str, type[Model]] = {
    "AttemptView": models.Attempt,
    "BatchView": models.Batch,
    "BriefView": models.CallBrief,
    "CallView": models.Call,
    "ComponentView": models.PlaybookComponent,
    "ConversationView": models.Conversation,
    "CostBreakdown": models.CostBreakdown,
    "CreatedKeyView": models.CreatedApiKey,
    "DeliveryView": models.Delivery,
    "Imported": models.NumbersImported,
    "KeyView": models.ApiKey,
    "LineView": models.Line,
    "Listed": models.NumbersAdded,
    "NumberView": models.ListedNumber,
    "PageView": models.BillingPage,
    "PersonaView": models.Persona,
    "PlaybookView": models.Playbook,
    "RateView": models.PipelineRate,
    "RecoveredView": models.RecoveredEvents,
    "RegisteredView": models.Registration,
    "RejectedRow": models.RejectedRow,
    "RentView": models.LineRent,
    "RequestView": models.CallRequest,
    "RetryPolicyView": models.RetryPolicy,
    "RuleCheckView": models.RuleCheck,
    "SandboxNumber": models.SandboxNumber,
    "SentView": models.SentEvent,
    "SettingsView": models.AccountSettings,
    "SpendView": models.Spend,
    "TicketView": models.StreamTicket,
    "TouchedView": models.TouchedClause,
    "TranscriptTurn": models.TranscriptTurn,
    "TryView": models.DeliveryAttempt,
    "UngroundedView": models.UngroundedValue,
    "UpdatedView": models.SettingsUpdate,
    "UsageView": models.Usage,
    "VersionView": models.PlaybookVersion,
    "Voice": models.Voice,
    "WebhookView": models.WebhookEndpoint,
    "WithheldView": models.WithheldClause,
}
# Requests are methods' parameters; errors are exceptions; Health is for probes.
OTHERWISE = {"ErrorBody", "FieldError", "Gender", "Health", "RecalledView"}

# The operations that a program of a customer has no use for.
LEFT_OUT = {
    "healthz",
    "readyz",
    "blob",  # behind `recording` and `transcript`
    "stripe_event",  # Stripe's
    "stream_events",  # a WebSocket: `events.stream`
    # The same as PATCH.
    "replace_persona",
    "replace_playbook",
    "replace_webhook",
}


def test_every_schema_has_its_model() -> None:
    requests = {
        content["schema"]["$ref"].rsplit("/", 1)[1]
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    } | {"Target", "RetryPolicyRequest"}
    assert SCHEMAS.keys() - requests - OTHERWISE == MODELS.keys()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_field_is_there_and_may_be_null_where_it_may(name: str) -> None:
    schema, model = SCHEMAS[name], MODELS[name]
    properties = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        properties |= part.get("properties", {})
        inherited = part.get("$ref", "").rsplit("/", 1)[-1]
        properties |= SCHEMAS.get(inherited, {}).get("properties", {})
    assert model.model_fields.keys() == properties.keys()
    for field, shape in properties.items():
        null = "null" in shape.get("type", []) or {"type": "null"} in shape.get("oneOf", [])
        annotation = model.model_fields[field].annotation
        takes_none = annotation is Any or type(None) in get_args(annotation)
        assert takes_none or not null, f"{name}.{field} may be null"


def test_the_recalled_conversation_is_one_with_more() -> None:
    more = SCHEMAS["RecalledView"]["allOf"][1]["properties"].keys()
    own = models.ConversationDetail.model_fields.keys() - models.Conversation.model_fields.keys()
    assert own == more


class Taken(Exception):
    """The request is there: it need not be answered."""


def built(name: str, arguments: dict[str, Any]) -> httpx.Request:
    """The request that `resource.method(…)` sends."""
    taken: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        taken.append(request)
        raise Taken

    http = httpx.Client(transport=httpx.MockTransport(take))
    client = AgenticCalling("ac_test_x", base_url="http://127.0.0.1:9", http_client=http)
    with pytest.raises(Taken):
        method(client, name)(**arguments)
    return taken[0]


def method(client: AgenticCalling, name: str) -> Any:
    resource, function = name.split(".")
    return getattr(getattr(client, resource), function)


@pytest.fixture(scope="module")
def idle() -> Iterator[AgenticCalling]:
    with AgenticCalling("ac_test_x", base_url="http://127.0.0.1:9") as client:
        yield client


# Each operation of the document, and the method that does it.
OPERATIONS = {
    "list_keys": "api_keys.list",
    "create_key": "api_keys.create",
    "revoke_key": "api_keys.revoke",
    "approve_key": "api_keys.approve",
    "billing_portal": "account.billing_portal",
    "checkout": "account.checkout",
    "register": "account.register",
    "read_settings": "account.settings",
    "change_settings": "account.update_settings",
    "list_calls": "calls.list",
    "create_call": "calls.create",
    "create_batch": "calls.create_batch",
    "read_batch": "calls.get_batch",
    "read_call": "calls.get",
    "list_attempts": "calls.attempts",
    "cancel_call": "calls.cancel",
    "read_recording": "calls.recording",
    "read_transcript": "calls.transcript",
    "list_conversations": "conversations.list",
    "read_conversation": "conversations.get",
    "list_do_not_call": "do_not_call.list",
    "add_do_not_call": "do_not_call.add",
    "import_do_not_call": "do_not_call.import_csv",
    "remove_do_not_call": "do_not_call.remove",
    "list_lines": "lines.list",
    "create_line": "lines.create",
    "read_line": "lines.get",
    "release_line": "lines.release",
    "list_personas": "personas.list",
    "create_persona": "personas.create",
    "read_persona": "personas.get",
    "change_persona": "personas.update",
    "delete_persona": "personas.delete",
    "list_playbooks": "playbooks.list",
    "create_playbook": "playbooks.create",
    "read_playbook": "playbooks.get",
    "change_playbook": "playbooks.update",
    "delete_playbook": "playbooks.delete",
    "read_playbook_component": "playbooks.component",
    "replace_playbook_component": "playbooks.replace_component",
    "roll_back_playbook": "playbooks.rollback",
    "list_playbook_versions": "playbooks.versions",
    "sandbox_numbers": "sandbox.numbers",
    "read_usage": "usage.get",
    "voices": "voices.list",
    "list_webhooks": "webhooks.list",
    "create_webhook": "webhooks.create",
    "read_webhook": "webhooks.get",
    "change_webhook": "webhooks.update",
    "delete_webhook": "webhooks.delete",
    "list_deliveries": "webhooks.deliveries",
    "recover_events": "webhooks.recover",
    "redeliver_event": "webhooks.redeliver",
    "rotate_webhook_secret": "webhooks.rotate_secret",
    "test_webhook": "webhooks.test",
    "create_ticket": "events.ticket",
}


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    found = {}
    for path, by_method in DOCUMENT["paths"].items():
        for method, operation in by_method.items():
            found[operation["operationId"]] = (method.upper(), path, operation)
    return found


def test_every_operation_has_its_method() -> None:
    assert operations().keys() - LEFT_OUT == OPERATIONS.keys()


# Parameters that a method names otherwise, or that another method has.
ELSEWHERE = {"create_playbook": {"client_id", "pod_id"}}


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_parameter_goes_where_it_belongs(idle: AgenticCalling, operation: str) -> None:
    verb, path, described = operations()[operation]
    name = OPERATIONS[operation]
    parameters = inspect.signature(method(idle, name)).parameters
    # Every parameter has a value that can be told from all others.
    arguments: dict[str, Any] = {parameter: f"<{parameter}>" for parameter in parameters}
    arguments |= {name: [f"<{name}>"] for name in ("numbers", "targets") if name in parameters}
    arguments |= {name: b"<bytes>" for name in ("csv", "component") if name in parameters}
    request = built(name, arguments)
    assert request.method == verb
    wanted = path
    for part in described.get("parameters", []):
        wanted = wanted.replace(f"{{{part['name']}}}", f"%3C{part['name']}%3E")
    assert request.url.raw_path.decode().partition("?")[0] == wanted
    in_query = {part["name"] for part in described.get("parameters", []) if part["in"] == "query"}
    assert request.url.params.keys() == in_query - ELSEWHERE.get(operation, set())
    for parameter, value in request.url.params.items():
        assert value == f"<{parameter}>"
    bodies = described.get("requestBody", {}).get("content", {})
    if "application/json" in bodies:
        schema = SCHEMAS[bodies["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]
        body = json.loads(request.content)
        assert body.keys() == schema["properties"].keys()
        for member, value in body.items():
            assert value in (f"<{member}>", [f"<{member}>"])
        optional = {name for name, one in parameters.items() if one.default is not one.empty}
        required = set(schema.get("required", []))
        assert not required & optional, "what the server needs, the method asks for"
    elif bodies:
        assert request.content == b"<bytes>"
        assert request.headers["content-type"] in bodies
    takes_key = any(part["name"] == "Idempotency-Key" for part in described.get("parameters", []))
    assert ("idempotency-key" in request.headers) == takes_key


@pytest.mark.parametrize(
    ("schema", "params"),
    [("RetryPolicyRequest", models.RetryPolicyParams), ("Target", models.TargetParams)],
)
def test_objects_in_requests_have_their_members(schema: str, params: Any) -> None:
    assert get_type_hints(params).keys() == SCHEMAS[schema]["properties"].keys()
    hints = get_type_hints(params, include_extras=True)
    required = {name for name, hint in hints.items() if get_origin(hint) is Required}
    assert required == set(SCHEMAS[schema].get("required", []))


def test_the_stream_has_its_classes() -> None:
    schemas = STREAM["components"]["schemas"]
    pairs: list[tuple[str, type[Model]]] = [
        ("CallEvent", events.CallEvent),
        ("Call", events.EventCall),
        ("TranscriptLine", events.TranscriptEvent),
        ("BatchCompleted", events.BatchEvent),
        ("BalanceWarning", events.BalanceEvent),
        ("Request", models.CallRequest),
    ]
    for name, kind in pairs:
        properties = schemas[name]["properties"]
        assert properties.keys() <= kind.model_fields.keys(), name
        for word in properties.get("event_type", {}).get("enum", []):
            assert EventType(word).known, word
    for message in STREAM["components"]["messages"].values():
        for example in message["examples"]:
            event = events.parse_event(example["payload"])
            assert type(event) is not events.Event
            assert event.model_extra == {}


@pytest.mark.parametrize("printed", SIGNATURES)
def test_signatures_are_as_printed(idle: AgenticCalling, printed: str) -> None:
    """`personas.list(limit?, page_token?)`: these parameters, in this order, optional where it says so."""
    name, _, inside = printed.rstrip(")").partition("(")
    signature = inspect.signature(method(idle, name))
    wanted = [part.strip() for part in inside.split(",") if part.strip()]
    actual = list(signature.parameters.values())[: len(wanted)]
    for part, parameter in zip(wanted, actual, strict=True):
        assert parameter.name == part.rstrip("?")
        is_optional = parameter.default is not inspect.Parameter.empty
        assert is_optional == part.endswith("?"), part
