"""The gate: who asks for a place in a slot that was full a moment ago is refused before Flask hears of it.

In the minute of the opening nearly every request is one of these. The gate only ever refuses: whom it lets through
still has to win the claim. What it knows is never older than a second, so a place that comes back is found again
within one.
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask import current_app, request
from sqlalchemy.orm import Session

from queue_app.adapters.measures import FROM_MEMORY
from queue_app.adapters.tally import count
from queue_app.db import db
from queue_app.models import OfficeService
from queue_app.queries.booking.availability import DayAvailability, next_number_of_full_slot, requests_of_slot
from queue_app.web.booking.offerings import days_of
from queue_app.web.request import now
from queue_app.web.site.negotiation import choice_of
from queue_app.web.site.short_cache import ShortCache

from .claim_sent import CLAIM, PROGRAMS, by_program, persons, request_key
from .wsgi_answer import Answer, Application, Environ, StartResponse, ask

FULL_SLOTS = "full_slots"  # in `app.extensions`, as is

LIFE = 1.0  # seconds from the moment before the database was asked
ASK_AGAIN = 0.5  # seconds: then one request goes through and asks, while the others are still refused
MOST_SLOTS, MOST_HOLDERS, MOST_ANSWERS, MOST_OFFERINGS = 20_000, 1_000, 20, 10_000
COUNTERS = 1 << 16
_FULL, _ASKS = "queue_app.full_slot", "queue_app.asks_again"
_OF_A_PAGE = {"cache-control", "etag", "set-cookie"}
# What belongs to the one who claims, and not to the page that all of them get.
_OF_THE_CLAIM = ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_UPGRADE")
Variant = tuple[str, str | int]


def report_full(slot_id: int, places: int) -> None:
    """For a view that refused so many persons with SlotFull: let the gate know, if the slot is full for everybody.

    A party that was too large for the places left is no such case.
    """
    keys = full_slots().holders(db.session(), slot_id)
    if keys is not None:
        request.environ[_FULL] = keys, places


def days_a_moment_ago(offering: OfficeService) -> tuple[DayAvailability, ...]:
    """For refusals that name other times: its days, read at most once a second for all who are refused."""
    return full_slots().days(offering)


def full_slots() -> FullSlots:
    known: FullSlots = current_app.extensions[FULL_SLOTS]
    return known


@dataclass
class _FullSlot:
    """``request_keys``: of those who hold its places. They may ask again, for the answer they never got.

    ``claims``: how many had been won in this slot before the database was asked.
    """

    slot_id: int
    until: float
    ask_again_at: float
    claims: int
    request_keys: frozenset[str]
    answers: dict[Variant, Answer] = field(default_factory=dict)


class FullSlots:
    """What this process knows of slots that were full a moment ago.

    A claim that is won makes it forget, in all processes that were forked from this one: whoever won may ask again for
    an answer that got lost, and must not hear "full" from a process that knows an older list of holders. They share a
    few counters for that. Two processes that count at once may count one; both are noticed.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._slots: dict[str, _FullSlot] = {}  # by the two paths on which it is claimed
        self._holders: dict[int, tuple[int, frozenset[str]]] = {}
        self._days = ShortCache[int, tuple[DayAvailability, ...]](LIFE, MOST_OFFERINGS)
        self._claims = mmap.mmap(-1, COUNTERS)

    def claim_was_won(self, slot_id: int) -> None:
        place = slot_id % COUNTERS
        self._claims[place] = (self._claims[place] + 1) % 256

    def holders(self, session: Session, slot_id: int) -> frozenset[str] | None:
        """The request keys of those who hold the places of a slot that has none left; None when it has some.

        Nobody can have come to hold a place since its next number was the same, so the list is read once for each
        number. Who has gone meanwhile is still on it, which only means that the application is asked.
        """
        number = next_number_of_full_slot(session, slot_id)
        if number is None:
            return None
        known = self._holders.get(slot_id)
        if known is None or known[0] != number:
            if len(self._holders) >= MOST_HOLDERS:
                self._holders = {}
            known = self._holders[slot_id] = number, requests_of_slot(session, slot_id)
        return known[1]

    def days(self, offering: OfficeService) -> tuple[DayAvailability, ...]:
        asked = self.now()
        known = self._days.get(offering.id, asked)
        return known if known is not None else self._days.put(offering.id, days_of(offering, now=now()), asked)

    def refusal(self, environ: Environ, application: Application) -> Answer | None:
        """What to answer a claim on a full slot; None for everything that has to be asked of the application."""
        slot = self._refuses(environ)
        if slot is None:
            return None
        variant = _variant(environ)
        answer = slot.answers.get(variant)
        if answer is None and not by_program(environ):
            answer = _page_for_people(environ, application, slot.slot_id)
            if answer is not None and len(slot.answers) < MOST_ANSWERS:
                slot.answers[variant] = answer
        return _counted(answer)

    def known_refusal(self, environ: Environ) -> Answer | None:
        """As `refusal`, when it has been given before."""
        slot = self._refuses(environ)
        return _counted(slot.answers.get(_variant(environ))) if slot else None

    def _refuses(self, environ: Environ) -> _FullSlot | None:
        """The full slot that this request claims in vain."""
        slot = self._slots.get(environ["PATH_INFO"])
        if slot is None or environ["REQUEST_METHOD"] != "POST" or _ASKS in environ:
            return None
        now = self.now()
        if not self._is_known(slot, now):
            return None
        if now >= slot.ask_again_at:
            slot.ask_again_at = slot.until  # this one asks for all; should two come here at once, two ask
            environ[_ASKS] = True
            return None
        return None if request_key(environ) in slot.request_keys else slot

    def ask_and_learn(self, environ: Environ, application: Application) -> Answer:
        """Let the application decide, and keep in mind when it said that the slot is full.

        Programs get from the gate what the first of them got from the application; people get a page of their own,
        because that answer holds their details.
        """
        claim = CLAIM.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        if claim is None:
            return ask(application, environ)
        slot_id = int(claim[2])
        paths = f"/slots/{slot_id}/bookings", f"{PROGRAMS}/slots/{slot_id}/bookings"
        asked, claims = self.now(), self._claims[slot_id % COUNTERS]
        answer, full = ask(application, environ), environ.get(_FULL)
        if full is None:
            for path in paths:
                self._slots.pop(path, None)
            return answer
        keys, places = full
        slot = self._slots.get(paths[0])
        if slot is None or _ASKS in environ or not self._is_known(slot, asked):
            if len(self._slots) >= MOST_SLOTS:
                self._slots = {}
            slot = _FullSlot(slot_id, asked + LIFE, asked + ASK_AGAIN, claims, keys)
            self._slots.update(dict.fromkeys(paths, slot))
        if by_program(environ) and answer.status.startswith("409"):
            slot.answers[choice_of(environ).language, places] = answer
        return answer

    def _is_known(self, slot: _FullSlot, now: float) -> bool:
        return now < slot.until and slot.claims == self._claims[slot.slot_id % COUNTERS]


class SoldOutGate:
    """WSGI layer before requests wait for a permit to work."""

    def __init__(self, application: Application, full: FullSlots) -> None:
        self._application, self._full = application, full

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._full.refusal(environ, self._application)
        return answer.give(start_response) if answer else self._application(environ, start_response)


class SoldOutDoor:
    """WSGI layer behind the permits to work: who has waited may find that the last place went meanwhile."""

    def __init__(self, application: Application, full: FullSlots) -> None:
        self._application, self._full = application, full

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._full.refusal(environ, self._application)
        return (answer or self._full.ask_and_learn(environ, self._application)).give(start_response)


def _counted(answer: Answer | None) -> Answer | None:
    if answer is not None:
        count(FROM_MEMORY, "full")
    return answer


def _page_for_people(environ: Environ, application: Application, slot_id: int) -> Answer | None:
    """The page `/slots/<id>/penuh`, as an answer to the claim; None when there is no such page.

    What was chosen for the claim goes along in the environ: the page is made for the very readers it is kept for.
    """
    page = {**environ, "REQUEST_METHOD": "GET", "PATH_INFO": f"/slots/{slot_id}/penuh", "QUERY_STRING": ""}
    for name in _OF_THE_CLAIM:
        page.pop(name, None)
    answer = ask(application, page)
    if not answer.status.startswith("200"):
        return None
    headers = tuple((name, value) for name, value in answer.headers if name.lower() not in _OF_A_PAGE)
    return Answer("409 CONFLICT", (*headers, ("Cache-Control", "no-store")), answer.body)


def _variant(environ: Environ) -> tuple[str, str | int]:
    """What an answer differs by: its language and, for people, its compression, for programs the number of persons."""
    choice = choice_of(environ)
    return choice.language, persons(environ) if by_program(environ) else choice.encoding
