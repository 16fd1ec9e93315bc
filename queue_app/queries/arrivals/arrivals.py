"""The day's list at the front desk, and what can be chosen from it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import UNDO_ADMISSION_WITHIN
from queue_app.domain.booking import TicketState
from queue_app.domain.keyring import Keyring, Unreadable, person_of
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Ticket

from .arrival import GROUPS, Arrival, ArrivalState, arrival_rows, describe, stage_of

LISTED = (TicketState.BOOKED, TicketState.CHECKED_IN, TicketState.NO_SHOW)


@dataclass(frozen=True)
class ArrivalsOfDay:
    """The rows of a day in order of window and number; nothing sealed is opened before `people` is asked for."""

    rows: Sequence[Row[Any]]
    parties: dict[int, tuple[int, int]]  # by ticket
    now: datetime

    @cached_property
    def states(self) -> dict[int, ArrivalState]:
        return {row.id: GROUPS[stage_of(row, now=self.now)] for row in self.rows}

    @property
    def counts(self) -> Counter[ArrivalState]:
        return Counter(self.states.values())

    @property
    def services(self) -> dict[int, Row[Any]]:
        """A row of each service that somebody comes for; it has its names."""
        return {row.service_id: row for row in self.rows}

    @property
    def windows(self) -> list[tuple[datetime, datetime]]:
        """Begin and end of the windows that somebody comes in, in order."""
        return list(dict.fromkeys((row.starts_at, row.ends_at) for row in self.rows))

    def of_service(self, service_id: int) -> ArrivalsOfDay:
        return self._only(row for row in self.rows if row.service_id == service_id)

    def of_hour(self, starts_at: datetime) -> ArrivalsOfDay:
        return self._only(row for row in self.rows if row.starts_at == starts_at)

    def of_person(self, ticket_id: int) -> ArrivalsOfDay:
        """Every ticket that the owner of this one has on the list."""
        person = next((row.person_index for row in self.rows if row.id == ticket_id), None)
        return self._only(row for row in self.rows if row.id == ticket_id or (person and row.person_index == person))

    def of_state(self, state: ArrivalState) -> ArrivalsOfDay:
        return self._only(row for row in self.rows if self.states[row.id] is state)

    def matching(self, search: str, keyring: Keyring) -> ArrivalsOfDay:
        """``search`` matches the beginning of a booking code, a queue number, or initials ("S W", "sw")."""
        wanted = _plain(search)
        return self._only(row for row in self.rows if _matches(row, wanted, keyring)) if wanted else self

    def people(self, keyring: Keyring) -> tuple[Arrival, ...]:
        return tuple(replace(describe(row, keyring, now=self.now), party=self.parties.get(row.id)) for row in self.rows)

    def fingerprint(self) -> str:
        """The same for as long as the list would look the same."""
        seen = [
            (row.id, self.states[row.id], row.visit, row.counter, row.at, row.identity, row.priority, row.service_id)
            + (row.at and self.now - row.at <= UNDO_ADMISSION_WITHIN,)
            for row in self.rows
        ]
        return hashlib.blake2b(repr(seen).encode(), digest_size=16).hexdigest()

    def _only(self, rows: Iterable[Row[Any]]) -> ArrivalsOfDay:
        return ArrivalsOfDay(list(rows), self.parties, self.now)


def arrivals_of_day(session: Session, office_id: int, day: date, *, now: datetime) -> ArrivalsOfDay:
    """Everybody expected at an office on a day: one statement, whatever is chosen from it later."""
    rows = session.execute(
        arrival_rows()
        .where(Ticket.office_id == office_id, Ticket.day == day, Ticket.state.in_(LISTED))
        .order_by(Ticket.starts_at, Ticket.queue_number)
    ).all()
    return ArrivalsOfDay(rows, _parties(rows), now)


def ticket_of_person(session: Session, office_id: int, day: date, person_index: bytes) -> int | None:
    """The first ticket that the owner of a NIK, by its keyed hash, has on the list of that day."""
    return session.scalars(
        select(Ticket.id)
        .where(Ticket.office_id == office_id, Ticket.day == day, Ticket.state.in_(LISTED))
        .where(Ticket.person_index == person_index)
        .order_by(Ticket.starts_at, Ticket.queue_number)
        .limit(1)
    ).first()


def _parties(rows: Sequence[Row[Any]]) -> dict[int, tuple[int, int]]:
    """Only those of more than one person, counted without whoever has cancelled."""
    sizes = Counter(row.booking_id for row in rows)
    together = sorted((row for row in rows if sizes[row.booking_id] > 1), key=lambda row: row.position)
    seen: Counter[int] = Counter()
    parties = {}
    for row in together:
        seen[row.booking_id] += 1
        parties[row.id] = (seen[row.booking_id], sizes[row.booking_id])
    return parties


def _matches(row: Row[Any], wanted: str, keyring: Keyring) -> bool:
    """The name is opened last, and only for those whom nothing else has found."""
    plain = (show_number(row.letter, row.queue_number), show_code(row.code))
    if any(_plain(text).startswith(wanted) for text in plain):
        return True
    initials = person_of(row, row.code, keyring).initials
    return bool(initials) and not isinstance(initials, Unreadable) and _plain(initials).startswith(wanted)


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
