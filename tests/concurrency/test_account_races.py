"""Two administrators deactivate each other, one code is typed twice at once, and one link is opened by two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.account_errors import WrongCode
from queue_app.domain.roles import Actor, Role
from queue_app.models import Office, RecoveryCode, SecondFactor, Staff, StaffInvitation
from queue_app.services.access import colleagues, invitations, recovery_codes, second_factor
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, together, without_row_locks
from tests.harness.factories import PASSWORD, make_staff, time_code
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def make(app: Flask, place: Place, clock: FixedClock, *usernames: str) -> list[int]:
    """Enrolled administrators of the one office."""
    with app.app_context(), unit_of_work() as session:
        office = session.get_one(Office, place.office_id)
        keyring = app.extensions["keyring"]
        who = {"now": clock.now(), "keyring": keyring}
        return [make_staff(session, office, Role.ADMINISTRATOR, username=name, **who).id for name in usernames]


def deactivating(staff_id: int, by: int, clock: FixedClock) -> Step:
    who = {"actor": Actor.staff(by), "now": clock.now()}
    return lambda session: colleagues.deactivate_staff(session, staff_id, reason="Pindah tugas", **who)


def demoting(staff_id: int, by: int, place: Place, clock: FixedClock) -> Step:
    who = {"actor": Actor.staff(by), "now": clock.now()}
    desk = {"name": "Bukan lagi", "held": {(place.office_id, Role.DESK)}, "office_ids": [place.office_id]}
    return lambda session: colleagues.edit_staff(session, staff_id, **desk, **who)


def active_administrators(app: Flask) -> int:
    with app.app_context():
        held = select(Staff).join(Staff.assignments).where(Staff.active)
        people = db.session().scalars(held).unique().all()
        return sum(any(one.role is Role.ADMINISTRATOR for one in person.assignments) for person in people)


def test_two_who_deactivate_each_other_leave_one(app: Flask, opened: Opened, clock: FixedClock) -> None:
    first, second = make(app, opened(), clock, "kepala1", "kepala2")
    outcomes = together(app, deactivating(second, first, clock), deactivating(first, second, clock))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "last_administrator": 1}
    assert active_administrators(app) == 1
    assert_sound(app)


def test_nor_when_one_takes_the_role_and_the_other_deactivates(app: Flask, opened: Opened, clock: FixedClock) -> None:
    place = opened()
    first, second, third = make(app, place, clock, "kepala1", "kepala2", "kepala3")
    outcomes = together(
        app,
        demoting(second, first, place, clock),
        deactivating(third, second, clock),
        deactivating(first, third, clock),
    )
    assert Counter(outcome.code for outcome in outcomes) == {None: 2, "last_administrator": 1}
    assert active_administrators(app) == 1


def test_control_without_the_lock_nobody_is_left(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make(app, opened(), clock, "kepala1", "kepala2")
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(Session, "refresh", lambda *_arguments, **_options: None)
    monkeypatch.setattr(colleagues, "_locked", Meeting(2).after(colleagues._locked))
    together(app, deactivating(second, first, clock), deactivating(first, second, clock))
    assert active_administrators(app) == 0


def using(app: Flask, staff_id: int, typed: str, clock: FixedClock) -> Step:
    def step(session: Session) -> int | None:
        staff, code = session.get_one(Staff, staff_id), second_factor.read_typed(session, staff_id, typed)
        return second_factor.use(session, staff, code, keyring=app.extensions["keyring"], now=clock.now())

    return step


def test_one_code_lets_in_once(app: Flask, opened: Opened, clock: FixedClock) -> None:
    (boss,) = make(app, opened(), clock, "kepala")
    step = using(app, boss, time_code(clock.now()), clock)
    assert Counter(outcome.code for outcome in together(app, *[step] * 6)) == {None: 1, "wrong_code": 5}


def test_control_read_first_and_written_later_it_lets_in_twice(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (boss,) = make(app, opened(), clock, "kepala")
    meeting = Meeting(2)

    def claim_step(session: Session, factor: SecondFactor, step: int, **_now: object) -> None:
        last = session.scalar(select(SecondFactor.last_step).where(SecondFactor.id == factor.id))
        meeting.wait(session)
        if last is not None and last >= step:
            raise WrongCode()
        session.execute(update(SecondFactor).values(last_step=step).execution_options(synchronize_session=False))

    monkeypatch.setattr(second_factor, "claim_step", claim_step)
    step = using(app, boss, time_code(clock.now()), clock)
    assert [outcome.code for outcome in together(app, step, step)] == [None, None]


def test_one_recovery_code_lets_in_once(app: Flask, opened: Opened, clock: FixedClock) -> None:
    (boss,) = make(app, opened(), clock, "kepala")
    codes = recovery_codes.new_codes()
    with app.app_context(), unit_of_work() as session:
        factor = second_factor.factor_of(session, boss)
        assert factor is not None
        recovery_codes.store(session, factor, codes)
    step = using(app, boss, codes.shown[0], clock)
    assert Counter(outcome.code for outcome in together(app, *[step] * 6)) == {None: 1, "wrong_code": 5}
    with app.app_context():
        assert len(db.session().scalars(select(RecoveryCode).where(RecoveryCode.used_at.is_not(None))).all()) == 1


def invited(app: Flask, place: Place, boss: int, clock: FixedClock) -> str:
    with app.app_context(), unit_of_work() as session:
        who = {"name": "Rina", "roles": [Role.DESK], "office_ids": [place.office_id], "invited_by": boss}
        return invitations.invite(session, **who, now=clock.now())[1]


def accepting(token: str, username: str, clock: FixedClock) -> Step:
    chosen = {"username": username, "password": PASSWORD, "now": clock.now()}
    return lambda session: invitations.accept(session, token, **chosen).id


def test_one_invitation_makes_one_account(app: Flask, opened: Opened, clock: FixedClock) -> None:
    place = opened()
    (boss,) = make(app, place, clock, "kepala")
    token = invited(app, place, boss, clock)
    outcomes = together(app, *(accepting(token, f"rina{number}", clock) for number in range(4)))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "link_gone": 3}
    assert_sound(app)


def test_control_looked_at_first_it_makes_two(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened()
    (boss,) = make(app, place, clock, "kepala")
    token = invited(app, place, boss, clock)
    look = Meeting(2).after(invitations.opened)

    def accept(session: Session, token: str, *, username: str, password: str, now: object) -> Staff:
        invitation: StaffInvitation = look(session, token, now=now)
        invitation.accepted_at = now
        held = [(one.office_id, one.role) for one in invitation.roles]
        who = {"username": username, "name": "Rina", "password": password, "held": held}
        return invitations.add_account(session, **who, actor=Actor.system("tests"), now=now)

    monkeypatch.setattr(invitations, "accept", accept)
    outcomes = together(app, *(accepting(token, f"rina{number}", clock) for number in range(2)))
    assert [outcome.code for outcome in outcomes] == [None, None]
