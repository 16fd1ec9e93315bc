"""Services that were done in no time, from the keys that were pressed: which count, and which honest ones do not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.exceptions import DayAct
from queue_app.domain.roles import Actor, Role
from queue_app.domain.visits import Outcome, StepKind
from queue_app.models import AuditEntry, OfficeService, OfflineAct, OfflineEntry, VisitStep
from queue_app.queries.records.in_no_time import done_in_no_time
from queue_app.services.visits import calling, seats, serving
from queue_app.services.visits.steps import undo
from tests.harness.at_counters import another_service, arrive, open_counter, visit_of
from tests.harness.beginnings import Beginnings
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, World, begin_world


class Counter:
    """A counter at which one officer presses keys, some seconds after the morning began."""

    def __init__(self, world: World) -> None:
        self.world, self.services = world, (world.offering, another_service(world))
        self.counter_id = open_counter(world, 1, *self.services).id
        self.staff_id = world.staff(Role.COUNTER).id
        self.here = {"counter_id": self.counter_id, "staff_id": self.staff_id}
        seats.sign_in(
            world.afresh(), self.counter_id, office_id=world.here.id, staff_id=self.staff_id, now=MONDAY_MORNING
        )
        world.session.commit()

    @staticmethod
    def at(seconds: float) -> datetime:
        return MONDAY_MORNING + timedelta(seconds=seconds)

    def call(self, seconds: float = 0) -> int:
        session = self.world.afresh()
        called = calling.call_next(session, **self.here, nonce=f"call-{seconds}", now=self.at(seconds))
        session.commit()
        assert called is not None
        return called.ticket_id

    def serve(self, took: float, outcome: Outcome = Outcome.DONE, *, after: float = 0, nonce: str | None = None) -> int:
        """Call, start at once, finish: the id of the ticket."""
        arrive(self.world)
        ticket_id = self.call(after)
        session = self.world.session
        serving.start(session, ticket_id, **self.here, now=self.at(after))
        serving.finish(session, ticket_id, outcome, **self.here, now=self.at(after + took), nonce=nonce)
        session.commit()
        return ticket_id

    def found(self) -> list[DayAct]:
        return list(done_in_no_time(self.world.afresh(), self.world.here.id, TODAY))


@pytest.fixture
def counter(session: Session, keyring: FileKeyring, beginnings: Beginnings) -> Counter:
    return Counter(begin_world(session, keyring, beginnings))


def test_the_call_counts_and_not_the_start(counter: Counter) -> None:
    """Who forgets to press start until the end has served all the same."""
    arrive(counter.world)
    ticket_id = counter.call(0)
    serving.start(counter.world.session, ticket_id, **counter.here, now=counter.at(600))
    serving.finish(counter.world.session, ticket_id, Outcome.DONE, **counter.here, now=counter.at(601))
    counter.world.session.commit()
    assert counter.found() == []


@pytest.mark.parametrize(("took", "stated", "is_one"), [(29, 0, True), (30, 0, False), (11, 2, True), (12, 2, False)])
def test_seconds_beside_what_the_office_states(counter: Counter, took: float, stated: int, is_one: bool) -> None:
    counter.world.afresh().get_one(OfficeService, counter.world.offering.id).minutes = stated
    counter.world.session.commit()
    ticket_id = counter.serve(took)
    found = counter.found()
    assert [one.ticket_id for one in found] == ([ticket_id] if is_one else [])
    for one in found:
        assert (one.actor, one.took) == (f"staff:{counter.staff_id}", timedelta(seconds=took))
        assert counter.world.session.get_one(AuditEntry, one.entry_id).action == "visit.served"


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.FAILED_NETWORK])
def test_who_could_not_be_served_may_be_gone_at_once(counter: Counter, outcome: Outcome) -> None:
    counter.serve(5, outcome)
    assert counter.found() == []


def test_what_was_taken_back_does_not_count(counter: Counter) -> None:
    ticket_id = counter.serve(5)
    session = counter.world.session
    last = session.scalars(select(VisitStep.id).filter_by(ticket_id=ticket_id, kind=StepKind.FINISH)).one()
    actor = Actor.staff(counter.staff_id)
    undo(session, last, office_id=counter.world.here.id, actor=actor, now=counter.at(8))
    session.commit()
    assert counter.found() == []
    serving.finish(counter.world.afresh(), ticket_id, Outcome.DONE, **counter.here, now=counter.at(300))
    counter.world.session.commit()
    assert counter.found() == []


def test_somebody_who_was_called_before_has_been_here_longer(counter: Counter) -> None:
    """They were put aside to fetch a paper, and only hand it over."""
    arrive(counter.world)
    ticket_id = counter.call(0)
    session = counter.world.session
    serving.start(session, ticket_id, **counter.here, now=counter.at(30))
    serving.hold(session, ticket_id, **counter.here, now=counter.at(60))
    calling.resume(session, ticket_id, **counter.here, now=counter.at(900))
    serving.start(session, ticket_id, **counter.here, now=counter.at(902))
    serving.finish(session, ticket_id, Outcome.DONE, **counter.here, now=counter.at(910))
    session.commit()
    assert counter.found() == []


def test_of_two_services_each_has_its_own_time(counter: Counter) -> None:
    """Passed on to another service, they are called for it anew; the first one was never done."""
    arrive(counter.world)
    ticket_id = counter.call(0)
    session, second = counter.world.session, counter.services[1]
    serving.start(session, ticket_id, **counter.here, now=counter.at(1))
    serving.transfer(session, ticket_id, **counter.here, now=counter.at(400), to_service_id=second.service_id)
    session.commit()
    assert counter.call(401) == ticket_id
    serving.start(session, ticket_id, **counter.here, now=counter.at(402))
    serving.finish(session, ticket_id, Outcome.DONE, **counter.here, now=counter.at(410))
    session.commit()
    (found,) = counter.found()
    assert found.took == timedelta(seconds=9)
    assert visit_of(counter.world, ticket_id).service_id == second.service_id


def test_a_device_that_did_not_know_the_time_proves_nothing(counter: Counter) -> None:
    counter.serve(5, nonce="offline")
    assert len(counter.found()) == 1
    pressed = OfflineEntry(
        nonce="offline",
        office_id=counter.world.here.id,
        staff_id=counter.staff_id,
        act=OfflineAct.FINISH,
        at=counter.at(5),
        claimed_at=counter.at(-86_400),
        received_at=counter.at(5),
        answer="done",
        conflict=False,
    )
    counter.world.session.add(pressed)
    counter.world.session.commit()
    assert counter.found() == []
