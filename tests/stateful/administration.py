"""What administrators do to their offices, in any order, while people book there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from queue_app.adapters.holiday_library import known_holidays
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import office_date
from queue_app.domain.roles import Actor
from queue_app.domain.setup import LETTERS, DayHours
from queue_app.models import Base, Office, OfficeService, ServiceDay, Slot, Ticket
from queue_app.services.booking.book import book
from queue_app.services.calendar import closing, holidays, proposals, quota
from queue_app.services.setup import copied_weeks, copying, hours, offered, offices, trial, weeks, zone
from tests.concurrency.races import Outcome, Step, attempt, findings
from tests.harness.factories import make_applicant, make_request
from tests.harness.fakes import MONDAY_MORNING, FixedClock

ANY = st.integers(0, 99)  # which one, modulo how many there are
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CODES = ("KTP_REKAM", "IKD", "SUKET")
ADMINISTRATOR = Actor.staff(1)
CHECK_EACH = 4  # steps: verifying takes most of the time
# What an act may be refused with; a failure that nobody foresaw is raised.
REFUSALS = {"invalid_setup", "invalid_schedule", "invalid_closure", "quota_below_booked", "holiday_booked"}
NO_HOLIDAY = REFUSALS | {"not_found"}
NO_PLACE = {"slot_full", "day_closed", "booking_closed", "not_open_yet", "already_booked", "not_found"}


class Administration(RuleBasedStateMachine):
    def __init__(self, app: Flask, clock: FixedClock) -> None:
        super().__init__()
        self.app, self.clock, self.keyring = app, clock, app.extensions["keyring"]
        self.names, self.steps = itertools.count(1), itertools.count(1)
        clock.set(MONDAY_MORNING)
        with app.app_context(), unit_of_work() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
            proposals.propose_holidays(session, known_holidays([2026]), now=self.now)
        self.an_office_opens(0, 0)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": ADMINISTRATOR, "now": self.now}

    @property
    def why(self) -> dict[str, Any]:
        return {**self.by, "reason": "Percobaan"}

    def do(self, step: Step, allowed: set[str] = REFUSALS) -> Outcome:
        with self.app.app_context():
            outcome = attempt(step)
        if outcome.failure:
            raise outcome.failure
        assert outcome.won or outcome.code in allowed, outcome
        return outcome

    def one(self, table: type[Any], which: int) -> int | None:
        """The id of one of its rows."""
        with self.app.app_context():
            ids: Sequence[int] = db.session().scalars(select(table.id).order_by(table.id)).all()
        return ids[which % len(ids)] if ids else None

    # What administrators do

    @rule(in_zone=st.integers(0, 2), like=ANY)
    def an_office_opens(self, in_zone: int, like: int) -> None:
        number = next(self.names)
        if number > 3:
            return
        before = self.one(Office, like)

        def opens(session: Session) -> None:
            new = offices.NewOffice(f"Kantor {number}", ZONES[in_zone])
            office = offices.create_office(session, new, **self.by)
            if before is not None:
                copying.copy_office(session, before, office.id, **self.by)

        self.do(opens)
        if before is None:
            self.services_are_offered(0, {"KTP_REKAM", "IKD"})
            self.a_week_is_set(0, {0, 1, 2, 3, 4}, 8, 4, 60, 3, 0)

    @rule(which=ANY, codes=st.sets(st.sampled_from(CODES), min_size=1))
    def services_are_offered(self, which: int, codes: set[str]) -> None:
        office_id = self.one(Office, which)
        self.do(lambda session: len(offered.offer_services(session, office_id, codes, **self.by)))

    @rule(which=ANY, giving=st.booleans())
    def a_service_is_stopped_or_given_again(self, which: int, giving: bool) -> None:
        act = offered.resume_offering if giving else offered.stop_offering
        self.do(lambda session: act(session, self.one(OfficeService, which), **self.why))

    @rule(which=ANY, letter=st.sampled_from(LETTERS[:5]))
    def a_letter_is_changed(self, which: int, letter: str) -> None:
        self.do(lambda session: offered.change_letter(session, self.one(OfficeService, which), letter, **self.why))

    @rule(
        which=ANY,
        weekdays=st.sets(st.integers(0, 6), min_size=1),
        opens=st.integers(6, 12),
        span=st.integers(1, 6),
        minutes=st.sampled_from([15, 45, 60, 240]),
        places=st.integers(0, 6),
        ahead=st.integers(0, 5),
    )
    def a_week_is_set(
        self, which: int, weekdays: set[int], opens: int, span: int, minutes: int, places: int, ahead: int
    ) -> None:
        week = [DayHours(day, time(opens), time(opens + span)) for day in sorted(weekdays)]
        office_id = self.one(Office, which)

        def sets(session: Session) -> None:
            office = session.get_one(Office, office_id)
            mine = session.scalars(select(OfficeService.id).where(OfficeService.office_id == office_id))
            first = office_date(self.now, office.time_zone) + timedelta(days=ahead)
            quotas = dict.fromkeys(mine, places)
            hours.set_hours(session, office.id, week, minutes, quotas, name="Baru", valid_from=first, **self.why)

        self.do(sets)

    @rule(which=ANY, ahead=st.integers(1, 5))
    def hours_are_copied(self, which: int, ahead: int) -> None:
        source_id = self.one(OfficeService, which)

        def copies(session: Session) -> None:
            source = session.get_one(OfficeService, source_id)
            here = OfficeService.office_id == source.office_id
            others = session.scalars(select(OfficeService.id).where(here, OfficeService.id != source.id)).all()
            first = office_date(self.now, source.office.time_zone) + timedelta(days=ahead)
            copied = copied_weeks.week_of_service(session, others, source.id, first)
            weeks.set_weeks(session, source.office_id, copied, **self.why)

        self.do(copies)

    @rule(which=ANY, to=st.integers(0, 2))
    def the_zone_is_changed(self, which: int, to: int) -> None:
        self.do(lambda session: zone.change_zone(session, self.one(Office, which), ZONES[to], **self.why))

    @rule(which=ANY, places=st.integers(0, 9))
    def a_days_quota_is_changed(self, which: int, places: int) -> None:
        if (day := self.one(ServiceDay, which)) is not None:
            self.do(lambda session: quota.set_day_quota(session, day, places, **self.why))

    @rule(which=ANY, close=st.booleans())
    def a_day_is_closed_or_opened(self, which: int, close: bool) -> None:
        if (day := self.one(ServiceDay, which)) is None:
            return
        texts = {"reason_id": "Listrik padam", "reason_en": "Power cut"}
        if close:
            self.do(lambda session: closing.close_day(session, day, **texts, **self.by).id)
        else:
            self.do(lambda session: closing.open_day(session, day, **self.why))

    @rule(ahead=st.integers(0, 9), which=ANY, local=st.booleans(), off=st.booleans())
    def a_holiday_is_added_or_taken_off(self, ahead: int, which: int, local: bool, off: bool) -> None:
        today = self.now.date()
        day = today + timedelta(days=ahead)
        whose = {"office_id": self.one(Office, which) if local else None, "today": today}
        names = {"name_id": "Pilkada", "name_en": "Election"}
        if off:
            self.do(lambda session: holidays.delete_holiday(session, day, **whose, **self.why), NO_HOLIDAY)
        else:
            self.do(lambda session: holidays.add_holiday(session, day, **whose, **names, **self.why))

    # What goes on meanwhile

    @rule(which=ANY, persons=st.integers(1, 3))
    def somebody_books(self, which: int, persons: int) -> None:
        if (slot := self.one(Slot, which * 3)) is not None:
            request = make_request(slot, *(make_applicant() for _ in range(persons)))
            self.do(lambda session: book(session, request, keyring=self.keyring, now=self.now).code, NO_PLACE)

    @rule(which=ANY)
    def a_booking_is_tried(self, which: int) -> None:
        tried = {"keyring": self.keyring, "now": self.now}
        self.do(lambda session: len(trial.try_bookings(session, self.one(Office, which), **tried)))

    @rule(hours=st.sampled_from([1, 7, 24, 50]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    # What must be true whatever they do

    @invariant()
    def nobody_is_called_by_another_ones_number(self) -> None:
        """R-LETTER-1: of the tickets of a day at an office."""
        numbers: dict[tuple[int, date, str], set[int]] = {}
        with self.app.app_context():
            for row in db.session().execute(select(Ticket.office_id, Ticket.day, Ticket.letter, Ticket.service_id)):
                numbers.setdefault((row.office_id, row.day, row.letter), set()).add(row.service_id)
        assert all(len(services) == 1 for services in numbers.values()), numbers

    @invariant()
    def tickets_are_at_the_hour_of_their_slot(self) -> None:
        """R-ZONE-1."""
        with self.app.app_context():
            rows = db.session().execute(select(Ticket.starts_at, Slot.starts_at).join(Slot, Slot.id == Ticket.slot_id))
            assert all(of_ticket == of_slot for of_ticket, of_slot in rows.all())

    @invariant()
    def every_day_lies_in_its_own_zone(self) -> None:
        """A slot's day is the date of its beginning at its office."""
        with self.app.app_context():
            today = {
                one.id: (one.time_zone, office_date(self.now, one.time_zone))
                for one in db.session.scalars(select(Office))
            }
            for slot in db.session.scalars(select(Slot)):
                zone_name, present = today[slot.office_id]
                assert slot.day < present or office_date(slot.starts_at, zone_name) == slot.day

    @invariant()
    def nothing_is_broken(self) -> None:
        if next(self.steps) % CHECK_EACH == 0:
            self.teardown()

    def teardown(self) -> None:
        broken = findings(self.app)
        assert not broken, broken
