"""Somebody who was served, and what they answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.surveys import Element, SurveyChannel
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Ticket, Visit
from queue_app.services.surveys.answers import Answers
from tests.services.conftest import Book

Served = Callable[..., Ticket]


def answers(score: int = 4, remark: str = "", channel: SurveyChannel = SurveyChannel.LINK, **scores: int) -> Answers:
    given = dict.fromkeys(Element, score) | {Element(name): value for name, value in scores.items()}
    return Answers(given, remark, channel)


@pytest.fixture
def served(session: Session, book: Book) -> Served:
    """Books, and has been served on Thursday."""

    def serve(**request: object) -> Ticket:
        (ticket,) = book(**request).tickets
        ticket.state = TicketState.CHECKED_IN
        came = {"office_id": ticket.office_id, "service_id": ticket.service_id, "day": ticket.day}
        then = {"since": ticket.starts_at, "arrived_at": ticket.starts_at, "window_at": ticket.starts_at}
        session.add(Visit(ticket_id=ticket.id, state=VisitState.SERVED, outcome=Outcome.DONE, **came, **then))
        session.commit()
        return ticket

    return serve
