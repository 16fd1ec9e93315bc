"""A lane of its own for what is plain: it needs nothing of Flask, is read before it, and stored in groups.

It takes only what will almost surely be granted. Whatever is not plain, or is refused after all, has changed nothing
here and goes the usual way: on both the same rule gives places, and the same words are said. See docs/lane.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future

from flask import Flask

from queue_app.web.before_flask import AT_ONCE, WATCH
from queue_app.web.before_flask.plain_refusals import Refusal, refusal
from queue_app.web.before_flask.request_permits import BUSY, PATIENCE, RETRY_AFTER
from queue_app.web.before_flask.watch import ENDPOINT, Watch
from queue_app.web.before_flask.wsgi_answer import Answer, Application, Environ, StartResponse

from .answering import Answers
from .claims import Claims
from .results import Result

LANE = "lane"  # in `app.extensions`, as is
_PASSED = "queue_app.passed_the_lane"
Usual = Callable[[], Awaitable[Answer]]


class Lane:
    def __init__(self, app: Flask) -> None:
        self._app, self._keys = app, app.extensions["keys"]
        self._claims = Claims(app, Answers(app.extensions["settings"]))
        self._asking: dict[str, asyncio.Event] = {}  # for those of the same address

    async def answer(self, environ: Environ, usual: Usual) -> Answer:
        """For the server's loop; ``usual`` asks all the layers before Flask, and Flask."""
        began = time.perf_counter()
        entered = self._enter(environ)
        if entered is None:
            return await usual()
        try:
            result = await asyncio.wait_for(asyncio.wrap_future(entered), PATIENCE)
        except TimeoutError:
            result = BUSY
        watch: Watch = self._app.extensions[WATCH]
        answer = _answer(environ, result)
        return watch.seen(environ, answer, began) if answer else await self._ask_for_all(environ, usual)

    def answer_now(self, environ: Environ) -> Answer | None:
        """For a thread, which waits; None for what has to go the usual way."""
        entered = self._enter(environ)
        if entered is None:
            return None
        try:
            return _answer(environ, entered.result(PATIENCE))
        except TimeoutError:
            entered.cancel()
            return _answer(environ, BUSY)

    def _enter(self, environ: Environ) -> Future[Result] | None:
        if _PASSED in environ or self._keys.unfit:
            return None
        entered = self._claims.enter(environ)
        if entered:
            environ[_PASSED] = True
        return entered

    async def _ask_for_all(self, environ: Environ, usual: Usual) -> Answer:
        """When places are gone hundreds come here at once: one of them asks, and the others get what is known then."""
        address = environ["PATH_INFO"]
        if asking := self._asking.get(address):
            await asking.wait()
            known: Answer | None = self._app.extensions[AT_ONCE](environ)
            return known or await usual()
        asking = self._asking[address] = asyncio.Event()
        try:
            return await usual()
        finally:
            del self._asking[address]
            asking.set()


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
        environ[ENDPOINT] = Claims.endpoint  # it stands for that view, and is counted as its answer
        return result
    return None
