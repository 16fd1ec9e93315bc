"""Those whom answers are set against: of finished days as the figures count them, of others from the visits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from queue_app.domain.surveys import people_wanted
from queue_app.domain.visits import VisitState
from queue_app.models import Office, Visit
from queue_app.queries.figures.due import DueDay
from queue_app.queries.surveys.results import results
from queue_app.queries.surveys.served import served_by_service
from queue_app.services.figures.days import count_day, store_day
from queue_app.services.surveys.answers import take_answers
from tests.harness.factories import make_service
from tests.harness.fakes import THURSDAY
from tests.services.conftest import Book
from tests.services.surveys.conftest import Served, answers

FRIDAY = THURSDAY + timedelta(days=1)


def count(session: Session, office: Office, day: date) -> None:
    assert store_day(session, count_day(session, DueDay(office.id, office.time_zone, day)))
    session.commit()


def test_who_was_served_counts_at_once_and_once(session: Session, office: Office, served: Served) -> None:
    service_id = served(persons=1).service_id

    def people(first: date = THURSDAY, last: date = FRIDAY) -> int:
        return served_by_service(session, office.id, first, last)[service_id]

    assert people() == 1
    count(session, office, THURSDAY)
    assert people() == 1
    served(day=FRIDAY)
    assert (people(), people(last=THURSDAY), people(first=FRIDAY)) == (2, 1, 1)
    count(session, office, FRIDAY)
    assert (people(), people(last=THURSDAY), people(first=FRIDAY)) == (2, 1, 1)


def test_answers_of_today_have_people_of_today(session: Session, office: Office, served: Served) -> None:
    """Else a rate would read as one answer of nobody."""
    ticket = served()
    take_answers(session, ticket, answers(), now=ticket.starts_at)
    found = results(session, office.id, THURSDAY, THURSDAY)
    assert (found.total.people, found.served, people_wanted(found.served)) == (1, 1, 1)


def test_only_who_was_served_counts_and_for_the_service_of_the_ticket(
    session: Session, office: Office, served: Served, book: Book
) -> None:
    ticket = served()
    session.get_one(Visit, ticket.id).service_id = make_service(session, "KK").id
    waiting = served(day=FRIDAY)
    session.get_one(Visit, waiting.id).state = VisitState.WAITING
    book(day=FRIDAY)
    session.commit()
    assert served_by_service(session, office.id, THURSDAY, FRIDAY) == {ticket.service_id: 1}
