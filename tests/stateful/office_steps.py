"""What the administrator and the clock do."""

from __future__ import annotations

from datetime import time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from queue_app.db import db
from queue_app.domain.calendar import Share, Window
from queue_app.domain.roles import Actor
from queue_app.models import Offer, OfficeService
from queue_app.services.arrivals import no_shows
from queue_app.services.booking.offers import lapse_offers
from queue_app.services.calendar import closing, cut, quota, schedule
from queue_app.services.calendar.carrying_out import carry_out, closures_to_carry_out
from queue_app.services.calendar.days import make_days
from tests.stateful.machine import ANY, Ground
from tests.stateful.model import EXPECTED, UNANSWERED, ZONE, Day, Ticket
from tests.stateful.model import Offer as Held

HOURS = st.sets(st.sampled_from([8, 9, 10]), min_size=1)
ADMINISTRATOR = Actor.staff(1)


class Office(Ground):
    # What the administrator does

    @rule(which=ANY, close=st.booleans())
    def close_or_open_a_day(self, which: int, close: bool) -> None:
        closed = [day for day in self.model.days.values() if day.closed]
        if close or not closed:
            self._close(self._day(which))
        else:
            self._open([*closed, self._day(which)][which % (len(closed) + 1)])

    def _close(self, day: Day) -> None:
        texts = {"reason_id": "Listrik padam", "reason_en": "Power cut"}
        outcome = self.do(
            lambda session: closing.close_day(session, day.id, actor=ADMINISTRATOR, now=self.now, **texts).id
        )
        self._agree(outcome, {"invalid_schedule"} if day.closed or self._over(day) else set())
        if outcome.won:
            self._set_closed(day, True)
            here = {slot.id for slot in self.model.slots_of(day.id)}
            tickets = [one for one in self.model.tickets.values() if one.slot_id in here and one.state in EXPECTED]
            self._carry_out(outcome.value)
            self._learn_offers(outcome.value, tickets)

    def _carry_out(self, closure_id: int) -> None:
        while self.do(lambda session: carry_out(session, closure_id, now=self.now, limit=2)).value:
            pass

    def _learn_offers(self, closure_id: int, concerned: list[Ticket]) -> None:
        """Each booking has one; the domain has proposed the place. A later closure may have changed others."""
        with self.app.app_context():
            rows = list(db.session().scalars(select(Offer).order_by(Offer.id)))
        expected = sorted({ticket.booking_id for ticket in concerned})
        assert sorted(row.booking_id for row in rows if row.closure_id == closure_id) == expected
        for row in rows:
            known = self.model.offers.get(row.booking_id)
            moved_on = known and known.state == "open" and row.state in UNANSWERED
            if row.closure_id != closure_id and not moved_on:
                continue
            if row.closure_id == closure_id and row.state == "open":  # others may have been held long enough by now
                assert row.held_until > self.now
            places = self.model.persons.setdefault(row.booking_id, row.places)
            self.model.persons[row.booking_id] = row.places if row.closure_id == closure_id else places
            self.model.offers[row.booking_id] = Held(
                *(row.booking_id, row.old_slot_id, row.slot_id, row.held_until, row.choose_until), row.state.value
            )
        for offer in self.model.offers.values():
            if offer.state == "open":
                slot = self.model.slots[offer.slot_id]
                assert slot.accepts
                assert offer.held_until < slot.starts_at
                assert self.model.held(slot.id) <= self.model.places(slot)

    def _open(self, day: Day) -> None:
        outcome = self.do(
            lambda session: closing.open_day(
                session, day.id, reason="Listrik menyala", actor=ADMINISTRATOR, now=self.now
            )
        )
        self._agree(outcome, set() if day.closed and not self._over(day) else {"invalid_schedule"})
        if outcome.won:
            self._set_closed(day, False)
            day.by_hand = True
            here = {slot.id for slot in self.model.slots_of(day.id)}
            of_day = [offer for offer in self.model.offers.values() if offer.old_slot_id in here]
            for offer in of_day:
                if offer.state in UNANSWERED:
                    offer.state = "kept" if self.model.concerned(offer) else "cancelled"
                elif offer.state in {"accepted", "elsewhere"}:
                    offer.state = "offered_back"
            self._take_back()

    def _take_back(self) -> None:
        with self.app.app_context():
            waiting = closures_to_carry_out(db.session())
        for closure_id in waiting:
            self._carry_out(closure_id)

    @precondition(lambda self: any(offer.state == "open" for offer in self.model.offers.values()))
    @rule()
    def lapse_offers(self) -> None:
        over = [one for one in self.model.offers.values() if one.state == "open" and one.held_until <= self.now]
        assert self.do(lambda session: lapse_offers(session, now=self.now)).value == len(over)
        for offer in over:
            offer.state = "lapsed"

    @rule(which=ANY, places=st.integers(0, 6))
    def set_day_quota(self, which: int, places: int) -> None:
        day = self._day(which)
        outcome = self.do(
            lambda session: quota.set_day_quota(
                session, day.id, places, reason="Operator sakit", actor=ADMINISTRATOR, now=self.now
            )
        )
        slots = self.model.slots_of(day.id)
        if self._over(day):
            assert outcome.code == "invalid_schedule"
        elif places < sum(self.model.held(slot.id) for slot in slots):
            assert outcome.code == "quota_below_booked"
        else:
            assert outcome.won
            day.by_hand = True
            self._learn_quota(day, places)

    @precondition(lambda self: any(self.model.held(slot.id) > slot.planned for slot in self.model.slots.values()))
    @rule()
    def tell_of_cut(self) -> None:
        """Changes nothing but what is written to them; telling at once again tells nobody."""
        for offering in self.offerings:
            told = [
                self.do(lambda session, id=offering: cut.tell_of_cut(session, id, actor=ADMINISTRATOR, now=self.now))
                for _ in range(2)
            ]
            assert told[1].value == 0

    def _learn_quota(self, day: Day, places: int) -> None:
        """How it is spread is the code's to decide, but never into an hour that is over or out of the schedule."""
        slots, stored = self.model.slots_of(day.id), self._stored_slots()
        before = {slot.id: self.model.places(slot) for slot in slots}
        by_schedule = self.model.places_by_schedule(day)
        scheduled = {slot.id: by_schedule.get(slot.starts_at.astimezone(ZONE).hour, 0) for slot in slots}
        coming = [slot for slot in slots if slot.ends_at > self.now]
        for slot in slots:
            slot.planned = stored[slot.id].planned
            if slot not in coming:
                assert self.model.places(slot) <= before[slot.id]
            elif not scheduled[slot.id] and any(scheduled[one.id] for one in coming):
                assert slot.planned == 0
        assert sum(self.model.places(slot) for slot in slots) == places

    @rule(which=ANY, days_ahead=st.integers(0, 4), hours=HOURS, places=st.integers(0, 3))
    def set_schedule(self, which: int, days_ahead: int, hours: set[int], places: int) -> None:
        offering_id = self.offerings[which % 2]
        first = self._today() + timedelta(days=days_ahead)
        windows = tuple(
            Window(weekday, time(hour), time(hour + 1), Share.PUBLIC, places) for weekday in range(7) for hour in hours
        )
        new = schedule.NewSchedule("Baru", first, None, windows)
        outcome = self.do(
            lambda session: (
                schedule.set_schedule(
                    session, offering_id, new, reason="Jadwal baru", actor=ADMINISTRATOR, now=self.now
                ).id
            )
        )
        self._agree(outcome, set() if days_ahead else {"invalid_schedule"})
        if outcome.won:
            self.model.schedules[offering_id].append((first, dict.fromkeys(hours, places)))
            self._follow(offering_id, first)

    # What the clock does

    @rule(minutes=st.sampled_from([-30, 1, 10, 60, 360, 1000]))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @precondition(lambda self: any(ticket.state == "booked" for ticket in self.model.tickets.values()))
    @rule(which=ANY, minutes=st.sampled_from([-31, -30, 0, 59, 91, 600]))
    def go_to_an_appointment(self, which: int, minutes: int) -> None:
        waiting = [ticket for ticket in self.model.tickets.values() if ticket.state == "booked"]
        starts_at = self.model.slots[waiting[which % len(waiting)].slot_id].starts_at
        self.clock.set(max(self.now - timedelta(minutes=30), starts_at + timedelta(minutes=minutes)))

    @precondition(lambda self: any(ticket.state == "booked" for ticket in self.model.tickets.values()))
    @rule(which=ANY)
    def a_day_ends(self, which: int) -> None:
        slots = [self.model.slots[one.slot_id] for one in self.model.tickets.values() if one.state == "booked"]
        slot = slots[which % len(slots)]
        self.clock.set(max(self.now, *(other.ends_at for other in self.model.slots_of(slot.day_id))))
        self.mark_no_shows()

    @precondition(lambda self: self.model.absent(self.now))
    @rule()
    def mark_no_shows(self) -> None:
        absent = self.model.absent(self.now)
        assert self.do(lambda session: no_shows.mark_no_shows(session, now=self.now)).value == len(absent)
        for ticket in absent:
            ticket.state = "no_show" if self.model.slots[ticket.slot_id].accepts else "cancelled"

    @precondition(lambda self: self.days_are_missing)
    @rule()
    def make_days(self) -> None:
        for offering_id in self.offerings:
            self.do(
                lambda session, one=offering_id: make_days(session, session.get_one(OfficeService, one), now=self.now)
            )
        self._learn_slots()
        assert not self.days_are_missing
