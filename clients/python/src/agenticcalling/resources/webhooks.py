"""Endpoints that events are sent to. `agenticcalling.Webhook` checks what arrives there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .._enums import EventType
from .._flow import Flow
from .._pages import PageRequest
from .._request import delete, get, many, nothing, one, patch, post, segment
from ..models import Delivery, RecoveredEvents, SentEvent, WebhookEndpoint
from ._base import D, Resource, operation, page, paged


class Webhooks(Resource[D]):
    """`client.webhooks`."""

    @operation
    def create(
        self,
        url: str,
        event_types: Sequence[EventType | str] | None = None,
        client_id: str | None = None,
        *,
        pod_id: str | None = None,
    ) -> Flow[WebhookEndpoint]:
        """Registers an endpoint. Its `secret`, which checks signatures, is shown this once.

        Args:
            url: Where events are sent: https.
            event_types: All events if left out or empty.
            client_id: Your own id of it: a second one with it is not made, the first is returned.
            pod_id: Only events of this pod.
        """
        body = {name: value for name, value in locals().items() if name != "self"}
        return self._send(post("/webhooks", one(WebhookEndpoint), body))

    @operation
    def list(self) -> Flow[list[WebhookEndpoint]]:
        """All endpoints."""
        return self._send(get("/webhooks", many(WebhookEndpoint)))

    @operation
    def get(self, webhook_id: str) -> Flow[WebhookEndpoint]:
        """An endpoint."""
        return self._send(get(_path(webhook_id), one(WebhookEndpoint)))

    @operation
    def update(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        event_types: Sequence[EventType | str] | None = None,
        is_active: bool | None = None,
    ) -> Flow[WebhookEndpoint]:
        """Changes an endpoint; what is left out stays as it is.

        Args:
            webhook_id: Of the endpoint.
            url: Where events are sent.
            event_types: In place of all that there were; empty for all events.
            is_active: True switches one on again that was switched off.
        """
        body = {"url": url, "event_types": event_types, "is_active": is_active}
        return self._send(patch(_path(webhook_id), one(WebhookEndpoint), body))

    @operation
    def delete(self, webhook_id: str) -> Flow[None]:
        """Deletes an endpoint, and what is on its way to it."""
        return self._send(delete(_path(webhook_id), nothing))

    @paged
    def deliveries(
        self, webhook_id: str, *, limit: int | None = None, page_token: str | None = None
    ) -> PageRequest[Delivery]:
        """The delivery log, the newest first; `limit` in a page, 1 to 100."""
        path = f"{_path(webhook_id)}/deliveries"
        return page(path, Delivery, limit=limit, page_token=page_token)

    @operation
    def redeliver(self, webhook_id: str, event_id: str) -> Flow[SentEvent]:
        """Sends an event once more."""
        path = f"{_path(webhook_id)}/redeliver"
        return self._send(post(path, one(SentEvent), {"event_id": event_id}))

    @operation
    def recover(self, webhook_id: str, since: datetime | str) -> Flow[RecoveredEvents]:
        """Sends everything once more that could not be delivered since a time, up to 7 days ago."""
        path = f"{_path(webhook_id)}/recover"
        return self._send(post(path, one(RecoveredEvents), {"since": since}))

    @operation
    def rotate_secret(self, webhook_id: str) -> Flow[WebhookEndpoint]:
        """Gives an endpoint a new secret, shown this once. For 24 hours the old one signs as well."""
        return self._send(post(f"{_path(webhook_id)}/rotate-secret", one(WebhookEndpoint)))

    @operation
    def test(self, webhook_id: str) -> Flow[SentEvent]:
        """Sends an endpoint a `webhook.test` event; the delivery log says what came of it."""
        return self._send(post(f"{_path(webhook_id)}/test", one(SentEvent)))


def _path(webhook_id: str) -> str:
    return f"/webhooks/{segment(webhook_id, 'webhook_id')}"
