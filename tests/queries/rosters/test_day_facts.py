"""A day of an office beforehand: its places by share, the counters of its roster, and what figures know."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.quota_inputs import DayFacts
from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.domain.simulation.day import Window
from queue_app.models import DayCount, DayFigures, OfficeService, Staff
from queue_app.queries.rosters.day_facts import MEASURED, day_facts, next_day_with_places
from queue_app.services.rosters.shifts import add_shifts
from queue_app.services.visits.counters import create_counter
from tests.harness.factories import TESTER, make_offering, make_office, make_staff, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

HOUR = 3600.0
NOTHING = {one.name: 0 for one in DayFigures.__table__.c if not one.nullable and one.name != "mark"}


class Place:
    """An office in the zone furthest east, with hours of two shares, two counters and an officer."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.today = session, THURSDAY - timedelta(days=3)
        office = make_office(session, time_zone="Asia/Jayapura")
        self.offering = make_offering(session, office, now=clock.now(), capacity=5, kept={Share.ASSISTED: 2})
        self.office_id, self.service_id = office.id, self.offering.service_id
        self.by = {"office_id": office.id, "actor": TESTER, "now": clock.now()}
        self.counters = [
            create_counter(session, number=one, service_ids=[self.service_id], **self.by).id for one in (1, 2)
        ]
        self.officer: Staff = make_staff(session, office, Role.COUNTER, now=clock.now())
        session.commit()

    def facts(self) -> DayFacts:
        return day_facts(self.session, self.office_id, THURSDAY, today=self.today)

    def plan(self, *hours: tuple[int, int], counter: int = 0) -> None:
        shifts = [
            Shift(self.counters[counter], self.officer.id, THURSDAY, time(start), time(end)) for start, end in hours
        ]
        add_shifts(self.session, shifts, **self.by)

    def count(self, days_ago: int, **figures: int) -> None:
        of_day = {"office_id": self.office_id, "service_id": self.service_id}
        of_day["day"] = self.today - timedelta(days=days_ago)  # type: ignore[assignment]  # a key of another kind
        self.session.add(DayFigures(**{**NOTHING, "mark": "-", **of_day, **figures}))
        for breakdown, word, people in (
            ("service_time", "5", 40),
            ("priority", "none", 30),
            ("priority", "urgent", 10),
        ):
            self.session.add(DayCount(**of_day, breakdown=breakdown, word=word, people=people, came=0, missed=0))
        self.session.flush()


@pytest.fixture
def place(session: Session, clock: FixedClock) -> Place:
    return Place(session, clock)


def test_hours_are_those_of_the_offices_wall_and_kept_places_stay_apart(place: Place) -> None:
    windows = [
        Window(place.service_id, hour * HOUR, (hour + 1) * HOUR, places, kept=kept)
        for hour in (8, 9)
        for places, kept in ((2, True), (5, False))
    ]
    assert list(place.facts().windows) == windows
    closed, *_ = slots_of(place.session, place.offering, THURSDAY)
    closed.accepts = False
    place.session.flush()
    assert len(place.facts().windows) == 3


def test_where_nobody_is_planned_all_counters_are_open_in_the_hours_of_the_day(place: Place) -> None:
    facts = place.facts()
    assert not facts.rostered
    assert (facts.numbers, [post.shifts for post in facts.posts]) == ((1, 2), [((8 * HOUR, 10 * HOUR),)] * 2)


def test_the_roster_opens_counters_and_a_gap_is_a_break(place: Place) -> None:
    place.plan((8, 10), (10, 12), (13, 15), counter=1)
    facts = place.facts()
    assert facts.rostered
    assert (facts.numbers, facts.posts[0].shifts) == ((2,), ((8 * HOUR, 12 * HOUR), (13 * HOUR, 15 * HOUR)))


def test_a_day_on_which_everybody_who_was_planned_is_gone_has_no_counter(place: Place) -> None:
    """It is rostered: nobody must think that all counters were open."""
    place.plan((8, 12))
    place.officer.active = False
    place.session.flush()
    facts = place.facts()
    assert (facts.rostered, facts.posts) == (True, ())
    assert facts.without_counter == {place.service_id}


def test_figures_of_eight_weeks_are_gone_by(place: Place) -> None:
    measured = {
        "service_times": 40,
        "service_seconds": 14_000,
        "came": 45,
        "missed": 15,
        "walk_ins": 6,
        "public_quota": 9,
    }
    place.count(MEASURED.days + 1, came=900, service_times=900, service_seconds=900)
    before = place.facts().services[place.service_id]
    assert (before.times, before.absence, before.walk_ins, before.days) == (None, None, 0, 0)
    place.count(1, **measured)
    place.count(2, public_quota=9)
    facts = place.facts().services[place.service_id]
    assert facts.times is not None
    assert (facts.times.mean, facts.times.people, facts.absence) == (350, 40, 0.25)
    assert (facts.walk_ins, facts.days, facts.priority) == (3, 2, 0.25)
    assert facts.needs_kit


def test_the_next_day_is_one_with_places(place: Place) -> None:
    assert next_day_with_places(place.session, place.office_id, THURSDAY) == FRIDAY
    for slot in slots_of(place.session, place.offering, FRIDAY):
        slot.accepts = False
    place.session.flush()
    assert next_day_with_places(place.session, place.office_id, THURSDAY) == FRIDAY + timedelta(days=3)
    elsewhere = make_office(place.session, "gemolong").id
    assert next_day_with_places(place.session, elsewhere, THURSDAY) is None


def test_services_given_no_more_have_no_places_and_do_no_harm(place: Place) -> None:
    place.session.get_one(OfficeService, place.offering.id).active = False
    place.session.flush()
    assert place.facts().services[place.service_id].stated == 0
