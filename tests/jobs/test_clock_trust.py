"""Jobs that cannot be undone believe no clock that jumped: each on both databases, and once with the machine's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.machine import boot_id
from queue_app.db import unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import SystemClock
from queue_app.domain.clock_trust import ClockReading, Doubt, doubt_of
from queue_app.jobs.registry import JOBS, JobWaits, find_job, perform
from queue_app.models import AuditEntry, Booking, ClockTrust, JobRun, Ticket
from queue_app.queries.records.clock_trust import database_time
from queue_app.services.records.clock_trust import compare_second_clock, confirm_clock, observe
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING, FixedClock

Run = Callable[[str], int]
Book = Callable[..., Booking]
WAITING = [job.name for job in JOBS if job.by_the_clock]


def state_of(session: Session, booking: Booking) -> TicketState:
    session.rollback()
    return session.get_one(Ticket, booking.tickets[0].id, populate_existing=True).state


def doubt(session: Session) -> Doubt | None:
    session.rollback()
    return session.get_one(ClockTrust, 1, populate_existing=True).doubt


def test_a_clock_far_ahead_makes_nobody_absent(session: Session, clock: FixedClock, run: Run, book: Book) -> None:
    """Monday evening, 87 hours ahead: Thursday would be over before it came."""
    booking = book()
    assert run("mark-no-shows") == 0
    clock.jump(hours=87)
    for name in WAITING:
        with pytest.raises(JobWaits):
            run(name)
    assert state_of(session, booking) is TicketState.BOOKED
    assert doubt(session) is Doubt.JUMPED
    assert run("seal-audit") > 0  # it goes by no time
    error = session.get_one(JobRun, "mark-no-shows").error
    assert error == "waits: the clock is doubted (jumped)"
    clock.jump(hours=-87)  # put right again: they go on by themselves
    assert run("mark-no-shows") == 0
    assert doubt(session) is None
    clock.advance(hours=87)
    assert run("mark-no-shows") == 1


def test_control_without_the_guard_they_are_absent_for_good(
    app: Flask, session: Session, clock: FixedClock, run: Run, book: Book
) -> None:
    booking = book()
    assert run("mark-no-shows") == 0
    clock.jump(hours=87)
    assert perform(app, replace(find_job("mark-no-shows"), by_the_clock=False)) == 1
    assert state_of(session, booking) is TicketState.NO_SHOW


def test_a_jump_while_a_job_runs_ends_it_before_its_next_look_at_the_time(
    app: Flask, session: Session, clock: FixedClock, run: Run, book: Book
) -> None:
    booking = book()
    marking = find_job("mark-no-shows")

    def set_clock_then_mark() -> int:
        clock.jump(hours=87)
        return marking.sweep()

    with pytest.raises(JobWaits):
        perform(app, replace(marking, sweep=set_clock_then_mark))
    assert state_of(session, booking) is TicketState.BOOKED


def test_an_hour_is_no_jump_and_time_that_passes_is_none(session: Session, clock: FixedClock, run: Run) -> None:
    run("mark-no-shows")
    clock.jump(minutes=59)
    run("mark-no-shows")
    clock.advance(days=40)  # nobody ran a job, and the machine counted on
    run("mark-no-shows")
    assert doubt(session) is None


def test_after_a_night_off_somebody_has_to_say_that_the_time_is_right(
    app: Flask, session: Session, clock: FixedClock, run: Run
) -> None:
    run("mark-no-shows")
    clock.switch_off(minutes=50)  # a restart
    run("mark-no-shows")
    clock.switch_off(hours=14)
    with pytest.raises(JobWaits, match="last time known"):
        run("mark-no-shows")
    assert doubt(session) is Doubt.UNSEEN
    with app.app_context(), unit_of_work() as unit:
        assert confirm_clock(unit, clock, actor=TESTER, reason="Jam dinding") is None
    run("mark-no-shows")
    session.rollback()
    (entry,) = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "clock.confirmed").order_by(AuditEntry.id)
    ).all()
    assert (entry.actor, entry.reason) == (TESTER.label, "Jam dinding")


def test_after_a_night_off_a_time_server_says_that_the_time_is_right(
    session: Session, clock: FixedClock, run: Run
) -> None:
    """Nobody has to come: the jobs wait until the kernel says that its clock is kept."""
    run("mark-no-shows")
    clock.switch_off(hours=14)
    with pytest.raises(JobWaits, match="last time known"):
        run("mark-no-shows")
    clock.synchronised = True
    run("mark-no-shows")
    assert doubt(session) is None
    assert (
        session.scalars(select(AuditEntry).where(AuditEntry.action == "clock.confirmed").order_by(AuditEntry.id)).all()
        == []
    )


@pytest.mark.parametrize("off", [{"days": 15}, {"hours": -14}])
def test_no_time_server_makes_a_time_off_plausible_that_is_none(clock: FixedClock, run: Run, off: Any) -> None:
    run("mark-no-shows")
    clock.switch_off(**off)
    clock.synchronised = True
    with pytest.raises(JobWaits, match="last time known"):
        run("mark-no-shows")


def test_a_clock_that_was_set_while_the_machine_ran_is_doubted_whoever_keeps_it(clock: FixedClock, run: Run) -> None:
    """It counted itself how much time passed; and who corrects slowly may call a wrong clock kept."""
    run("mark-no-shows")
    clock.synchronised = True
    clock.jump(hours=37)
    with pytest.raises(JobWaits, match="set by more than an hour"):
        run("mark-no-shows")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_time_server_outvotes_no_database(clock: FixedClock, run: Run) -> None:
    run("mark-no-shows")
    clock.switch_off(hours=14)
    clock.synchronised, clock.database_agrees = True, False
    with pytest.raises(JobWaits, match="database's differ"):
        run("mark-no-shows")


def test_a_second_clock_that_tells_the_same_settles_it(
    app: Flask, session: Session, clock: FixedClock, run: Run
) -> None:
    run("mark-no-shows")
    clock.switch_off(hours=14)
    with pytest.raises(JobWaits):
        run("mark-no-shows")
    for told, settled in ((clock.now() - timedelta(hours=14), False), (clock.now() + timedelta(minutes=4), True)):
        with app.app_context(), unit_of_work() as unit:
            compare_second_clock(unit, clock, told, actor=TESTER)
        assert (doubt(session) is None) is settled
    run("mark-no-shows")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_while_the_databases_clock_tells_another_time_nobody_can_confirm(
    app: Flask, session: Session, clock: FixedClock, run: Run
) -> None:
    run("mark-no-shows")
    clock.database_agrees = False
    with pytest.raises(JobWaits, match="database's differ"):
        run("mark-no-shows")
    with app.app_context(), unit_of_work() as unit:
        compare_second_clock(unit, clock, clock.now(), actor=TESTER)
        assert confirm_clock(unit, clock, actor=TESTER, reason="Jam dinding") is Doubt.DATABASE
    clock.database_agrees = True
    run("mark-no-shows")
    assert doubt(session) is None


def test_another_machine_is_judged_by_what_this_one_knew(session: Session, clock: FixedClock) -> None:
    here, there = clock, FixedClock(clock.now())
    there.boot = "another machine"
    for _turn in range(2):
        assert observe(session, here) is observe(session, there) is None
        here.advance(minutes=30)
        there.advance(minutes=30)
    there.jump(hours=37)
    assert observe(session, there) is not None
    assert observe(session, here) is None  # the right one goes on


def test_the_machines_own_clock_moved_by_a_day_and_a_half(session: Session) -> None:
    clock = SystemClock(boot_id())
    assert observe(session, clock) is None
    believed = session.get_one(ClockTrust, 1).at
    real = datetime.now(UTC)
    with time_machine.travel(real + timedelta(hours=37)):
        assert clock.now() - real > timedelta(hours=36)
        found = observe(session, clock)
        assert found is (Doubt.JUMPED if database_time(session) is None else Doubt.DATABASE)
    assert session.get_one(ClockTrust, 1).at == believed
    assert observe(session, clock) is None


def test_only_what_goes_by_no_time_does_not_wait() -> None:
    assert {job.name for job in JOBS} - set(WAITING) == {"seal-audit", "anchor-audit"}


@pytest.mark.parametrize(("hours", "found"), [(0.9, None), (1.1, Doubt.JUMPED), (-0.9, None), (-1.1, Doubt.JUMPED)])
def test_back_is_as_doubtful_as_ahead(hours: float, found: Doubt | None) -> None:
    before = ClockReading(MONDAY_MORNING, 100.0, "this")
    after = ClockReading(MONDAY_MORNING + timedelta(hours=hours, seconds=50), 150.0, "this")
    assert doubt_of(after, before) is found
    assert doubt_of(after, None) is None
