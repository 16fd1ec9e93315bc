"""What grows: the work of the database for one booking, one scan, one page, one closed day, at more and more bookings.

The product's own functions are called on a filled database, and only what the database itself does is counted: the
processor time within its calls (SQLite) or of the process that serves the connection (PostgreSQL).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import load_keyring
from queue_app.domain.finding import read_search
from queue_app.domain.identity import parse_nik
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.models import Booking, Closure, Slot
from queue_app.queries.arrivals.arrivals import arrivals_of_day
from queue_app.queries.booking.availability import days_between
from queue_app.queries.booking.search import search_tickets
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.booking.book import book
from queue_app.services.booking.lookup import ticket_of_token
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.services.calendar.carrying_out import carry_out
from queue_app.services.calendar.closing import close_day
from queue_app.services.records.audit import seal_entries
from queue_app.services.records.outbox import queue_due_reminders
from queue_app.services.visits.day_end import end_visits
from scripts.benchmarks.databases import Databases
from scripts.benchmarks.filling import A_DAY, SLOTS, Content
from scripts.benchmarks.meter import Meter
from scripts.benchmarks.sizes import RULES, filled
from scripts.benchmarks.table import Line

SAMPLES = 40
WARMING = 5  # calls before the first that counts
CLOSED_IN = 10  # days from today
FREE_AHEAD = range(3, 25)  # days whose places are booked
BENCH = Actor.system("bench")


@dataclass
class Curve:
    """One thing at several sizes: milliseconds by the number of bookings."""

    kind: str
    what: str
    points: dict[int, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The largest size to the smallest."""
        return self.points[max(self.points)] / self.points[min(self.points)]

    @property
    def logarithm(self) -> float:
        """The same ratio of something that grows as the depth of an index does, and no faster."""
        return math.log(max(self.points)) / math.log(min(self.points))


class Grown:
    """A filled database at half past nine of its today, and the work that is done on it."""

    def __init__(self, meter: Meter, full: Content, keyring: Keyring) -> None:
        self._meter, self._full, self._keyring = meter, full, keyring
        self._now = datetime.combine(full.today, time(2, 30), UTC)
        self._choose = random.Random(full.bookings)
        self._serial = itertools.count(1)

    def costs(self) -> Iterator[tuple[str, float]]:
        """Each thing with its median in milliseconds."""
        yield "one booking", self._cost(self._book, self._free_slot)
        yield "one scan at the desk", self._cost(self._scan, self._code_of_today)
        yield "day list of the desk", self._cost(self._day_list)
        yield "availability of 30 days", self._cost(self._availability)
        yield "ticket by its token", self._cost(self._ticket)
        yield "a name that nobody has", self._cost(self._name, samples=5, warming=1)
        yield "closing a day of 300", self._cost(self._close, samples=min(self._full.offices, 3), warming=0)
        for sweep in (self._reminders, self._no_shows, self._ends, self._seals):
            while self._within(sweep, ()):
                pass
        # They look at everybody of today and tomorrow: what an office has of them does not grow, but the offices do.
        yield "jobs of a minute, of one office", self._cost(self._minute, samples=5) / self._full.offices

    def _cost(
        self,
        work: Callable[..., object],
        prepare: Callable[[Session], Any] | None = None,
        *,
        samples: int = SAMPLES,
        warming: int = WARMING,
    ) -> float:
        found = []
        for number in range(warming + samples):
            given = (self._within(prepare, ()),) if prepare else ()
            began = self._meter.read()
            self._within(work, given)
            if number >= warming:
                found.append(1000 * (self._meter.read() - began))
        return median(found)

    def _within(self, work: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        """A transaction of its own, which may write."""
        with Session(self._meter.engine) as session:
            session.connection(execution_options={"writes": True})
            done = work(session, *given)
            session.commit()
        return done

    def _office(self) -> int:
        return self._choose.randint(1, self._full.offices)

    def _free_slot(self, session: Session) -> int:
        day = self._full.today + timedelta(days=self._choose.choice(FREE_AHEAD))
        free = select(Slot.id).where(Slot.office_id == self._office(), Slot.day == day, Slot.booked < Slot.capacity)
        return self._choose.choice(session.scalars(free.where(Slot.accepts)).all() or [self._free_slot(session)])

    def _book(self, session: Session, slot_id: int) -> None:
        serial = next(self._serial)
        nik = parse_nik(f"33149901{serial // 9999 + 1:02d}05{serial % 9999 + 1:04d}")
        person = Applicant(name="Siti Wahyuni", nik=nik)
        wanted = BookingRequest(slot_id, (person,), "+6281234567890", None, "id", f"growth-{serial}")
        book(session, wanted, keyring=self._keyring, now=self._now)

    def _code_of_today(self, session: Session) -> tuple[str, int]:
        """Somebody of the hour that it is; each only once, as long as there are enough of them."""
        serial, office = next(self._serial), self._office()
        first = (self._full.today - self._full.first_day).days * self._full.offices * A_DAY + (office - 1) * A_DAY
        booking_id = first + 1 + (1 + serial * SLOTS) % A_DAY
        return session.get_one(Booking, booking_id).code, office

    def _scan(self, session: Session, whom: tuple[str, int]) -> None:
        code, office = whom
        scan = Scan(typed=code, office_id=office, staff_id=None, nonce=f"growth-{next(self._serial)}")
        check_in(session, scan, keyring=self._keyring, now=self._now)

    def _day_list(self, session: Session) -> None:
        past = (self._full.today - self._full.first_day).days
        day = self._full.today - timedelta(days=self._choose.randint(0, past))
        arrivals_of_day(session, self._office(), day, now=self._now)

    def _availability(self, session: Session) -> None:
        office, first = self._office(), self._full.today
        of = {"office_id": office, "service_id": self._full.service_of(office)}
        days_between(session, **of, rules=RULES, first=first, last=first + timedelta(days=29), now=self._now)

    def _ticket(self, session: Session) -> None:
        token = self._keyring.ticket_token(self._choose.randint(1, self._full.bookings))
        ticket_of_token(session, token, keyring=self._keyring)

    def _name(self, session: Session) -> None:
        """Of the 40,000 latest people of an office, as many as it has."""
        wanted = read_search("Tiada Orangnya", self._keyring.read_ticket_token)
        about = {"keyring": self._keyring, "today": self._full.today, "now": self._now}
        search_tickets(session, self._office(), wanted, **about)

    def _close(self, session: Session) -> None:
        """Another office each time, until everybody has an offer and a message."""
        office = next(self._serial) % self._full.offices
        day = office * self._full.days + (self._full.today - self._full.first_day).days + CLOSED_IN + 1
        reason = {"reason_id": "Listrik padam", "reason_en": "Power cut"}
        closure = close_day(session, day, **reason, actor=BENCH, now=self._now)
        session.flush()
        while carry_out(session, closure.id, now=self._now):
            session.flush()
        assert session.get_one(Closure, closure.id).done_at is not None

    def _minute(self, session: Session) -> None:
        for sweep in (self._reminders, self._no_shows, self._ends, self._seals):
            sweep(session)

    def _reminders(self, session: Session) -> int:
        return queue_due_reminders(session, now=self._now)

    def _no_shows(self, session: Session) -> int:
        return mark_no_shows(session, now=self._now)

    def _ends(self, session: Session) -> int:
        return end_visits(session, now=self._now)

    def _seals(self, session: Session) -> int:
        return seal_entries(session, keyring=self._keyring, now=self._now, limit=500)


def growth(databases: Databases, folder: Any, wanted: list[int], curves: list[Curve]) -> Iterator[Line]:
    """A line for each thing at each size, and one that says how it grew; the points are added to ``curves``."""
    found: dict[str, Curve] = {}
    for bookings in wanted:
        with filled(databases, folder, bookings) as (installation, full):
            meter = Meter(installation.settings.database_url)
            try:
                for what, cost in Grown(meter, full, load_keyring(installation.settings.keys_file)).costs():
                    found.setdefault(what, Curve(databases.kind, what)).points[bookings] = cost
                    yield Line(f"{what}, {bookings:,} bookings", [cost], "ms")
            finally:
                meter.engine.dispose()
    for curve in found.values():
        curves.append(curve)
        if len(curve.points) > 1:
            sizes = f"{max(curve.points):,} : {min(curve.points):,}"
            yield Line(f"{curve.what}, {sizes}", [curve.ratio], "×", at_most=round(curve.logarithm, 2))
