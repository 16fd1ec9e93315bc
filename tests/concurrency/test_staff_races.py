"""Two people open the link of the first administrator, or choose the same user name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from queue_app.db import db
from queue_app.domain.roles import Actor, Role
from queue_app.domain.setup_plan import SitePlan
from queue_app.models import StaffAssignment
from queue_app.services.access import staff
from queue_app.services.setup import founding
from queue_app.services.setup.founding import found
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, together
from tests.harness.factories import PASSWORD
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
HEAD = SitePlan("Antrean Dukcapil", "", "#0f4c5c")


def becoming_first(clock: FixedClock, username: str) -> Step:
    return lambda session: (
        found(session, None, HEAD, username=username, name=username, password=PASSWORD, now=clock.now()).id
    )


def administrators(app: Flask) -> int:
    with app.app_context():
        statement = select(func.count()).where(StaffAssignment.role == Role.ADMINISTRATOR)
        return db.session().scalars(statement).one()


def test_there_is_one_first_administrator(app: Flask, opened: Opened, clock: FixedClock) -> None:
    opened()
    outcomes = together(app, *(becoming_first(clock, f"kepala{number}") for number in range(4)))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "not_found": 3}
    assert administrators(app) == 1
    assert_sound(app)


def test_control_without_the_conditional_statement_there_are_two(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    # As if it were read first whether there is one, and written afterwards.
    monkeypatch.setattr(founding, "found_site", lambda *_, **__: True)
    monkeypatch.setattr(staff, "administrator_exists", Meeting(2).after(staff.administrator_exists))
    together(app, becoming_first(clock, "kepala1"), becoming_first(clock, "kepala2"))
    assert administrators(app) == 2


def test_a_user_name_taken_at_the_same_moment_is_refused_in_words(
    app: Flask, opened: Opened, clock: FixedClock
) -> None:
    place = opened()
    creating = [
        lambda session, role=role: (
            staff.create_staff(
                session,
                username="petugas",
                name="Petugas",
                password=PASSWORD,
                role=role,
                office_ids=[place.office_id],
                actor=Actor.system("tests"),
                now=clock.now(),
            ).id
        )
        for role in (Role.DESK, Role.COUNTER, Role.AUDITOR)
    ]
    assert Counter(outcome.code for outcome in together(app, *creating)) == {None: 1, "username_taken": 2}
