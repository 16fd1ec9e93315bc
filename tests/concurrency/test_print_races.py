"""Two people print the same booking for the first time at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy import select

from queue_app.db import db
from queue_app.domain.roles import Actor
from queue_app.models import PrintJob
from queue_app.services.printing.printing import ask_print
from tests.concurrency.conftest import Place
from tests.concurrency.races import Step, assert_sound, together
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
PEOPLE = 4


def printing(app: Flask, place: Place, booking: Callable[..., Step], clock: FixedClock) -> list[Step]:
    (booked,) = together(app, booking(place.slot))
    booking_id = booked.value[0]
    return [
        lambda session, person=person: (
            ask_print(
                session,
                booking_id,
                office_id=place.office_id,
                printer_id=None,
                actor=Actor.staff(person),
                now=clock.now(),
            ).copy
        )
        for person in range(PEOPLE)
    ]


def originals(app: Flask) -> int:
    with app.app_context():
        return len(db.session().scalars(select(PrintJob).where(~PrintJob.copy)).all())


def test_one_of_them_is_the_original(
    app: Flask, opened: Opened, booking: Callable[..., Step], clock: FixedClock
) -> None:
    outcomes = together(app, *printing(app, opened(), booking, clock))
    assert sorted(outcome.value for outcome in outcomes) == [False, *[True] * (PEOPLE - 1)]
    assert originals(app) == 1
    assert_sound(app)


def test_control_without_the_index_all_are(
    app: Flask,
    opened: Opened,
    booking: Callable[..., Step],
    clock: FixedClock,
    without_index: Callable[[str], AbstractContextManager[None]],
) -> None:
    steps = printing(app, opened(), booking, clock)
    with without_index("uq_print_job_original"):
        together(app, *steps)
        assert originals(app) == PEOPLE
