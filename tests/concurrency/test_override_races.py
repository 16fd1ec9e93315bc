"""One member of the staff presses at several windows at once: alone they give as many past the rules as one may."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.overrides import Overrider
from queue_app.domain.roles import Actor, Permission, Role
from queue_app.models import AuditEntry, Staff, StaffAssignment
from queue_app.services.records import audit, overrides
from tests.concurrency.races import Meeting, Step, together, without_row_locks
from tests.harness.factories import make_office
from tests.harness.fakes import MONDAY_MORNING

ALONE = 2


@pytest.fixture
def overriding(session: Session, monkeypatch: pytest.MonkeyPatch) -> Step:
    """A place beyond the quota, each in another window: nothing else makes them wait for each other."""
    monkeypatch.setattr(overrides, "ALONE_A_DAY", ALONE)
    office = make_office(session, "sragen")
    officer = Staff(username="budi", name="Budi", password_hash="-", created_at=MONDAY_MORNING)
    officer.assignments = [StaffAssignment(office_id=office.id, role=Role.DESK)]
    session.add(officer)
    session.commit()
    by = {"office_id": office.id, "now": MONDAY_MORNING}
    actor, who = Actor.staff(officer.id), Overrider(officer.id)
    session.rollback()

    def step(own: Session) -> None:
        overrides.require_agreement(own, who, permission=Permission.GIVE_NUMBERS, **by)
        audit.record(own, "slot.extra_place", "slot", 1, actor=actor, reason="Alat rusak", **by)

    return step


def given(app: Flask) -> int:
    with app.app_context():
        which = select(func.count()).where(AuditEntry.action == "slot.extra_place")
        return db.session().scalar(which) or 0


def test_presses_at_once_are_counted_one_after_the_other(app: Flask, overriding: Step) -> None:
    outcomes = together(app, *(overriding for _ in range(6)))
    assert Counter(outcome.code for outcome in outcomes) == {None: ALONE, "agreement_needed": 4}
    assert given(app) == ALONE


def test_control_a_count_that_is_read_without_the_lock_is_passed(
    app: Flask, overriding: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(overrides, "_given_today", Meeting(4).after(overrides._given_today))
    outcomes = together(app, *(overriding for _ in range(4)))
    assert all(outcome.won for outcome in outcomes)
    assert given(app) == 4 > ALONE
