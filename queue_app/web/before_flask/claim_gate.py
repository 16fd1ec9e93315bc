"""The gate: who claims what nobody could have a moment ago is refused before Flask hears of it."""

from __future__ import annotations

from collections.abc import Iterable

from .claim_sent import by_program
from .known_refusals import KnownRefusals, RefusedSlot, given
from .wsgi_answer import Answer, Application, Environ, StartResponse, ask

_OF_A_PAGE = {"cache-control", "etag", "set-cookie"}
# What belongs to the one who claims, and not to the page that all of them get.
_OF_THE_CLAIM = ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_UPGRADE")


class ClaimGate:
    """WSGI layer before requests wait for a permit to work."""

    def __init__(self, application: Application, known: KnownRefusals) -> None:
        self._application, self._known = application, known

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = _refusal(self._known, environ, self._application)
        return answer.give(start_response) if answer else self._application(environ, start_response)


class ClaimDoor:
    """WSGI layer behind the permits to work: who has waited may find that the last place went meanwhile."""

    def __init__(self, application: Application, known: KnownRefusals) -> None:
        self._application, self._known = application, known

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = _refusal(self._known, environ, self._application)
        answer = answer or self._known.learn(environ, self._application)
        return answer.give(start_response)


def _refusal(known: KnownRefusals, environ: Environ, application: Application) -> Answer | None:
    """What to answer a claim in vain; None for everything that has to be asked of the application."""
    slot = known.refuses(environ)
    if slot is None:
        return None
    answer = slot.answer_to(environ)
    if answer is None and not by_program(environ):
        answer = _page_for_people(environ, application, slot)
        if answer is None or not known.holds(slot):
            return None
        slot.keep(environ, answer)
    return given(slot, answer)


def _page_for_people(environ: Environ, application: Application, slot: RefusedSlot) -> Answer | None:
    """The page about this refusal, as an answer to the claim; None when there is no such page, or none any more.

    What was chosen for the claim goes along in the environ: the page is made for the very readers it is kept for.
    """
    page = {**environ, "REQUEST_METHOD": "GET", "PATH_INFO": slot.page, "QUERY_STRING": ""}
    for name in _OF_THE_CLAIM:
        page.pop(name, None)
    answer = ask(application, page)
    if not answer.status.startswith("200"):
        return None
    headers = tuple((name, value) for name, value in answer.headers if name.lower() not in _OF_A_PAGE)
    return Answer("409 CONFLICT", (*headers, ("Cache-Control", "no-store")), answer.body)
