"""How calls are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._enums import PlaybookSource
from .._flow import Flow
from .._pages import PageRequest
from .._request import Request, delete, get, given, nothing, one, patch, post, segment
from ..models import Playbook, PlaybookVersion
from ._base import D, Resource, operation, page, paged

COMPONENT_TYPE = "application/wasm"


class Playbooks(Resource[D]):
    """`client.playbooks`."""

    @operation
    def create(
        self,
        name: str,
        strategy: str,
        base: str | None = None,
        behavior_rules: Sequence[str] | None = None,
        extraction_schema: Mapping[str, Any] | None = None,
        voice_tone: str | None = None,
        success_criteria: str | None = None,
        *,
        client_id: str | None = None,
        pod_id: str | None = None,
    ) -> Flow[Playbook]:
        """Makes a playbook of settings on another one.

        Args:
            name: What you call it.
            strategy: How to go about the call, in plain words, at most 8000 characters.
            base: The playbook to fork, by default `platform.general`.
            behavior_rules: Hold for every call made with it, beside the call's own; at most 20.
            extraction_schema: What to know after a call: names with `"number"`, `"string"`, `"boolean"` or
                choices such as `"high/medium/low"`, or a JSON Schema of an object.
            voice_tone: How the agent sounds, at most 500 characters.
            success_criteria: When a call counts as a success, at most 1000 characters.
            client_id: Your own id of it: a second one with it is not made, the first is returned.
            pod_id: Only in this pod.
        """
        body = {name: value for name, value in locals().items() if name != "self"}
        return self._send(post("/playbooks", one(Playbook), body))

    @operation
    def create_from_component(
        self, component: bytes, *, client_id: str | None = None, pod_id: str | None = None
    ) -> Flow[Playbook]:
        """Makes a playbook of a component file that was built elsewhere.

        Args:
            component: The bytes of the `.wasm` file.
            client_id: Your own id of it: a second one with it is not made, the first is returned.
            pod_id: Only in this pod.
        """
        request = post("/playbooks", one(Playbook))
        query = given({"client_id": client_id, "pod_id": pod_id})
        return self._send(_uploading(replace(request, query=query), component))

    @paged
    def list(
        self,
        *,
        source: PlaybookSource | str | None = None,
        pod_id: str | None = None,
        limit: int | None = None,
        page_token: str | None = None,
    ) -> PageRequest[Playbook]:
        """Playbooks: your own, the newest first, then those of the server.

        Args:
            source: `platform` or `custom` for only those.
            pod_id: Only those of this tenant.
            limit: Playbooks in a page, 1 to 100, by default 20.
            page_token: Where to begin: a page's `next_page_token`.
        """
        query = {"source": source, "pod_id": pod_id, "limit": limit, "page_token": page_token}
        return page("/playbooks", Playbook, **query)

    @operation
    def get(self, playbook_id: str) -> Flow[Playbook]:
        """A playbook by its id, such as `platform.negotiation`."""
        return self._send(get(_path(playbook_id), one(Playbook)))

    @operation
    def update(
        self,
        playbook_id: str,
        strategy: str | None = None,
        behavior_rules: Sequence[str] | None = None,
        extraction_schema: Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        base: str | None = None,
        voice_tone: str | None = None,
        success_criteria: str | None = None,
    ) -> Flow[Playbook]:
        """Changes a playbook, which makes its next version; calls that exist keep theirs.

        What is left out stays as it is; an empty text, list or mapping clears it.
        """
        body = {
            name: value for name, value in locals().items() if name not in ("self", "playbook_id")
        }
        return self._send(patch(_path(playbook_id), one(Playbook), body))

    @operation
    def delete(self, playbook_id: str) -> Flow[None]:
        """Deletes a playbook; calls that exist keep the version they were made with."""
        return self._send(delete(_path(playbook_id), nothing))

    @paged
    def versions(
        self, playbook_id: str, *, limit: int | None = None, page_token: str | None = None
    ) -> PageRequest[PlaybookVersion]:
        """The versions of a playbook, the newest first; `limit` in a page, 1 to 100."""
        path = f"{_path(playbook_id)}/versions"
        return page(path, PlaybookVersion, limit=limit, page_token=page_token)

    @operation
    def rollback(self, playbook_id: str, version: int) -> Flow[Playbook]:
        """Goes back to an earlier version, which becomes the next one."""
        path = f"{_path(playbook_id)}/rollback"
        return self._send(post(path, one(Playbook), {"version": version}))

    @operation
    def component(self, playbook_id: str, *, version: int | None = None) -> Flow[bytes]:
        """The whole playbook as one component file, the newest version unless one is named."""
        path = f"{_path(playbook_id)}/component"
        return self._send(get(path, lambda response: response.content, version=version))

    @operation
    def replace_component(self, playbook_id: str, component: bytes) -> Flow[Playbook]:
        """Puts a component file in the place of a playbook's, which makes its next version."""
        request = Request("PUT", f"{_path(playbook_id)}/component", one(Playbook))
        return self._send(_uploading(request, component))


def _path(playbook_id: str) -> str:
    return f"/playbooks/{segment(playbook_id, 'playbook_id')}"


def _uploading(request: Request[Playbook], component: bytes) -> Request[Playbook]:
    return replace(request, body=None, content=bytes(component), content_type=COMPONENT_TYPE)
