"""Pages that are the same for everybody, made once a second however many people ask.

It keeps what any cache on the way would be allowed to keep, only shorter: answers that say "public". A view says so
with `same_for_all`; static files say so themselves.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Response, g, make_response, request

from queue_app.adapters.measures import FROM_MEMORY
from queue_app.adapters.tally import count
from queue_app.web.site.negotiation import choice_of

from .wsgi_answer import Answer, Application, Environ, StartResponse, ask

LIFE = 1  # seconds a page may be old
LONGEST = 60  # seconds that anything is kept here, whatever its maker allows others
LARGEST, MOST = 256 * 1024, 16 * 1024 * 1024  # bytes: of one answer, of all together
FOR_ONE_READER = ("/t/", "/meja/")  # the views there look at If-None-Match themselves
LONGEST_KEY = 200  # characters of path and query: longer ones are nobody's real question
# With these Flask may answer something else than the page.
OF_THIS_REQUEST = frozenset({"HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_UPGRADE"})
PATIENCE = 5  # seconds to wait for somebody else who is making the same page
_MAX_AGE = re.compile(r"public, max-age=(\d+)")
Key = tuple[str, str, str, str]


def same_for_all(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a view whose answer depends on nothing but its address and the reader's language.

    It shows no messages of the reader's session: they wait for the next page that is the reader's own.
    """

    @wraps(view)
    def shared(*args: Any, **kwargs: Any) -> Response:
        g.same_for_all = True
        try:
            response = make_response(view(*args, **kwargs))
        finally:
            g.same_for_all = False  # a refusal is its reader's own
        if response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={LIFE}"
            response.headers["Vary"] = "Cookie"
            response.add_etag()
            response.make_conditional(request)
        return response

    return shared


@dataclass
class _Page:
    answer: Answer
    until: float
    renewing: threading.Lock = field(default_factory=threading.Lock)


class SharedPages:
    """WSGI layer. Nothing in it decides anything: a page can be a second old, and the claim has the last word."""

    def __init__(self, application: Application, now: Callable[[], float] = time.monotonic) -> None:
        self._application, self.now = application, now
        self._pages: dict[Key, _Page] = {}
        self._bytes = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        page = self._pages.get(key)
        if page is None:
            answer = self._make(key, environ)
        elif self.now() < page.until:
            answer = self._kept(page)
        else:
            answer = self._renew(key, page, environ)
        return _if_changed(answer, environ).give(start_response)

    def known(self, environ: Environ) -> Answer | None:
        """A page that is kept and young enough."""
        key = _key(environ)
        page = self._pages.get(key) if key else None
        return _if_changed(self._kept(page), environ) if page and self.now() < page.until else None

    @staticmethod
    def _kept(page: _Page) -> Answer:
        count(FROM_MEMORY, "page")
        return page.answer

    def _renew(self, key: Key, old: _Page, environ: Environ) -> Answer:
        """One makes it, the others wait for that one."""
        if not old.renewing.acquire(timeout=PATIENCE):
            return ask(self._application, environ)
        try:
            page = self._pages.get(key)
            if page is not None and self.now() < page.until:
                return self._kept(page)
            return self._make(key, environ, old.renewing)
        finally:
            old.renewing.release()

    def _make(self, key: Key, environ: Environ, renewing: threading.Lock | None = None) -> Answer:
        asked = self.now()
        conditional = environ.pop("HTTP_IF_NONE_MATCH", None), environ.pop("HTTP_IF_MODIFIED_SINCE", None)
        answer = ask(self._application, environ)
        if conditional[0]:
            environ["HTTP_IF_NONE_MATCH"] = conditional[0]
        life = _life(answer)
        if life and len(answer.body) <= LARGEST:
            self._keep(key, _Page(answer, asked + life, renewing or threading.Lock()))
        else:
            self._pages.pop(key, None)
        return answer

    def _keep(self, key: Key, page: _Page) -> None:
        if self._bytes > MOST:
            self._pages, self._bytes = {}, 0
        self._bytes += len(page.answer.body)
        self._pages[key] = page


def _key(environ: Environ) -> Key | None:
    """What was chosen for the request, never what was sent; None for what is never shared."""
    if environ["REQUEST_METHOD"] != "GET" or environ.keys() & OF_THIS_REQUEST:
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST_KEY or path.startswith(FOR_ONE_READER):
        return None
    choice = choice_of(environ)
    return None if choice.sets_cookie else (path, query, choice.language, choice.encoding)


def _life(answer: Answer) -> int:
    """Seconds that an answer may be kept; 0 for one that is for its reader only."""
    allowed = _MAX_AGE.match(answer.header("cache-control"))
    if allowed is None or not answer.status.startswith("200") or answer.header("set-cookie"):
        return 0
    return min(int(allowed[1]), LONGEST)


def _if_changed(answer: Answer, environ: Environ) -> Answer:
    """The short answer for a reader who has this very page already."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    etag = answer.header("etag")
    if not known or not etag or not answer.status.startswith("200"):
        return answer
    # No tag of ours has a comma in it; a star is any page at all (RFC 9110, 13.1.2).
    if {"*", etag.removeprefix("W/")}.isdisjoint(one.strip().removeprefix("W/") for one in known.split(",")):
        return answer
    headers = tuple((name, value) for name, value in answer.headers if name.lower() not in _OF_THE_BODY)
    return Answer("304 NOT MODIFIED", headers, b"")


_OF_THE_BODY = {"content-length", "content-type", "content-encoding", "set-cookie"}
