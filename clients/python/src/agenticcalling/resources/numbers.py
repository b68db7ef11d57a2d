"""Numbers: lines to call from, conversations with numbers, and numbers that are never called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .._flow import Flow
from .._pages import PageRequest
from .._request import delete, get, given, nothing, one, post, segment
from ..models import (
    Conversation,
    ConversationDetail,
    Line,
    ListedNumber,
    NumbersAdded,
    NumbersImported,
)
from ._base import D, Resource, operation, page, paged


class Lines(Resource[D]):
    """`client.lines`."""

    @operation
    def create(
        self,
        country: str | None = None,
        *,
        pod_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Flow[Line]:
        """Provisions a number to call from. An organization has one from the start.

        Args:
            country: ISO 3166-1, two letters, by default `US`.
            pod_id: Only this tenant calls from it.
            idempotency_key: In place of the one that is drawn for each request.
        """
        body = {"country": country, "pod_id": pod_id}
        return self._send(post("/lines", one(Line), body, idempotency_key=idempotency_key))

    @paged
    def list(
        self,
        *,
        pod_id: str | None = None,
        limit: int | None = None,
        page_token: str | None = None,
    ) -> PageRequest[Line]:
        """Lines, the newest first; `limit` in a page, 1 to 100, by default 20."""
        return page("/lines", Line, pod_id=pod_id, limit=limit, page_token=page_token)

    @operation
    def get(self, line_id: str) -> Flow[Line]:
        """A line."""
        return self._send(get(f"/lines/{segment(line_id, 'line_id')}", one(Line)))

    @operation
    def release(self, line_id: str) -> Flow[None]:
        """Gives a line back."""
        return self._send(delete(f"/lines/{segment(line_id, 'line_id')}", nothing))


class Conversations(Resource[D]):
    """`client.conversations`: calls with the same number from the same line."""

    @paged
    def list(
        self,
        *,
        number: str | None = None,
        line_id: str | None = None,
        pod_id: str | None = None,
        limit: int | None = None,
        page_token: str | None = None,
    ) -> PageRequest[Conversation]:
        """Conversations, that of the last call first.

        Args:
            number: The other side's number, in E.164 format.
            line_id: Only those from this line.
            pod_id: Only those of this tenant.
            limit: Conversations in a page, 1 to 100, by default 20.
            page_token: Where to begin: a page's `next_page_token`.
        """
        query = {name: value for name, value in locals().items() if name != "self"}
        return page("/conversations", Conversation, **query)

    @operation
    def get(self, conversation_id: str) -> Flow[ConversationDetail]:
        """A conversation, with what a new call may be told of it as `previous_call_context`."""
        path = f"/conversations/{segment(conversation_id, 'conversation_id')}"
        return self._send(get(path, one(ConversationDetail)))


class DoNotCall(Resource[D]):
    """`client.do_not_call`: numbers that are never dialled."""

    @operation
    def add(
        self, numbers: Sequence[str], *, note: str | None = None, pod_id: str | None = None
    ) -> Flow[NumbersAdded]:
        """Puts numbers on the list. Calls that wait for one are cancelled when they are due.

        Args:
            numbers: 1 to 1000, in E.164 format.
            note: Why, for your own records, at most 500 characters.
            pod_id: Only in this pod; in the whole organization if left out.
        """
        if isinstance(numbers, str):
            raise TypeError("numbers must be a list, not one text")
        body = {"numbers": list(numbers), "note": note, "pod_id": pod_id}
        return self._send(post("/do-not-call", one(NumbersAdded), body))

    @operation
    def import_csv(self, csv: str | bytes, *, pod_id: str | None = None) -> Flow[NumbersImported]:
        """Imports a CSV file: the columns `number` and `note`, or without a header row the first.

        Args:
            csv: The file's text.
            pod_id: Only in this pod; in the whole organization if left out.
        """
        content = csv.encode() if isinstance(csv, str) else bytes(csv)
        request = replace(
            post("/do-not-call/import", one(NumbersImported)),
            query=given({"pod_id": pod_id}),
            body=None,
            content=content,
            content_type="text/csv",
        )
        return self._send(request)

    @paged
    def list(
        self, *, limit: int | None = None, page_token: str | None = None
    ) -> PageRequest[ListedNumber]:
        """The numbers on the list, by number; `limit` in a page, 1 to 1000, by default 100."""
        return page("/do-not-call", ListedNumber, limit=limit, page_token=page_token)

    @operation
    def remove(self, number: str, *, pod_id: str | None = None) -> Flow[None]:
        """Takes a number off the list: of the whole organization, or of a pod."""
        path = f"/do-not-call/{segment(number, 'number')}"
        return self._send(delete(path, nothing, pod_id=pod_id))
