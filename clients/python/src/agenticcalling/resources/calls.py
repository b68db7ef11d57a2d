"""Calls and batches of calls."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from .._enums import (
    TERMINAL_STATUSES,
    BatchStatus,
    CallStatus,
    OnScreening,
    OnVoicemail,
    Pipeline,
)
from .._flow import Flow, Following, Waiting, download, link, wait_for
from .._pages import PageRequest
from .._request import Request, delete, get, many, one, post, segment
from ..events import BatchEvent, CallEvent, Event
from ..models import (
    Attempt,
    Batch,
    Call,
    RetryPolicyParams,
    TargetParams,
    Transcript,
)
from ._base import D, Resource, operation, page, paged, streamed

WAIT_SECONDS = 600.0


class Calls(Resource[D]):
    """`client.calls`."""

    @operation
    def create(
        self,
        to: str,
        objective: str,
        *,
        context: str | None = None,
        playbook_id: str | None = None,
        persona_id: str | None = None,
        voice: str | None = None,
        voice_gender: str | None = None,
        language: str | None = None,
        behavior_rules: Sequence[str] | None = None,
        on_voicemail: OnVoicemail | str | None = None,
        on_screening: OnScreening | str | None = None,
        max_duration_minutes: int | None = None,
        schedule_at: datetime | str | None = None,
        retry_policy: RetryPolicyParams | None = None,
        webhook_url: str | None = None,
        from_line_id: str | None = None,
        pod_id: str | None = None,
        client_id: str | None = None,
        previous_call_context: str | None = None,
        pipeline: Pipeline | str | None = None,
        consent: str | None = None,
        idempotency_key: str | None = None,
    ) -> Flow[Call]:
        """Places a call. It is queued and dialled as soon as there is room.

        Args:
            to: Destination in E.164 format, such as `+14155551234`.
            objective: What the agent should accomplish, at most 2000 characters.
            context: Background for the agent, at most 4000 characters.
            playbook_id: How the call is held; chosen from the objective if left out.
            persona_id: Who the agent says it is.
            voice: One of `client.voices.list()`.
            voice_gender: `female` or `male`, where no voice is named.
            language: ISO code or `auto`, by default `en`.
            behavior_rules: Hard constraints, at most 20 of at most 500 characters.
            on_voicemail: `leave_message` (default), `hang_up` or `retry`.
            on_screening: `navigate` (default) or `hang_up`.
            max_duration_minutes: Hard cap on one conversation in minutes, 1 to 120, by default 30.
            schedule_at: When to call, in the future, with a time zone.
            retry_policy: How it is tried again.
            webhook_url: Events of this call are sent here.
            from_line_id: The line to call from; the best one if left out.
            pod_id: Isolates the call to one of your tenants.
            client_id: Your own id of the call, at most 255 characters: a second call with it is not placed, the
                first is returned.
            previous_call_context: Summary of an earlier call that the agent may refer to.
            pipeline: `gemini`, `pipeline` or `realtime`.
            consent: On what the right to call rests, for your records.
            idempotency_key: In place of the one that is drawn for each request.

        Raises:
            InsufficientBalanceError: The plan's minutes are used up.
            ValidationError: `errors` names each mistake.
        """
        body = _given(locals())
        return self._send(post("/calls", one(Call), body, idempotency_key=idempotency_key))

    @operation
    def create_batch(
        self,
        targets: Sequence[TargetParams],
        objective: str | None = None,
        *,
        playbook_id: str | None = None,
        persona_id: str | None = None,
        webhook_url: str | None = None,
        pod_id: str | None = None,
        consent: str | None = None,
        idempotency_key: str | None = None,
    ) -> Flow[Batch]:
        """Places up to 1000 calls at once: all of them or, if one is not valid, none.

        Args:
            targets: `{"to": …, "objective": …, "context": …, "client_id": …}`, all but `to` optional.
            objective: For every target that has none of its own.
            playbook_id: How the calls are held.
            persona_id: Who the agent says it is.
            webhook_url: Events of the batch and of its calls are sent here.
            pod_id: Isolates the batch to one of your tenants.
            consent: On what the right to call rests, for all targets.
            idempotency_key: In place of the one that is drawn for each request.
        """
        body = _given(locals())
        return self._send(post("/calls/batch", one(Batch), body, idempotency_key=idempotency_key))

    @operation
    def get(self, call_id: str) -> Flow[Call]:
        """A call as it is now, with its results."""
        return self._send(_reading(call_id))

    @operation
    def get_batch(self, batch_id: str) -> Flow[Batch]:
        """A batch as it is now, with its calls."""
        return self._send(_reading_batch(batch_id))

    @paged
    def list(
        self,
        *,
        status: CallStatus | str | None = None,
        to: str | None = None,
        playbook_id: str | None = None,
        batch_id: str | None = None,
        conversation_id: str | None = None,
        pod_id: str | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        include: str | None = None,
        limit: int | None = None,
        page_token: str | None = None,
    ) -> PageRequest[Call]:
        """Calls, the newest first.

        Args:
            status: Only calls in this status.
            to: Only calls to this number.
            playbook_id: Only calls held by this playbook.
            batch_id: Only calls of this batch.
            conversation_id: Only calls of this conversation.
            pod_id: Only calls of this tenant.
            created_after: Only later ones. With a time zone.
            created_before: Only earlier ones. With a time zone.
            include: `transcript` adds the transcripts.
            limit: Calls in a page, 1 to 100, by default 20.
            page_token: Where to begin: a page's `next_page_token`.
        """
        query = {name: value for name, value in locals().items() if name != "self"}
        return page("/calls", Call, **query)

    @operation
    def cancel(self, call_id: str) -> Flow[Call]:
        """Cancels a call that was not answered yet.

        Raises:
            ConflictError: It was answered, or is over.
        """
        return self._send(delete(f"{_path(call_id)}/cancel", one(Call)))

    @operation
    def attempts(self, call_id: str) -> Flow[builtins.list[Attempt]]:
        """The dials of a call, in order."""
        return self._send(get(f"{_path(call_id)}/attempts", many(Attempt)))

    @operation
    def wait(
        self,
        call_id: str,
        timeout: float | None = WAIT_SECONDS,
        *,
        until: Collection[CallStatus | str] = TERMINAL_STATUSES,
    ) -> Flow[Call]:
        """Waits until a call is over, and gives it with its results.

        It listens to the live stream, so it knows at once; where no WebSocket gets through, it asks now and then.

        Args:
            call_id: Of the call.
            timeout: Seconds, by default ten minutes; `None` waits as long as it takes, which with retries can
                be hours.
            until: Statuses that are waited for, besides the four that are final.

        Raises:
            WaitTimeoutError: It is not over in time; `last` is the call as it was last seen.
        """

        def is_done(call: Call) -> bool:
            return call.is_terminal or call.status in until

        def is_telling(event: Event) -> bool:
            return isinstance(event, CallEvent) and (event.ends_call or event.call.status in until)

        stream = Following(self._settings, call_id=call_id)
        waiting = Waiting(_reading(call_id), stream, is_done, is_telling, timeout)
        return wait_for(self._settings, waiting)

    @operation
    def wait_batch(self, batch_id: str, timeout: float | None = WAIT_SECONDS) -> Flow[Batch]:
        """Waits until all calls of a batch are over.

        Args:
            batch_id: Of the batch.
            timeout: Seconds, by default ten minutes; `None` waits as long as it takes.

        Raises:
            WaitTimeoutError: They are not over in time; `last` is the batch as it was last seen.
        """

        def is_done(batch: Batch) -> bool:
            return batch.status == BatchStatus.COMPLETED

        def is_telling(event: Event) -> bool:
            return isinstance(event, BatchEvent)

        stream = Following(self._settings, batch_id=batch_id)
        waiting = Waiting(_reading_batch(batch_id), stream, is_done, is_telling, timeout)
        return wait_for(self._settings, waiting)

    @streamed
    def stream(self, call_id: str) -> Following:
        """Everything that happened to a call and happens from now on, until it is over.

        Lines of the transcript come while they are spoken and are not stored: those spoken before, or while the
        connection was away, are in the call's `transcript` when it is over.
        """
        return Following(self._settings, call_id=call_id)

    @operation
    def transcript(self, call_id: str) -> Flow[Transcript]:
        """The transcript file.

        Raises:
            NotFoundError: There is none yet.
        """
        content = yield from download(self._settings, _linking(call_id, "transcript"), None)
        return Transcript.model_validate_json(content)

    @operation
    def recording(self, call_id: str) -> Flow[bytes]:
        """The recording: a stereo WAV file, agent left, callee right. `save_recording` for long ones.

        Raises:
            NotFoundError: There is none yet.
        """
        return download(self._settings, _linking(call_id, "recording"), None)

    @operation
    def save_recording(self, call_id: str, path: str | PathLike[str]) -> Flow[Path]:
        """Writes the recording into a file, which is there whole or not at all."""
        target = Path(path)
        with _whole(target) as file:
            yield from download(self._settings, _linking(call_id, "recording"), file)
        return target

    @operation
    def recording_url(self, call_id: str) -> Flow[str]:
        """A signed address of the recording that needs no key; it expires in one hour."""
        return link(self._settings, _linking(call_id, "recording"))

    @operation
    def transcript_url(self, call_id: str) -> Flow[str]:
        """A signed address of the transcript that needs no key; it expires in one hour."""
        return link(self._settings, _linking(call_id, "transcript"))


def _path(call_id: str) -> str:
    return f"/calls/{segment(call_id, 'call_id')}"


def _reading(call_id: str) -> Request[Call]:
    return get(_path(call_id), one(Call))


def _reading_batch(batch_id: str) -> Request[Batch]:
    return get(f"/calls/batch/{segment(batch_id, 'batch_id')}", one(Batch))


def _linking(call_id: str, what: str) -> Request[str]:
    return get(f"{_path(call_id)}/{what}", lambda response: response.headers["location"])


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The body of a request, by a method's arguments."""
    return {
        name: value
        for name, value in arguments.items()
        if name not in ("self", "idempotency_key") and value is not None
    }


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
