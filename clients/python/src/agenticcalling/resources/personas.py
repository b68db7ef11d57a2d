"""Caller identities."""

from __future__ import annotations

from collections.abc import Sequence

from .._flow import Flow
from .._pages import PageRequest
from .._request import delete, get, nothing, one, patch, post, segment
from ..models import Persona
from ._base import D, Resource, operation, page, paged


class Personas(Resource[D]):
    """`client.personas`."""

    @operation
    def create(
        self,
        name: str,
        caller_name: str,
        company: str | None = None,
        role: str | None = None,
        voice: str | None = None,
        language: str | None = None,
        default_rules: Sequence[str] | None = None,
        client_id: str | None = None,
        *,
        tone: str | None = None,
        pod_id: str | None = None,
    ) -> Flow[Persona]:
        """Makes a caller identity. What a call says itself goes before it; the rules of both hold.

        Args:
            name: What you call it.
            caller_name: Who the agent says it is.
            company: For whom it calls.
            role: What it is there.
            voice: One of `client.voices.list()`.
            language: ISO code.
            default_rules: Added to the rules of every call, at most 20.
            client_id: Your own id of it: a second one with it is not made, the first is returned.
            tone: How it speaks, at most 200 characters.
            pod_id: Only in this pod.
        """
        body = {name: value for name, value in locals().items() if name != "self"}
        return self._send(post("/personas", one(Persona), body))

    @paged
    def list(
        self,
        limit: int | None = None,
        page_token: str | None = None,
        *,
        pod_id: str | None = None,
    ) -> PageRequest[Persona]:
        """Caller identities, the newest first.

        Args:
            limit: Personas in a page, 1 to 100, by default 20.
            page_token: Where to begin: a page's `next_page_token`.
            pod_id: Only those of this tenant.
        """
        return page("/personas", Persona, limit=limit, page_token=page_token, pod_id=pod_id)

    @operation
    def get(self, persona_id: str) -> Flow[Persona]:
        """A caller identity."""
        return self._send(get(_path(persona_id), one(Persona)))

    @operation
    def update(
        self,
        persona_id: str,
        caller_name: str | None = None,
        company: str | None = None,
        voice: str | None = None,
        default_rules: Sequence[str] | None = None,
        *,
        name: str | None = None,
        role: str | None = None,
        language: str | None = None,
        tone: str | None = None,
    ) -> Flow[Persona]:
        """Changes a caller identity; calls that exist keep what they were made with.

        What is left out stays as it is, an empty text clears it, `default_rules` take the place of all there were.
        """
        body = {
            name: value for name, value in locals().items() if name not in ("self", "persona_id")
        }
        return self._send(patch(_path(persona_id), one(Persona), body))

    @operation
    def delete(self, persona_id: str) -> Flow[None]:
        """Deletes a caller identity; calls that exist keep what they were made with."""
        return self._send(delete(_path(persona_id), nothing))


def _path(persona_id: str) -> str:
    return f"/personas/{segment(persona_id, 'persona_id')}"
