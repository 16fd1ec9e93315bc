"""The ground of the machine: offices, the model beside them, and how it learns what only the database decides."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import delete, select

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import DayStatus
from queue_app.models import Base, ServiceDay, Staff
from queue_app.models import Slot as StoredSlot
from queue_app.models import Ticket as StoredTicket
from queue_app.queries.calendar.withdrawn import withdrawn_tickets
from queue_app.queries.records.closure_invariants import closed_times
from queue_app.queries.records.invariants import _kept as kept
from queue_app.queries.records.invariants import _one_active as one_active
from queue_app.queries.records.invariants import _places as places
from queue_app.queries.records.invariants import _transitions as transitions
from queue_app.queries.records.invariants import _unique as unique
from queue_app.services.calendar import days
from tests.concurrency.races import Outcome, Step, attempt, findings
from tests.harness import factories
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.stateful.model import OPENS_DAYS_BEFORE, WALK_INS_PER_DAY, ZONE, Day, Model, Slot, Ticket

ANY = st.integers(0, 99)  # which one, modulo how many there are
CHECK_EACH = 5  # steps: they took half of the time


class Ground(RuleBasedStateMachine):
    def __init__(self, app: Flask, clock: FixedClock) -> None:
        super().__init__()
        self.app, self.clock, self.keyring = app, clock, app.extensions["keyring"]
        self.model = Model()
        self.nonces, self.steps, self.looks, self.ways = (itertools.count() for _ in range(4))
        clock.set(MONDAY_MORNING)
        with app.app_context(), unit_of_work() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
        self._open_offices()
        self._learn_slots()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def days_are_missing(self) -> bool:
        until = self._today() + timedelta(days=OPENS_DAYS_BEFORE + days.BEYOND_HORIZON)
        return max(day.day for day in self.model.days.values()) < until

    def do(self, step: Step) -> Outcome:
        with self.app.app_context():
            outcome = attempt(step)
        if outcome.failure:
            raise outcome.failure
        return outcome

    # What must be true after each of them

    @invariant()
    def the_places_people_and_steps_are_right(self) -> None:
        """I1 to I5 and I7, now and then: what the model holds is compared after each step, and at the end all of them
        are verified."""
        if next(self.steps) % CHECK_EACH:
            return
        with self.app.app_context():
            session = db.session()
            checks = (places(session), kept(session), one_active(session), transitions(session), closed_times(session))
            assert not [*itertools.chain(*checks), *unique(session, self.keyring)]

    def teardown(self) -> None:
        broken = findings(self.app)
        assert not broken, broken

    @invariant()
    def model_and_database_agree(self) -> None:
        stored = self._stored_slots()
        assert stored.keys() == self.model.slots.keys()
        for slot in self.model.slots.values():
            row = stored[slot.id]
            held = self.model.held(slot.id)
            assert (row.planned, row.booked, row.accepts) == (slot.planned, held, slot.accepts)
            assert row.capacity == self.model.places(slot)
        with self.app.app_context():
            rows = db.session().execute(select(StoredTicket.id, StoredTicket.state, StoredTicket.slot_id))
            assert {row[0]: (row[1].value, row[2]) for row in rows} == {
                ticket.id: (ticket.state, ticket.slot_id) for ticket in self.model.tickets.values()
            }

    @invariant()
    def those_who_are_too_many_are_known(self) -> None:
        """As many as hold a place beyond what is planned, or more only where a family would have to be parted."""
        if next(self.looks) % CHECK_EACH:
            return
        with self.app.app_context():
            found = [
                entry
                for office_id in self.offices
                for entry in withdrawn_tickets(db.session(), office_id=office_id, now=self.now)
            ]
        for slot in self.model.slots.values():
            over = {entry.ticket_id for entry in found if entry.slot_id == slot.id}
            waiting = {one.id for one in self.model.tickets.values() if (one.slot_id, one.state) == (slot.id, "booked")}
            coming = slot.accepts and slot.ends_at > self.now
            excess = max(0, self.model.held(slot.id) - slot.planned) if coming else 0
            assert over <= waiting
            assert len(over) >= min(excess, len(waiting))
            assert bool(over) == bool(min(excess, len(waiting)))

    # How the model learns what only the database decides: ids and numbers

    def _open_offices(self) -> None:
        with self.app.app_context(), unit_of_work() as session:
            service = factories.make_service(session)
            self.offices, self.offerings = [], []
            for slug, hours in (("sragen", (8, 9)), ("gemolong", (8,))):
                office = factories.make_office(session, slug)
                rules = {"opens_days_before": OPENS_DAYS_BEFORE, "weekdays": tuple(range(7)), "hours": hours}
                rules["walk_ins_per_day"] = WALK_INS_PER_DAY
                offering = factories.make_offering(session, office, service, now=self.now, **rules)
                self.offices.append(office.id)
                self.offerings.append(offering.id)
                self.model.schedules[offering.id] = [(date(2020, 1, 1), dict.fromkeys(hours, 2))]
            # Not by the service, whose slow hash would take as long as twenty steps.
            staff = Staff(username="desk", name="Petugas", password_hash="-", created_at=self.now)
            session.add(staff)
            session.flush()
            self.staff_id = staff.id

    def _learn_slots(self) -> None:
        """Days that are new follow their schedule; what was known stays."""
        with self.app.app_context():
            for row in db.session().scalars(select(ServiceDay).order_by(ServiceDay.id)):
                if row.id not in self.model.days:
                    offering_id = self.offerings[self.offices.index(row.office_id)]
                    day = self.model.days[row.id] = Day(row.id, offering_id, row.day)
                    assert row.status is DayStatus.OPEN
                    for slot in self._learn_slots_of(day):
                        slot.planned = self.model.places_by_schedule(day)[slot.starts_at.astimezone(ZONE).hour]

    def _learn_slots_of(self, day: Day) -> list[Slot]:
        new = [row for row in self._stored_slots().values() if row.service_day_id == day.id]
        slots = [
            Slot(row.id, day.id, row.office_id, day.day, row.starts_at, row.ends_at, 0, not day.closed)
            for row in new
            if row.id not in self.model.slots
        ]
        self.model.slots.update({slot.id: slot for slot in slots})
        return slots

    def _follow(self, offering_id: int, first: date) -> None:
        """A window that goes or shrinks keeps what is booked; closed days and those set by hand are left alone."""
        for day in self.model.days.values():
            if day.offering_id != offering_id or day.day < first or day.closed or day.by_hand:
                continue
            self._learn_slots_of(day)
            places = self.model.places_by_schedule(day)
            for slot in self.model.slots_of(day.id):
                slot.planned = places.get(slot.starts_at.astimezone(ZONE).hour, 0)

    def _learn_tickets(self, booking_id: int, slot_id: int, persons: list[int]) -> list[Ticket]:
        with self.app.app_context():
            rows = list(
                db.session().scalars(
                    select(StoredTicket)
                    .where(StoredTicket.booking_id == booking_id, StoredTicket.id.not_in(self.model.tickets))
                    .order_by(StoredTicket.position)
                )
            )
            self.model.codes[booking_id] = rows[0].booking.code
        numbers = [row.queue_number for row in rows]
        assert numbers == list(range(numbers[0], numbers[0] + len(persons)))
        for row, person in zip(rows, persons, strict=True):
            self.model.tickets[row.id] = Ticket(row.id, booking_id, person, slot_id, row.queue_number)
        return [self.model.tickets[row.id] for row in rows]

    def _stored_slots(self) -> dict[int, StoredSlot]:
        with self.app.app_context():
            return {slot.id: slot for slot in db.session().scalars(select(StoredSlot).order_by(StoredSlot.id))}

    def _agree(self, outcome: Outcome, reasons: set[str]) -> None:
        assert outcome.code in (reasons or {None}), (outcome, reasons)

    def _today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def _over(self, day: Day) -> bool:
        return self.model.has_ended(day.id, self.now)

    def _set_closed(self, day: Day, closed: bool) -> None:
        day.closed = closed
        for slot in self.model.slots_of(day.id):
            slot.accepts = not closed

    def _slot(self, which: int) -> Slot:
        """One of the slots of these days, and mostly of tomorrow: there people meet."""
        ahead = [1, 1, 1, 2, 3, 0][which % 6]
        slots = self.model.slots.values()
        near = [slot for slot in slots if (slot.day - self._today()).days == ahead] or list(slots)
        return near[which // 6 % len(near)]

    def _day(self, which: int) -> Day:
        """Mostly one that concerns somebody and is not over."""
        slots = [slot for slot in self.model.slots.values() if slot.ends_at > self.now]
        held = [slot.day_id for slot in slots if self.model.held(slot.id)]
        return self.model.days[[*held, self._slot(which).day_id][which % (len(held) + 1)]]

    def _booking(self, which: int) -> int:
        """One that still waits for its day, or now and then any."""
        codes = list(self.model.codes)
        waiting = [one for one in codes if any(ticket.state == "booked" for ticket in self.model.standing(one))]
        return [*waiting, codes[which % len(codes)]][which % (len(waiting) + 1)]
