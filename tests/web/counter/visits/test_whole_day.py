"""A whole day of an office through its pages: everybody is called once, in the published order, and nobody is lost."""

from __future__ import annotations

import random
import re
from collections import Counter as Count
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.domain.calling import QueueState, call_order, next_of_queues
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import OPEN_STATES, VisitState
from queue_app.models import (
    Counter,
    Disruption,
    OfficeService,
    Queue,
    Service,
    Staff,
    StaffAssignment,
    Ticket,
    Visit,
    VisitStep,
)
from queue_app.queries.visits.queues import state_of, waiting_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from tests.concurrency.races import assert_sound
from tests.harness.at_counters import Officer, open_counter
from tests.harness.factories import make_applicant, make_booking, make_nik, make_offering, make_service, slots_of
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import LAST_WEEK, TODAY, Visitor, World, refusals

EIGHT = MONDAY_MORNING - timedelta(hours=1)
TICK = timedelta(minutes=5)
BOOKED, WALK_INS, ABSENT, NEVER_CAME = 50, 20, 3, 4


@dataclass
class Day:
    app: Flask
    world: World
    clock: FixedClock
    recording: OfficeService
    chance: random.Random = field(default_factory=lambda: random.Random(3314))
    gone: set[str] = field(default_factory=set)  # numbers of those who left the hall before they were called
    done: Count[str] = field(default_factory=Count)

    def work(self, officer: Officer, counter: Counter) -> None:
        """What the officer does in five minutes."""
        keys = officer.keys
        if "m" in keys:
            number = re.search(r"\b[A-Z]-\d{3}\b", officer.shown.partition("counter__number")[2])
            assert number
            if number.group() in self.gone:
                self._press(officer, "u", "u", "l")
            else:
                self._press(officer, "m")
        elif "s" in keys:
            if self._serve(officer):
                self.work(officer, counter)
        elif keys.get("1", "").endswith("lanjutkan") and self.chance.random() < 0.4:  # not the absent: they are gone
            self._press(officer, "1")
        elif "p" in keys and self._call(officer, counter):
            self.work(officer, counter)

    def _serve(self, officer: Officer) -> bool:
        """Whether it has come to an end."""
        what = self.chance.random()
        if what < 0.2:
            return False  # it takes a while
        if what < 0.48:
            self._press(officer, "t")
        elif what < 0.56:
            self._pass_on(officer)
        else:
            outcome = self.chance.choice(("done", "done", "done", "failed_iris", "refused"))
            assert officer.press("s", as_shown=True, outcome=outcome).status_code == 303
            self.done[outcome] += 1
        return True

    def _pass_on(self, officer: Officer) -> None:
        offered = re.findall(r'<option value="((?:counter|service):\d+)"', officer.look())
        form = re.search(r'<form action="([^"]+/alihkan)".*?</form>', officer.shown, re.S)
        assert form
        hidden = dict(re.findall(r'name="(csrf_token|nonce)"[^>]*value="([^"]+)"', form.group()))
        target = self.chance.choice(offered)
        assert officer.visitor.client.post(form.group(1), data={**hidden, "target": target}).status_code == 303
        self.done["passed on"] += 1

    def _call(self, officer: Officer, counter: Counter) -> bool:
        """Whether there was one: the one whom the published rule says, of those whom this counter may call."""
        session, now = self.world.afresh(), self.clock.now()
        own = [service.id for service in session.get_one(Counter, counter.id).services]
        waiting = waiting_in(session, self.world.here.id, TODAY, own, counter_id=counter.id)
        lines = {line.service_id: state_of(line) for line in session.scalars(select(Queue).where(Queue.day == TODAY))}
        rules = self.world.here.calling_rules
        expected = next_of_queues(
            (call_order(people, lines.get(one, QueueState()), rules, now=now)[0] for one, people in waiting.items()),
            now=now,
        )
        self._press(officer, "p")
        called = self.world.afresh().scalars(
            select(Visit.ticket_id).where(Visit.counter_id == counter.id, Visit.state == VisitState.CALLED)
        )
        assert called.one_or_none() == (expected.ticket_id if expected else None)
        return expected is not None

    def _press(self, officer: Officer, *keys: str) -> None:
        assert officer.press(keys[0], as_shown=True).status_code == 303
        officer.presses(*keys[1:])
        self.done.update(keys)

    def compare_display(self, visitor: Visitor) -> None:
        """What hangs on the wall is what is stored."""
        shown = visitor.get("/display/sragen/now").json
        rows = self.world.afresh().execute(
            select(Ticket.letter, Ticket.queue_number, Counter.number)
            .join(Visit, Visit.ticket_id == Ticket.id)
            .join(Counter, Counter.id == Visit.counter_id)
            .where(Visit.state.in_(OPEN_STATES))
        )
        stored = {(show_number(row[0], row[1]), row[2]) for row in rows}
        assert {(call["number"], call["counter"]) for call in shown["calls"]} == stored
        waiting = self.world.session.scalars(select(Visit.ticket_id).where(Visit.state == VisitState.WAITING)).all()
        assert sum(len(line["numbers"]) for line in shown["lines"]) == len(waiting)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_whole_day(app: Flask, world: World, clock: FixedClock) -> None:
    day = Day(app, world, clock, _recording(world))
    tickets = _book(world, day.recording)
    day.gone = {show_number(one.letter, one.queue_number) for one in day.chance.sample(tickets, ABSENT)}
    come = [one for one in tickets if show_number(one.letter, one.queue_number) in day.gone]
    come += day.chance.sample([one for one in tickets if one not in come], BOOKED - ABSENT - NEVER_CAME)
    arrivals = {one.id: one.starts_at + timedelta(minutes=day.chance.randrange(-25, 100)) for one in come}
    walk_ins = sorted(EIGHT + timedelta(minutes=day.chance.randrange(5, 160)) for _ in range(WALK_INS))
    clock.set(EIGHT - timedelta(minutes=30))
    desk = Visitor(app.test_client()).sign_in(world, world.staff(Role.DESK), now=clock.now())
    at_work = [_officer(world, app, number, clock) for number in range(1, 5)]
    stopped, over = EIGHT + timedelta(minutes=60), EIGHT + timedelta(minutes=75)
    while clock.now() < EIGHT + timedelta(hours=9):
        now = clock.advance(minutes=TICK.seconds // 60)
        desk.get("/meja/pindai")
        for ticket_id in [one for one, at in arrivals.items() if at <= now]:
            del arrivals[ticket_id]
            token = world.keyring.ticket_token(ticket_id)
            answer = desk.post_json(
                "/meja/pindai", {"code": token, "nonce": f"door-of-the-office-{_letters(ticket_id)}"}
            )
            assert answer.json["result"] in {"checked_in", "late"}, answer.json
        while walk_ins and walk_ins[0] <= now:
            walk_ins.pop(0)
            _give_number(desk, day.recording, len(walk_ins))
        if stopped <= now < stopped + TICK:
            everything = [one.id for one in world.afresh().scalars(select(Service))]
            desk.post("/loket/gangguan", {"kind": "central_server", "services": everything, "until": ""})
        if over <= now < over + TICK:
            desk.post(f"/loket/gangguan/{world.afresh().scalars(select(Disruption.id)).one()}/selesai")
        for officer, counter in at_work:
            day.work(officer, counter)
            assert not (stopped <= now < over and "p" in officer.keys)
        day.compare_display(desk)
        if not arrivals and not walk_ins and not _left(world):
            break
    _judge(day)


def _recording(world: World) -> OfficeService:
    service = make_service(world.afresh(), "KIA")
    hours = {"hours": (8, 9, 10), "capacity": 40, "letter": "K"}
    offering = make_offering(world.session, world.here, service, now=LAST_WEEK, walk_ins_per_day=WALK_INS, **hours)
    world.session.commit()
    return offering


def _book(world: World, offering: OfficeService) -> list[Ticket]:
    slots = slots_of(world.session, offering, TODAY)
    booked = [
        make_booking(world.session, slots[number % 3].id, make_applicant(), keyring=world.keyring, now=LAST_WEEK)
        for number in range(BOOKED)
    ]
    world.session.commit()
    return [ticket for booking in booked for ticket in booking.tickets]


def _officer(world: World, app: Flask, number: int, clock: FixedClock) -> tuple[Officer, Counter]:
    """The last of the four counters takes the other service too."""
    own = (_offering(world, "K"), world.offering) if number == 4 else (_offering(world, "K"),)
    counter = open_counter(world, number, *own)
    staff = Staff(username=f"loket-{_letters(number)}", name=f"Loket {number}", password_hash="-", created_at=LAST_WEEK)
    staff.assignments = [StaffAssignment(office_id=world.here.id, role=Role.COUNTER)]
    world.session.add(staff)
    world.session.commit()
    officer = Officer(Visitor(app.test_client()).sign_in(world, staff, now=clock.now()))
    officer.presses(str(number))
    return officer, counter


def _offering(world: World, letter: str) -> OfficeService:
    return world.session.scalars(select(OfficeService).where(OfficeService.letter == letter)).one()


def _give_number(desk: Visitor, offering: OfficeService, serial: int) -> None:
    person = {"persons-0-nik": make_nik().digits, "persons-0-name": "Sri Lestari"}
    wanted = {"service": str(offering.id), "priority": "vulnerable" if serial % 5 == 0 else "", "phone": ""}
    nonce = f"walk-in-number-{_letters(serial)}"
    answer = desk.post("/meja/bantu", {"action": "book", **wanted, **person, "when": "sekarang", "nonce": nonce})
    assert answer.status_code == 303, refusals(answer)


def _left(world: World) -> bool:
    over = (VisitState.SERVED, VisitState.ABSENT)
    return world.afresh().scalars(select(Visit.ticket_id).where(Visit.state.not_in(over))).first() is not None


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:04d}")


def _judge(day: Day) -> None:
    session = day.world.afresh()
    states = Count(session.scalars(select(Visit.state)))
    came = BOOKED - NEVER_CAME + WALK_INS
    assert states == {VisitState.SERVED: came - states[VisitState.ABSENT], VisitState.ABSENT: states[VisitState.ABSENT]}
    assert states[VisitState.ABSENT] >= ABSENT
    called = set(session.scalars(select(VisitStep.ticket_id).where(VisitStep.kind == "call")))
    assert called == set(session.scalars(select(Visit.ticket_id)))
    for kind in ("l", "t", "1", "passed on", "failed_iris", "refused"):
        assert day.done[kind], f"nothing of this day was “{kind}”: {day.done}"
    day.clock.advance(days=1)
    assert mark_no_shows(session, now=day.clock.now()) == NEVER_CAME
    session.commit()
    assert Count(session.scalars(select(Ticket.state)))[TicketState.NO_SHOW] == NEVER_CAME
    assert_sound(day.app)
