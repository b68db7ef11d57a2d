"""What the server offers to everybody, and its live stream."""

from __future__ import annotations

from .._flow import Flow, Following
from .._request import get, many, one, post
from ..models import SandboxNumber, StreamTicket, Voice
from ._base import D, Resource, operation, streamed


class Voices(Resource[D]):
    """`client.voices`."""

    @operation
    def list(self) -> Flow[list[Voice]]:
        """Voices that a call can use."""
        return self._send(get("/voices", many(Voice)))


class Sandbox(Resource[D]):
    """`client.sandbox`."""

    @operation
    def numbers(self) -> Flow[list[SandboxNumber]]:
        """Numbers that test keys can call, what answers there, and what to expect."""
        return self._send(get("/sandbox/numbers", many(SandboxNumber)))


class Events(Resource[D]):
    """`client.events`: what happens to calls, as it happens."""

    @streamed
    def stream(
        self,
        *,
        call_id: str | None = None,
        batch_id: str | None = None,
        line_id: str | None = None,
        last_event_id: str | None = None,
    ) -> Following:
        """Follows calls, over as many connections as it takes.

        With a call or a batch, what happened to it so far comes first, and the stream ends when that has ended.
        Without, it goes on until you end it. Events are told once each; lines of the transcript are not stored,
        so those spoken while the connection was away are missing.

        Args:
            call_id: Only this call.
            batch_id: Only calls of this batch.
            line_id: Only calls from this line.
            last_event_id: The last event seen: what happened since then comes first.
        """
        return Following(
            self._settings,
            call_id=call_id,
            batch_id=batch_id,
            line_id=line_id,
            last_event_id=last_event_id,
        )

    @operation
    def ticket(self) -> Flow[StreamTicket]:
        """A ticket that opens one live stream within a minute, for a browser that must not hold a key."""
        return self._send(post("/ws/tickets", one(StreamTicket)))
