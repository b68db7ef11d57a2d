"""The organization: keys, settings, usage, billing."""

from __future__ import annotations

from dataclasses import replace

from .._enums import Mode, RecordingDisclosure
from .._flow import Flow
from .._request import Request, delete, get, many, nothing, one, patch, post, segment
from ..models import (
    AccountSettings,
    ApiKey,
    BillingPage,
    CreatedApiKey,
    Registration,
    SettingsUpdate,
    Usage,
)
from ._base import D, Resource, operation


class ApiKeys(Resource[D]):
    """`client.api_keys`."""

    @operation
    def create(
        self,
        name: str | None = None,
        *,
        mode: Mode | str | None = None,
        pod_id: str | None = None,
        read_only: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Flow[CreatedApiKey]:
        """Makes a key; `api_key` is shown this once.

        Args:
            name: A label for it.
            mode: `live` or `test`, by default that of the key in use.
            pod_id: Limits it to one of your tenants.
            read_only: It reads, and changes nothing.
            idempotency_key: In place of the one that is drawn for each request.
        """
        body = {"name": name, "mode": mode, "pod_id": pod_id, "read_only": read_only}
        request = post("/auth/api-keys", one(CreatedApiKey), body, idempotency_key=idempotency_key)
        return self._send(request)

    @operation
    def list(self, *, include: str | None = None) -> Flow[list[ApiKey]]:
        """The active keys; `include="pending"` adds those that wait for approval."""
        return self._send(get("/auth/api-keys", many(ApiKey), include=include))

    @operation
    def revoke(self, key_id: str) -> Flow[None]:
        """Takes a key out of use, for good."""
        return self._send(delete(_path(key_id), nothing))

    @operation
    def approve(self, key_id: str) -> Flow[ApiKey]:
        """Lets a key work that waits because its organization existed already."""
        return self._send(post(f"{_path(key_id)}/approve", one(ApiKey)))


class Account(Resource[D]):
    """`client.account`."""

    @operation
    def register(self, name: str, email: str) -> Flow[Registration]:
        """Makes an organization and its first live key, which is shown this once. It needs no key.

        For an e-mail address that is known already, the new key stays inactive until it is approved.
        """
        request: Request[Registration] = post(
            "/auth/register", one(Registration), {"name": name, "email": email}
        )
        # The server knows nobody yet to whom a key of idempotency could belong.
        return self._send(replace(request, needs_key=False, idempotency_key=None))

    @operation
    def settings(self) -> Flow[AccountSettings]:
        """The organization's settings."""
        return self._send(get("/auth/settings", one(AccountSettings)))

    @operation
    def update_settings(
        self,
        *,
        openai_api_key: str | None = None,
        gemini_api_key: str | None = None,
        record_calls: bool | None = None,
        recording_disclosure: RecordingDisclosure | str | None = None,
        require_consent: bool | None = None,
    ) -> Flow[SettingsUpdate]:
        """Changes the organization's settings; what is left out stays as it is.

        Args:
            openai_api_key: Your own key of OpenAI, for your calls; an empty text clears it.
            gemini_api_key: Your own key of Gemini, for your calls; an empty text clears it.
            record_calls: False: keep no audio of any call.
            recording_disclosure: `auto`, `always` or `never`.
            require_consent: Only calls that say on what `consent` they rest are placed.
        """
        body = {name: value for name, value in locals().items() if name != "self"}
        return self._send(patch("/auth/settings", one(SettingsUpdate), body))

    @operation
    def billing_portal(self, *, return_url: str | None = None) -> Flow[BillingPage]:
        """Stripe's page where a person manages the subscription."""
        body = {"return_url": return_url}
        return self._send(post("/auth/billing-portal", one(BillingPage), body))

    @operation
    def checkout(self, price_id: str, success_url: str, cancel_url: str) -> Flow[BillingPage]:
        """Stripe's page where a person begins a subscription.

        Args:
            price_id: Stripe's id of a price that the server sells.
            success_url: Where the person comes back to when it is done,
            cancel_url: and when it is not.
        """
        body = {"price_id": price_id, "success_url": success_url, "cancel_url": cancel_url}
        return self._send(post("/auth/checkout", one(BillingPage), body))


class UsageResource(Resource[D]):
    """`client.usage`."""

    @operation
    def get(self) -> Flow[Usage]:
        """What was used this month, what is left of the plan, and what all calls cost."""
        return self._send(get("/usage", one(Usage)))


def _path(key_id: str) -> str:
    return f"/auth/api-keys/{segment(key_id, 'key_id')}"
