"""An office and what is booked there: the first half of `office_life`.

Everybody is made up: NIKs of the form 331499…, telephone numbers that nobody has, addresses under `.example`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.holiday_library import known_holidays
from queue_app.domain.calendar import Share
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.quota_change import NewQuota, QuotaUnit
from queue_app.domain.releases import Release
from queue_app.domain.roles import Role
from queue_app.domain.setup_plan import SitePlan
from queue_app.models import Booking, Holiday, Slot, StaffAssignment
from queue_app.services.access import api_keys, staff
from queue_app.services.booking import answering, change
from queue_app.services.booking.request import Applicant
from queue_app.services.calendar import holidays, proposals, releases
from queue_app.services.calendar.quota_changes import change_quotas
from queue_app.services.calendar.quota_limit import Deed
from queue_app.services.printing import printers
from queue_app.services.records import outbox
from queue_app.services.setup import site
from tests.harness.closing import closed, drafted
from tests.harness.factories import (
    TESTER,
    make_applicant,
    make_booking,
    make_kiosk,
    make_offering,
    make_office,
    make_staff,
    slots_of,
)
from tests.harness.fakes import FRIDAY, MONDAY_MORNING, THURSDAY, FixedClock

NAMES = ("Siti Wahyuni", "Agus Santoso", "Dewi Lestari", "Budi Prasetyo", "Eko Nugroho", "Ngadinah")
PHONES = ("+6281000000101", "+6281000000102", None)
LARGEST = 3  # persons of a party
DAYS = (THURSDAY, *(FRIDAY + timedelta(days=more) for more in (0, 3, 4, 5, 6)))


class Week:
    """From Monday morning on; what it has made is in its attributes."""

    def __init__(self, app: Flask, session: Session, clock: FixedClock) -> None:
        self.session, self.clock, self.keyring = session, clock, app.extensions["keyring"]
        self._people = count()
        clock.set(MONDAY_MORNING)
        self._open_offices(clock.now())
        self._open_the_books(clock.now())
        self._book()
        self._change_minds()
        self._close_and_offer()
        self._send_messages()
        self._change_quotas()
        self._release_shares()

    def _open_offices(self, now: datetime) -> None:
        session = self.session
        self.office, other = make_office(session), make_office(session, "gemolong")
        self.office.phone, self.office.whatsapp = "(0271) 000 100", "+62271000100"
        site.update_site(session, SitePlan("Antrean Dukcapil", "Sragen", "#0f4c5c"), actor=TESTER, now=now)
        kept = {Share.ASSISTED: 1, Share.PRIORITY: 1}
        self.offering = make_offering(session, self.office, now=now, capacity=4, hours=(8, 9, 10, 13), kept=kept)
        make_offering(session, other, self.offering.service, now=now, capacity=3)
        proposals.propose_holidays(session, known_holidays(proposals.years_ahead(now)), now=now)
        decision = {"reason": "SKB telah terbit", "actor": TESTER, "now": now, "today": now.date()}
        proposed = session.scalars(select(Holiday.date).where(Holiday.status == HolidayStatus.PROPOSED))
        of_year = {day for day in proposed if day.year == now.year}
        proposals.decide_holidays(session, now.year, of_year, complete=True, **decision)
        holidays.add_holiday(session, date(2026, 12, 9), name_id="Pilkada", name_en="Election day", **decision)
        there = {"office_id": other.id, "name_id": "Hari jadi", "name_en": "Founding day"}
        holidays.add_holiday(session, date(2026, 12, 10), **there, **decision)
        session.commit()

    def _open_the_books(self, now: datetime) -> None:
        """For staff, for a partner's program, a printer and a kiosk."""
        session, who = self.session, {"actor": TESTER, "now": now}
        for role in Role:
            one = make_staff(session, self.office, role, now=now, keyring=self.keyring)
            staff.start_session(session, one.id, now=now)
        scopes = ("bookings:write", "check-ins:write")
        partner = api_keys.recognise(
            session, api_keys.create(session, name="Desa Sambi", scopes=scopes, limit_per_minute=60, **who)
        )
        assert partner is not None
        api_keys.count_use(session, partner, now=now)
        place = {"office_id": self.office.id, "host": "10.0.0.9", "port": 9100, "columns": 48}
        self.printer = printers.add_printer(session, name="Meja depan", **place, **who)
        make_kiosk(session, self.office, now=now)
        session.commit()

    def _book(self) -> None:
        """Alone and as families, by telephone, by mail and without either, in both languages."""
        self.booked: dict[date, list[Booking]] = {day: [] for day in DAYS}
        for day in DAYS:
            public = [slot for slot in slots_of(self.session, self.offering, day) if slot.share is Share.PUBLIC]
            for place, slot in enumerate(public):
                for persons in (1, 2) if place % 2 else (LARGEST,):
                    self.booked[day].append(self._book_one(slot, persons))
        self.session.commit()

    def _book_one(self, slot: Slot, persons: int) -> Booking:
        number = next(self._people)
        return make_booking(
            self.session,
            slot.id,
            *(self.applicant() for _ in range(persons)),
            phone=PHONES[number % 3],
            email=None if number % 2 else f"warga{number}@surat.example",
            language="en" if number % 5 == 0 else "id",
            keyring=self.keyring,
            now=self.clock.now(),
        )

    def _change_minds(self) -> None:
        now, (first, second, third, *_) = self.clock.advance(hours=1), self.booked[FRIDAY]
        change.cancel(self.session, first.id, now=now)
        change.cancel(self.session, third.id, position=1, now=now)
        change.reschedule(self.session, second.id, self.free(FRIDAY + timedelta(days=7), Share.PUBLIC).id, now=now)
        self.session.commit()

    def _close_and_offer(self) -> None:
        """A day closed whose people accept, cancel, or say nothing; and a closure that is a draft."""
        now, day = self.clock.now(), FRIDAY + timedelta(days=3)
        closed(self.session, self.offering, day, now=now)
        first, second, *_ = self.booked[day]
        answering.accept(self.session, first.id, now=now)
        change.cancel(self.session, second.id, now=now)
        drafted(self.session, self.offering, day + timedelta(days=2), now=now, hours=(time(13), time(15)))
        self.session.commit()

    def _send_messages(self) -> None:
        """Some are under way, some are sent, and one is given up."""
        now = self.clock.advance(minutes=5)
        given_up, *others = outbox.claim_messages(self.session, now=now)
        outbox.mark_failed(self.session, given_up.id, attempts=5, error="550", now=now, for_good=True)
        for message in others[:10]:
            outbox.mark_sent(self.session, message.id, channel="file", now=now)
        self.session.commit()

    def _change_quotas(self) -> None:
        """Of two days that nobody has booked yet, at once."""
        first = FRIDAY + timedelta(days=10)
        services = frozenset({self.offering.service_id})
        new = NewQuota(first, first + timedelta(days=1), services, QuotaUnit.PERCENT, 50)
        administrator = self.session.scalars(
            select(StaffAssignment.staff_id).where(StaffAssignment.role == Role.ADMINISTRATOR)
        ).one()
        deed = Deed(administrator, None, "Operator tambahan", self.clock.now())
        change_quotas(self.session, self.office.id, new, deed)
        self.session.commit()

    def _release_shares(self) -> None:
        """What the priority share has left of a day goes to the public one."""
        now, by = self.clock.now(), {"reason": "Banyak sisa", "actor": TESTER}
        early = Release(7, time(0), Share.PRIORITY, Share.PUBLIC, 100)
        releases.set_releases(self.session, self.offering.id, [early], now=now, **by)
        self.session.flush()
        for due in releases.due_releases(self.session, now=now)[-1:]:
            releases.release_day(self.session, *due, now=now)
        self.session.commit()

    def free(self, day: date, share: Share) -> Slot:
        """An hour of the day with room for a party."""
        wanted = LARGEST if share is Share.PUBLIC else 1
        slots = slots_of(self.session, self.offering, day)
        return next(one for one in slots if one.share is share and one.capacity - one.booked >= wanted)

    def applicant(self, *, named: bool = True) -> Applicant:
        number = next(self._people)
        return make_applicant(number, name=NAMES[number % len(NAMES)] if named else None)  # type: ignore[arg-type]
