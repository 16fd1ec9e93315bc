"""Several browsers answer for one visit at the same moment: one answer counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import SurveyAnswer, SurveyMark, Ticket, Visit
from queue_app.services.surveys import answers as surveys
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, together
from tests.harness.fakes import FixedClock
from tests.services.surveys.conftest import answers

AT_ONCE = 6


@pytest.fixture
def answering(app: Flask, opened: Callable[..., Place], booking: Any, clock: FixedClock) -> Step:
    place = opened()
    (booked,) = together(app, booking(place.slot))
    with app.app_context(), unit_of_work() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.booking_id == booked.value[0])).one()
        ticket.state, ticket_id = TicketState.CHECKED_IN, ticket.id
        came = {"office_id": ticket.office_id, "service_id": ticket.service_id, "day": ticket.day}
        then = {"since": ticket.starts_at, "arrived_at": ticket.starts_at, "window_at": ticket.starts_at}
        session.add(Visit(ticket_id=ticket_id, state=VisitState.SERVED, outcome=Outcome.DONE, **came, **then))
    return lambda session: surveys.take_answers(session, session.get_one(Ticket, ticket_id), answers(), now=clock.now())


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(SurveyAnswer)) or 0


def test_one_visit_has_one_answer(app: Flask, answering: Step) -> None:
    outcomes = together(app, *[answering] * AT_ONCE)
    assert sorted(one.code or "stored" for one in outcomes) == ["stored", *["survey_answered"] * (AT_ONCE - 1)]
    assert stored(app) == 1


def test_control_with_a_mark_that_is_read_and_then_written(
    app: Flask, answering: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(AT_ONCE)

    def careless(session: Session, ticket: Ticket) -> None:
        known = session.get(SurveyMark, ticket.id)
        meeting.wait(session)
        if known is not None:
            raise surveys.SurveyAnswered()

    monkeypatch.setattr(surveys, "mark_answered", careless)
    together(app, *[answering] * AT_ONCE)
    assert stored(app) > 1
