"""A lane of its own for what is plain: it needs nothing of Flask, is read before it, and stored in groups.

It takes only what will almost surely be granted. Whatever is not plain, or is refused after all, has changed nothing
here and goes the usual way: on both the same rule gives places, and the same words are said. See docs/lane.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from concurrent import futures
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from flask import Flask

from queue_app.web.before_flask import AT_ONCE, WATCH
from queue_app.web.before_flask.plain_refusals import Refusal, refusal
from queue_app.web.before_flask.request_permits import BUSY, PATIENCE, RETRY_AFTER
from queue_app.web.before_flask.watch import ENDPOINT, Watch
from queue_app.web.before_flask.wsgi_answer import Answer, Application, Environ, StartResponse

from .answering import Answers
from .check_ins import CheckIns
from .claims import Claims
from .group_writer import Future, GroupWriter, tell
from .results import Result, stored_or_busy

LANE = "lane"  # in `app.extensions`, as is
_PASSED = "queue_app.passed_the_lane"  # the kind of request as which it did
Usual = Callable[[], Awaitable[Answer]]
Asked = TypeVar("Asked")


class Kind(Protocol[Asked]):
    """What may enter: requests for one view."""

    endpoint: str
    one_asks_for_all: bool  # of those of the same address who are not granted

    def read(self, environ: Environ) -> Asked | None:
        """None for what is not plainly valid."""

    def names(self, asked: Asked) -> Iterable[Hashable]:
        """What no two of them may have in common that are under way."""

    def store(self, many: Sequence[Asked]) -> Sequence[Result]:
        """In the application's context; a result for each."""


@dataclass(frozen=True)
class _Wish(Generic[Asked]):
    kind: Kind[Asked]
    asked: Asked


class Lane:
    def __init__(self, app: Flask) -> None:
        self._app, self._keys = app, app.extensions["keys"]
        answers = Answers(app.extensions["settings"])
        self._kinds: tuple[Kind[Any], ...] = (Claims(app, answers), CheckIns(app, answers))
        # One for all kinds: it is one connection to the database.
        self._writer = GroupWriter[_Wish[Any], Result]("lane", self._store, _names, busy=BUSY)
        self._asking: dict[str, asyncio.Event] = {}  # for those of the same address

    async def answer(self, environ: Environ, usual: Usual) -> Answer:
        """For the server's loop; ``usual`` asks all the layers before Flask, and Flask."""
        if known := await self._when_asked(environ):
            return known
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Result] = loop.create_future()
        if not self._enter(environ, told):
            return await usual()
        patience = loop.call_later(PATIENCE, tell, told, BUSY)
        try:
            result = await told
        finally:
            patience.cancel()
        watch: Watch = self._app.extensions[WATCH]
        answer = _answer(environ, result)
        if answer is not None:
            return watch.seen(environ, answer, began)
        return await (self._ask_for_all(environ, usual) if environ[_PASSED].one_asks_for_all else usual())

    def answer_now(self, environ: Environ) -> Answer | None:
        """For a thread, which waits; None for what has to go the usual way."""
        told: futures.Future[Result] = futures.Future()
        if not self._enter(environ, told):
            return None
        try:
            result = told.result(PATIENCE)
        except TimeoutError:
            told.cancel()
            result = BUSY
        return _answer(environ, result)

    def _enter(self, environ: Environ, told: Future[Result]) -> bool:
        if _PASSED in environ or self._keys.unfit:
            return False
        for kind in self._kinds:
            asked = kind.read(environ)
            if asked is None:
                continue
            if entered := self._writer.put(_Wish(kind, asked), told):
                environ[_PASSED] = kind
            return entered
        return False

    def _store(self, many: Sequence[_Wish[Any]]) -> Sequence[Result]:
        results: dict[int, Result] = {}
        with self._app.app_context():
            for kind in self._kinds:
                group = {number: wish.asked for number, wish in enumerate(many) if wish.kind is kind}
                if group:
                    store = partial(kind.store, list(group.values()))
                    results.update(zip(group, stored_or_busy(store, len(group)), strict=True))
        return [results[number] for number in range(len(many))]

    async def _ask_for_all(self, environ: Environ, usual: Usual) -> Answer:
        """When places are gone hundreds come here at once: one of them asks, and the others get what is known then."""
        address = environ["PATH_INFO"]
        if address in self._asking:
            return await self._when_asked(environ) or await usual()
        asking = self._asking[address] = asyncio.Event()
        try:
            return await usual()
        finally:
            del self._asking[address]
            asking.set()

    async def _when_asked(self, environ: Environ) -> Answer | None:
        """What is known when the one who is asking for all has heard; whoever comes meanwhile need not even enter."""
        asking = self._asking.get(environ["PATH_INFO"])
        if asking is None:
            return None
        await asking.wait()
        known: Answer | None = self._app.extensions[AT_ONCE](environ)
        return known


class LaneBeside:
    """WSGI layer for servers that give each request a thread; the product's own one asks the lane before."""

    def __init__(self, application: Application, app: Flask) -> None:
        self._application, self._app = application, app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer: Answer | None = self._app.extensions[LANE].answer_now(environ)
        return answer.give(start_response) if answer else self._application(environ, start_response)


def _answer(environ: Environ, result: Result) -> Answer | None:
    """None for what has to go the usual way."""
    if isinstance(result, Refusal):
        return refusal(environ, result, retry_after=RETRY_AFTER)
    if isinstance(result, Answer):
        environ[ENDPOINT] = environ[_PASSED].endpoint  # it stands for that view, and is counted as its answer
        return result
    return None


def _names(wish: _Wish[Any]) -> Iterable[Hashable]:
    return wish.kind.names(wish.asked)
