"""Why a slot could not be had a moment ago, where the reason holds for everybody: full, too early, too late, closed.

In the minutes around the opening nearly every claim is refused for one of these reasons. What is known here only ever
refuses: whoever is let through still has to win the claim. It is never older than a second, so a place that comes back,
or a day that is opened again, is found within one; and "not open yet" ends at the very instant of the opening.
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, request
from sqlalchemy.orm import Session

from queue_app.adapters.measures import FROM_MEMORY
from queue_app.adapters.refused import refused
from queue_app.adapters.tally import count
from queue_app.db import db
from queue_app.domain.clock import Clock
from queue_app.domain.errors import BookingClosed, DayClosed, DomainError, NotOpenYet, SlotFull
from queue_app.queries.booking.availability import next_number, requests_of_slot
from queue_app.web.site.negotiation import choice_of

from .claim_sent import by_program, has_only_copy, paths_of, persons, request_key, slot_claimed
from .wsgi_answer import Answer, Application, Environ, ask

KNOWN_REFUSALS = "known_refusals"  # in `app.extensions`, as is
# The reasons, and for each the end of the address `/slots/<id>/…` of its page for people.
PAGES = {
    SlotFull.code: "penuh",
    NotOpenYet.code: "belum-dibuka",
    BookingClosed.code: "sudah-ditutup",
    DayClosed.code: "hari-tutup",
}
LIFE = 1.0  # seconds from the moment before the database was asked
ASK_AGAIN = 0.5  # seconds: then one request goes through and asks, while the others are still refused
MOST_SLOTS, MOST_HOLDERS, MOST_ANSWERS = 20_000, 1_000, 20
COUNTERS = 1 << 16
_TOLD, _ASKS = "queue_app.refused_for_all", "queue_app.asks_again"
Variant = tuple[str, str | int]


def report_refusal(refusal: DomainError, slot_id: int, places: int) -> None:
    """For a view that refused so many persons a place: let the gate know, if everybody would hear the same now.

    A party that was too large for the places left is no such case.
    """
    if refusal.code not in PAGES:
        return
    refused.count(slot_id, refusal.code)
    keys = known_refusals().holders(db.session(), slot_id, of_full=isinstance(refusal, SlotFull))
    if keys is not None:
        request.environ[_TOLD] = Told(refusal.code, refusal.details.get("opens_at"), keys, places)


def known_refusals() -> KnownRefusals:
    known: KnownRefusals = current_app.extensions[KNOWN_REFUSALS]
    return known


@dataclass(frozen=True)
class Told:
    """What the application told: the code of the refusal, the instant at which it ends by itself if there is one, the
    request keys of those who hold places of the slot, and how many places had been asked for.
    """

    code: str
    ends_at: datetime | None
    request_keys: frozenset[str]
    places: int


@dataclass
class RefusedSlot:
    """``until`` and ``ask_again_at`` are of the monotonic clock, which nobody sets; the opening is of the office's.

    ``claims``: how many had been won in this slot before the database was asked.
    """

    slot_id: int
    told: Told
    until: float
    ask_again_at: float
    claims: int
    answers: dict[Variant, Answer] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """Its address."""
        return f"/slots/{self.slot_id}/{PAGES[self.told.code]}"

    def answer_to(self, environ: Environ) -> Answer | None:
        """What others who asked like this one were answered."""
        return self.answers.get(_variant(environ))

    def keep(self, environ: Environ, answer: Answer) -> None:
        if len(self.answers) < MOST_ANSWERS:
            self.answers[_variant(environ)] = answer


class KnownRefusals:
    """What this process knows of slots that could not be had a moment ago.

    A claim that is won makes it forget, in all processes that were forked from this one: whoever won may ask again for
    an answer that got lost, and must not be refused by a process that knows an older list of holders. They share a few
    counters for that. Two processes that count at once may count one; both are noticed.
    """

    def __init__(self, clock: Clock, now: Callable[[], float] = time.monotonic) -> None:
        self._clock, self.now = clock, now
        self._slots: dict[str, RefusedSlot] = {}  # by the two paths on which it is claimed
        self._holders: dict[int, tuple[int, frozenset[str]]] = {}
        self._claims = mmap.mmap(-1, COUNTERS)

    def claim_was_won(self, slot_id: int) -> None:
        place = slot_id % COUNTERS
        self._claims[place] = (self._claims[place] + 1) % 256

    def holders(self, session: Session, slot_id: int, *, of_full: bool) -> frozenset[str] | None:
        """The request keys of those who hold the places of a slot, or held some; None when there is no such slot, or
        one that was to be ``of_full`` has places left.

        Nobody can have come to hold a place since its next number was the same, so the list is read once for each
        number. Who has gone meanwhile is still on it, which only means that the application is asked.
        """
        number = next_number(session, slot_id, of_full=of_full)
        if number is None:
            return None
        known = self._holders.get(slot_id)
        if known is None or known[0] != number:
            if len(self._holders) >= MOST_HOLDERS:
                self._holders = {}
            known = self._holders[slot_id] = number, requests_of_slot(session, slot_id)
        return known[1]

    def known_refusal(self, environ: Environ) -> Answer | None:
        """What a claim in vain is answered, where that has been answered before."""
        slot = self.refuses(environ)
        return given(slot, slot.answer_to(environ)) if slot else None

    def refuses(self, environ: Environ) -> RefusedSlot | None:
        """The slot that this request claims in vain; None for everything that has to be asked of the application."""
        slot = self._slots.get(environ["PATH_INFO"])
        if slot is None or environ["REQUEST_METHOD"] != "POST" or _ASKS in environ:
            return None
        if not self.holds(slot):
            return None
        if self.now() >= slot.ask_again_at:
            slot.ask_again_at = slot.until  # this one asks for all; should two come here at once, two ask
            environ[_ASKS] = True
            return None
        return None if request_key(environ) in slot.told.request_keys or has_only_copy(environ) else slot

    def learn(self, environ: Environ, application: Application) -> Answer:
        """Let the application decide, and keep in mind when it said what everybody would hear.

        Programs get afterwards what the first of them got from the application; people get a page of their own,
        because that answer holds their details.
        """
        slot_id = slot_claimed(environ)
        if slot_id is None:
            return ask(application, environ)
        paths = paths_of(slot_id)
        asked, claims = self.now(), self._claims[slot_id % COUNTERS]
        answer, told = ask(application, environ), environ.get(_TOLD)
        if told is None:
            for path in paths:
                self._slots.pop(path, None)
            return answer
        slot = self._slots.get(paths[0])
        if slot is None or slot.told.code != told.code or _ASKS in environ or not self.holds(slot):
            slot = RefusedSlot(slot_id, told, asked + LIFE, asked + ASK_AGAIN, claims)
            if not self.holds(slot):
                return answer  # it came too late itself: what others have learnt since stays
            if len(self._slots) >= MOST_SLOTS:
                self._slots = {}
            self._slots.update(dict.fromkeys(paths, slot))
        if by_program(environ) and answer.status.startswith("409"):
            slot.answers[choice_of(environ).language, told.places] = answer
        return answer

    def holds(self, slot: RefusedSlot) -> bool:
        """Whether what is known of the slot can still be true."""
        if self.now() >= slot.until or slot.claims != self._claims[slot.slot_id % COUNTERS]:
            return False
        return slot.told.ends_at is None or self._clock.now() < slot.told.ends_at


def given(slot: RefusedSlot, answer: Answer | None) -> Answer | None:
    """The answer, counted."""
    if answer is not None:
        count(FROM_MEMORY, slot.told.code)
        refused.count(slot.slot_id, slot.told.code)
    return answer


def _variant(environ: Environ) -> Variant:
    """What an answer differs by: its language and, for people, its compression, for programs the number of persons."""
    choice = choice_of(environ)
    return choice.language, persons(environ) if by_program(environ) else choice.encoding
