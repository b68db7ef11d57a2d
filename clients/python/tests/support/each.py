"""One test for both clients."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import httpx

from agenticcalling import AgenticCalling, AsyncAgenticCalling

# Nothing here speaks TLS, and reading all certificates for every client takes longer than the tests.
NO_CERTIFICATES = False


class Each:
    """A client, and how to do something with it: `each.do(lambda client: client.calls.get(id))`."""

    def __init__(self, kind: str, api_key: str, base_url: str, **options: Any) -> None:
        self.kind = kind
        self.base_url = base_url
        self._loop = asyncio.new_event_loop()
        self.client: Any
        if kind == "sync":
            self._http: Any = httpx.Client(verify=NO_CERTIFICATES)
            self.client = AgenticCalling(
                api_key, base_url=base_url, http_client=self._http, **options
            )
        else:
            self.client = self._loop.run_until_complete(self._made(api_key, base_url, options))

    async def _made(self, api_key: str, base_url: str, options: Any) -> AsyncAgenticCalling:
        self._http = httpx.AsyncClient(verify=NO_CERTIFICATES)
        return AsyncAgenticCalling(api_key, base_url=base_url, http_client=self._http, **options)

    def do(self, what: Any) -> Any:
        result = what(self.client)
        if inspect.isawaitable(result):
            return self._loop.run_until_complete(_awaited(result))
        return result

    def all(self, what: Any) -> list[Any]:
        """Everything that an iteration gives."""
        if self.kind == "sync":
            return list(what(self.client))
        return self._loop.run_until_complete(_collected(what(self.client)))

    def close(self) -> None:
        self.do(lambda client: client.close())
        self._http.close() if self.kind == "sync" else self.do(lambda _: self._http.aclose())
        self._loop.close()


async def _awaited(result: Any) -> Any:
    return await result


async def _collected(items: Any) -> list[Any]:
    return [item async for item in items]
