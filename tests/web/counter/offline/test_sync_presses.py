"""A counter without a connection: whom it may call, and what becomes of its presses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Counter, Staff, Visit, VisitStep
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.visits import calling
from queue_app.services.visits.counters import create_counter
from queue_app.services.visits.seats import pause, sign_in
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World
from tests.web.desk.offline.test_sync_scans import send

LIST, SYNC = "/loket/hari-ini.json", "/loket/sinkron"


class Counters:
    """Two counters of one service with an officer at each; people come in the order of their numbers."""

    def __init__(self, world: World, clock: FixedClock) -> None:
        self.world, self.clock, self.session = world, clock, world.afresh()
        self.officers = [world.staff(Role.COUNTER), world.staff(Role.COUNTER, world.here, world.there)]
        self.counters = [self._open(number, staff) for number, staff in enumerate(self.officers, start=1)]
        world.session.commit()

    def _open(self, number: int, staff: Staff) -> Counter:
        here, now = self.world.here.id, self.clock.now()
        services = [self.world.offering.service_id]
        counter = create_counter(
            self.session, office_id=here, number=number, service_ids=services, actor=TESTER, now=now
        )
        return sign_in(self.session, counter.id, office_id=here, staff_id=staff.id, now=now)

    def arrive(self, people: int) -> list[int]:
        tickets = []
        for serial in range(people):
            booking = self.world.book(hour=(8, 9, 13)[serial // 2])
            scan = Scan(self.world.token(booking), self.world.here.id, self.officers[0].id, f"arrival-{booking.id}")
            check_in(self.session, scan, keyring=self.world.keyring, now=self.clock.now())
            self.session.commit()
            tickets.append(booking.tickets[0].id)
        return tickets

    def press(
        self, act: str, ticket_id: int, letter: str, *, minutes: int = 0, at: int = 0, **more: Any
    ) -> dict[str, Any]:
        """One kept press, made so many minutes before it is sent."""
        made = (self.clock.now() - timedelta(minutes=minutes)).isoformat()
        own = {"ticket": ticket_id, "counter": self.counters[at].id}
        return {"nonce": letter * 32, "act": act, "at": made, **own, **more}

    def visit(self, ticket_id: int) -> Visit:
        return self.world.afresh().get_one(Visit, ticket_id, populate_existing=True)


@pytest.fixture
def counters(world: World, clock: FixedClock) -> Counters:
    return Counters(world, clock)


@pytest.fixture
def officer(visitor: Visitor, world: World, counters: Counters) -> Visitor:
    return visitor.sign_in(world, counters.officers[0])


def share(visitor: Visitor) -> list[int]:
    return [one["id"] for one in visitor.get(LIST).json["order"] if one["mine"]]


def test_the_shares_are_apart_and_whole_also_when_one_list_is_older(
    officer: Visitor, counters: Counters, world: World
) -> None:
    tickets = counters.arrive(4)
    first = share(officer)
    world.afresh()
    calling.call_next(
        counters.session, counters.counters[1].id, staff_id=counters.officers[1].id, nonce="online", now=MONDAY_MORNING
    )
    counters.session.commit()
    officer.sign_in(world, counters.officers[1])
    second = share(officer)  # after somebody was called: everybody has moved up
    assert not set(first) & set(second)
    assert {*first, *second, tickets[0]} == set(tickets)
    assert len(first) == 2
    listed = officer.get(LIST)
    assert listed.json["current"]["state"] == "called"
    assert "Siti" not in listed.text
    assert officer.get(LIST, headers={"If-None-Match": listed.headers["ETag"]}).status_code == 304


def test_who_pauses_has_no_share(officer: Visitor, counters: Counters) -> None:
    counters.arrive(2)
    staff_id = counters.officers[0].id
    pause(counters.session, counters.counters[0].id, staff_id=staff_id, reason="Istirahat", now=MONDAY_MORNING)
    counters.session.commit()
    assert share(officer) == []


def test_presses_are_taken_over_with_their_times_and_once(
    officer: Visitor, counters: Counters, clock: FixedClock
) -> None:
    first, second, *_others = counters.arrive(4)
    officer.get(LIST)
    clock.advance(minutes=20)
    presses = [
        counters.press("call", first, "a", minutes=15),
        counters.press("recall", first, "b", minutes=14),
        counters.press("start", first, "c", minutes=13),
        counters.press("finish", first, "d", minutes=6, outcome="failed_iris"),
        counters.press("call", second, "e", minutes=5),
        counters.press("hold", second, "f", minutes=4),
    ]
    for _ in range(2):
        said = send(officer, *presses, path=SYNC)
        assert {one["answer"] for one in said["answers"].values()} == {"done"}
        assert said["conflicts"] == 0
    visit = counters.visit(first)
    assert (visit.state, visit.outcome) == (VisitState.SERVED, Outcome.FAILED_IRIS)
    assert clock.now() - visit.started_at == timedelta(minutes=13)
    assert clock.now() - visit.ended_at == timedelta(minutes=6)
    assert counters.visit(second).state is VisitState.HELD
    assert len(counters.session.scalars(select(VisitStep)).all()) == 6


def test_what_does_not_fit_is_left_to_a_person(officer: Visitor, counters: Counters, clock: FixedClock) -> None:
    taken, free, *_others = counters.arrive(4)
    other = {"staff_id": counters.officers[1].id, "now": clock.advance(minutes=1)}
    assert calling.call_next(counters.session, counters.counters[1].id, nonce="online", **other).ticket_id == taken
    counters.session.commit()
    officer.get(LIST)
    clock.advance(minutes=9)
    said = send(
        officer,
        counters.press("call", taken, "a", minutes=5),
        counters.press("start", taken, "b", minutes=4),
        counters.press("finish", taken, "c", minutes=3, outcome="done"),
        counters.press("call", free, "d", minutes=2),
        path=SYNC,
    )
    assert [said["answers"][letter * 32]["conflict"] for letter in "abcd"] == [True, True, True, False]
    assert counters.visit(taken).counter_id == counters.counters[1].id
    assert counters.visit(free).state is VisitState.CALLED
    page = officer.get("/meja/luring").text
    assert page.count("Loket 1") == 3
    entry = page.split('action="/meja/luring/')[1].split('"')[0]
    assert (
        officer.post(f"/meja/luring/{entry}", {"note": "Dilayani di loket 1, loket 2 diberi tahu"}).status_code == 303
    )
    assert "Tidak ada yang perlu diputuskan." in officer.get("/meja/luring").text  # all three of that person


def test_somebody_without_a_counter_keeps_nothing(desk: Visitor) -> None:
    assert desk.get(LIST).json["counter"] is None
