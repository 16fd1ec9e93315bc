"""Read rows of bookings: who, at which office, for which service, and in which of the hours that there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from queue_app.domain.exchange.cells import (
    Cell,
    are_rounded,
    clock_of,
    day_of,
    impersonal,
    key_of,
    nik_of,
    phone_of,
    text_of,
)
from queue_app.domain.exchange.columns import CLOCK, DAY, EMAIL, NAME, NIK, OFFICE, OLD_NUMBER, PHONE, SERVICE
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.exchange.rows import ImportRow
from queue_app.domain.identity import Nik, parse_name
from queue_app.models import Office, OfficeService, Slot
from queue_app.queries.exchange.places import hours_of_day, offerings_by_name, offices_by_name
from queue_app.services.booking.request import Applicant

OLD_NUMBER_MAX = 20
ReadEmail = Callable[[str], str | None]


@dataclass(frozen=True)
class BookingRow:
    """``slot``: one of those of the window; another share of it may be taken. ``clock``: its beginning, local time."""

    offering: OfficeService
    slot: Slot
    clock: time
    applicant: Applicant
    phone: str | None
    email: str | None
    old_number: str


class BookingReader:
    """Knows the offices, services and hours that rows may name; each day is asked for once.

    ``read_email``: an address as it is written to, or None; raises InvalidEmail.
    """

    def __init__(
        self,
        session: Session,
        rows: Sequence[ImportRow],
        offices: Sequence[Office],
        read_email: ReadEmail,
        *,
        now: datetime,
    ) -> None:
        self._session, self._read_email, self._now = session, read_email, now
        self._offices = offices_by_name(offices)
        self._offerings = offerings_by_name(session, [office.id for office in offices])
        self._hours: dict[tuple[int, date], dict[time, Slot]] = {}
        self._rounded = are_rounded([row.cell(NIK) for row in rows])

    def read(self, row: ImportRow) -> BookingRow | None:
        """None, and complaints of the row, where something of it cannot be."""
        offering = self._offering(row)
        day, clock = row.wanted(DAY, day_of, date.min), row.wanted(CLOCK, clock_of, time.min)
        nik, name = row.wanted(NIK, self._nik, None), row.wanted(NAME, lambda cell: parse_name(text_of(cell)), "")
        phone = row.possible(PHONE, phone_of, None)
        email = row.possible(EMAIL, lambda cell: self._read_email(text_of(cell)), None)
        old_number = row.possible(OLD_NUMBER, impersonal(OLD_NUMBER_MAX), "")
        if row.problems or offering is None or nik is None:
            return None
        slot = self._slot(row, offering, day, clock)
        return BookingRow(offering, slot, clock, Applicant(name, nik), phone, email, old_number) if slot else None

    def _nik(self, cell: Cell) -> Nik | None:
        nik = nik_of(cell)
        if self._rounded:
            raise CellRefused(reason="nik_rounded")
        return nik

    def _offering(self, row: ImportRow) -> OfficeService | None:
        office, service = row.wanted(OFFICE, self._offices.one, None), row.wanted(SERVICE, text_of, "")
        if office is None or not service:
            return None
        offering = self._offerings.get((office.id, key_of(service)))
        if offering is None or not offering.active:
            row.complain(CellRefused(reason="service"), SERVICE)
            return None
        return offering

    def _slot(self, row: ImportRow, offering: OfficeService, day: date, clock: time) -> Slot | None:
        hours = self._hours.get((offering.id, day))
        if hours is None:
            hours = self._hours[offering.id, day] = hours_of_day(self._session, offering, day)
        slot = hours.get(clock)
        if slot is None:
            row.complain(CellRefused(reason="window", hours=tuple(hours)), CLOCK if hours else DAY)
        elif slot.ends_at <= self._now:
            row.complain(CellRefused(reason="past"), CLOCK)
            return None
        return slot
