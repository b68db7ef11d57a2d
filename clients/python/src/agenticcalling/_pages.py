"""Lists that come in pages. Iterating over one goes through all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import replace
from typing import Any, Generic, TypeVar

from ._drive import AsyncDriver, SyncDriver
from ._flow import exchange
from ._request import Request
from .models import ResponseInfo

T = TypeVar("T")


class PageData(Generic[T]):
    """What one answer holds of a list."""

    def __init__(self, items: list[T], info: ResponseInfo) -> None:
        self.items = items
        self.response_info = info

    @property
    def next_page_token(self) -> str | None:
        """Where the next page begins; `None` on the last one. Give it to `list` as `page_token`."""
        return self.response_info.headers.get("x-next-page-token")


PageRequest = Request[PageData[T]]


class Page(PageData[T]):
    """One page of a list.

    `items` are its own. Iterating goes on through all further pages, which are fetched as they are reached.
    """

    def __init__(self, data: PageData[T], driver: SyncDriver, request: PageRequest[T]) -> None:
        super().__init__(data.items, data.response_info)
        self._driver = driver
        self._request = request

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def __repr__(self) -> str:
        return f"Page(items={self.items!r}, next_page_token={self.next_page_token!r})"

    def pages(self) -> Iterator[Page[T]]:
        """This page and all that follow."""
        page: Page[T] | None = self
        while page is not None:
            yield page
            page = page.next_page()

    def next_page(self) -> Page[T] | None:
        """The page after this one, if there is one."""
        following = _following(self, self._request)
        return None if following is None else first_page(self._driver, following)


class AsyncPage(PageData[T]):
    """One page of a list; see `Page`."""

    def __init__(self, data: PageData[T], driver: AsyncDriver, request: PageRequest[T]) -> None:
        super().__init__(data.items, data.response_info)
        self._driver = driver
        self._request = request

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    def __repr__(self) -> str:
        return f"AsyncPage(items={self.items!r}, next_page_token={self.next_page_token!r})"

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """This page and all that follow."""
        page: AsyncPage[T] | None = self
        while page is not None:
            yield page
            page = await page.next_page()

    async def next_page(self) -> AsyncPage[T] | None:
        """The page after this one, if there is one."""
        following = _following(self, self._request)
        return None if following is None else await AsyncPager(self._driver, following)


class AsyncPager(Generic[T]):
    """A list that was not asked for yet: `await` it for its first page, or `async for` all of its items."""

    def __init__(self, driver: AsyncDriver, request: PageRequest[T]) -> None:
        self._driver = driver
        self._request = request

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self._first():
            yield item

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """All pages, each fetched when it is reached."""
        async for page in (await self._first()).pages():
            yield page

    async def _first(self) -> AsyncPage[T]:
        data = await self._driver.run(exchange(self._driver.settings, self._request))
        return AsyncPage(data, self._driver, self._request)


def first_page(driver: SyncDriver, request: PageRequest[T]) -> Page[T]:
    """Asks for the page of a request."""
    data = driver.run(exchange(driver.settings, request))
    return Page(data, driver, request)


def _following(page: PageData[T], request: PageRequest[T]) -> PageRequest[T] | None:
    token = page.next_page_token
    if token is None:
        return None
    return replace(request, query={**request.query, "page_token": token})
