"""How one definition of an operation serves both clients.

A resource's methods say what is to be done: a flow, or the request of a page. The decorators make of it what the
client at hand needs: its result, or something to await.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import httpx
from typing_extensions import Self

from .._drive import AsyncDriver, AsyncEventStream, EventStream, SyncDriver
from .._flow import Flow, Following, exchange
from .._pages import AsyncPager, Page, PageData, PageRequest, first_page
from .._request import Request, Settings, get, info_of, many

D = TypeVar("D", SyncDriver, AsyncDriver)
P = ParamSpec("P")
T = TypeVar("T")


class Resource(Generic[D]):
    """A group of operations of one client."""

    def __init__(self, driver: D) -> None:
        self._driver: D = driver

    @property
    def _settings(self) -> Settings:
        settings: Settings = self._driver.settings
        return settings

    def _send(self, request: Request[T]) -> Flow[T]:
        return exchange(self._settings, request)


class operation(Generic[P, T]):
    """A method that does one thing: blocking, or to be awaited."""

    def __init__(self, define: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        self._define = define
        self.__doc__ = define.__doc__

    @overload
    def __get__(self, resource: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, resource: Resource[SyncDriver], owner: type[Any]) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, resource: Resource[AsyncDriver], owner: type[Any]
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, resource: Any, owner: type[Any]) -> Any:
        if resource is None:
            return self
        define, driver = self._define, resource._driver

        if isinstance(driver, AsyncDriver):

            async def awaited(*args: P.args, **kwargs: P.kwargs) -> T:
                return await driver.run(define(resource, *args, **kwargs))

            return _named(awaited, define)

        def blocking(*args: P.args, **kwargs: P.kwargs) -> T:
            result: T = driver.run(define(resource, *args, **kwargs))
            return result

        return _named(blocking, define)


class paged(Generic[P, T]):
    """A method that lists: gives the first page, or a pager to await or iterate over."""

    def __init__(self, define: Callable[Concatenate[Any, P], PageRequest[T]]) -> None:
        self._define = define
        self.__doc__ = define.__doc__

    @overload
    def __get__(self, resource: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, resource: Resource[SyncDriver], owner: type[Any]) -> Callable[P, Page[T]]: ...
    @overload
    def __get__(
        self, resource: Resource[AsyncDriver], owner: type[Any]
    ) -> Callable[P, AsyncPager[T]]: ...
    def __get__(self, resource: Any, owner: type[Any]) -> Any:
        if resource is None:
            return self
        define, driver = self._define, resource._driver

        def listed(*args: P.args, **kwargs: P.kwargs) -> Any:
            request = define(resource, *args, **kwargs)
            if isinstance(driver, AsyncDriver):
                return AsyncPager(driver, request)
            return first_page(driver, request)

        return _named(listed, define)


class streamed(Generic[P]):
    """A method that follows: gives a stream to iterate over."""

    def __init__(self, define: Callable[Concatenate[Any, P], Following]) -> None:
        self._define = define
        self.__doc__ = define.__doc__

    @overload
    def __get__(self, resource: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(
        self, resource: Resource[SyncDriver], owner: type[Any]
    ) -> Callable[P, EventStream]: ...
    @overload
    def __get__(
        self, resource: Resource[AsyncDriver], owner: type[Any]
    ) -> Callable[P, AsyncEventStream]: ...
    def __get__(self, resource: Any, owner: type[Any]) -> Any:
        if resource is None:
            return self
        define, driver = self._define, resource._driver

        def followed(*args: P.args, **kwargs: P.kwargs) -> Any:
            following = define(resource, *args, **kwargs)
            kind: Any = AsyncEventStream if isinstance(driver, AsyncDriver) else EventStream
            return kind(driver, following)

        return _named(followed, define)


def page(path: str, kind: type[T], **query: Any) -> PageRequest[T]:
    """A request for a list in pages."""
    read_items = many(kind)

    def read(response: httpx.Response) -> PageData[T]:
        return PageData(read_items(response), info_of(response))

    return get(path, read, **query)


def _named(function: Any, define: Callable[..., Any]) -> Any:
    """As if written for this client: `help()` and signatures show what was defined."""
    named: Any = functools.wraps(define)(function)
    signature = inspect.signature(define)
    parameters = list(signature.parameters.values())[1:]
    # What comes back depends on the client.
    named.__signature__ = signature.replace(
        parameters=parameters, return_annotation=inspect.Signature.empty
    )
    return named
