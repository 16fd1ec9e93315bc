"""Layers of WSGI in front of Flask, which answer early, before anything scarce is held.

Outermost first: `watch.Watch` gives each request an id and counts it, `body.ReadBody` has the whole request in memory,
`shared_pages.SharedPages` gives what is the same for everybody, `claim_gate.ClaimGate` refuses who claims in vain,
`request_permits.RequestPermits` lets in no more requests at once than there are connections to the database, and
`claim_gate.ClaimDoor` looks once more at who has waited. The server asks `AtOnce` before any of them.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from queue_app.config import Settings
from queue_app.db import READING as READING_CONNECTIONS
from queue_app.db import writing_per_process

from .body import ReadBody
from .claim_gate import ClaimDoor, ClaimGate
from .known_refusals import KNOWN_REFUSALS, KnownRefusals
from .request_permits import RequestPermits
from .shared_pages import SharedPages
from .watch import Watch, tell_endpoints
from .wsgi_answer import Answer, Application, Environ

__all__ = ["AT_ONCE", "KNOWN_REFUSALS", "PAGES", "WATCH", "stand_in_front"]

PAGES = "shared_pages"  # in `app.extensions`, as is
WATCH = "watch"
AT_ONCE = "at_once"  # the server asks it for what can be answered without waiting


def stand_in_front(app: Flask, settings: Settings, beside: Callable[[Application], Application]) -> None:
    """Wrap the application in its layers. ``beside``: who takes what is plain past those that wait for a permit."""
    tell_endpoints(app)
    refusals = app.extensions[KNOWN_REFUSALS] = KnownRefusals(app.extensions["clock"])
    door = ClaimDoor(app.wsgi_app, refusals)
    permits = RequestPermits(door, writing=writing_per_process(settings.workers), reading=READING_CONNECTIONS)
    pages = app.extensions[PAGES] = SharedPages(ClaimGate(beside(permits), refusals))
    app.extensions[AT_ONCE] = AtOnce(pages, refusals)
    watch = Watch(ReadBody(pages), trusted_proxies=settings.trusted_proxies, log_requests=settings.log_requests)
    app.extensions[WATCH] = watch
    app.wsgi_app = watch  # type: ignore[method-assign]


class AtOnce:
    """What the layers can answer out of their memory: no thread has to wait for it, and no request behind others."""

    def __init__(self, pages: SharedPages, refusals: KnownRefusals) -> None:
        self._pages, self._refusals = pages, refusals

    def __call__(self, environ: Environ) -> Answer | None:
        return self._pages.known(environ) or self._refusals.known_refusal(environ)
