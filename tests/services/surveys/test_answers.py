"""One answer for each visit that was served, within two weeks, and nothing in it that leads to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from queue_app.domain.surveys import InvalidRemark, NotServed, SurveyAnswered, SurveyOver
from queue_app.domain.visits import VisitState
from queue_app.models import AuditEntry, Base, SurveyAnswer, SurveyMark, SurveyRemark, Visit
from queue_app.services.surveys.answers import take_answers
from tests.harness.fakes import FixedClock
from tests.harness.hall import EIGHT
from tests.services.conftest import Book
from tests.services.surveys.conftest import Served, answers


def test_an_answer_is_stored_apart_from_the_visit(session: Session, served: Served) -> None:
    ticket = served()
    audit = len(session.scalars(select(AuditEntry.id)).all())
    take_answers(session, ticket, answers(4, "Ruangnya panas", speed=2), now=EIGHT)
    (row,) = session.scalars(select(SurveyAnswer))
    assert (row.office_id, row.service_id, row.day) == (ticket.office_id, ticket.service_id, ticket.day)
    assert (row.speed, row.cost, row.channel) == (2, 4, "link")
    (remark,) = session.scalars(select(SurveyRemark))
    assert (remark.remark, remark.month) == ("Ruangnya panas", ticket.day.replace(day=1))
    assert session.scalars(select(SurveyMark.ticket_id)).all() == [ticket.id]
    assert len(session.scalars(select(AuditEntry.id)).all()) == audit


def test_nothing_leads_from_an_answer_to_a_visit(session: Session) -> None:
    """No key of another row but office and service, no time, and on SQLite no order of writing."""
    for table in (SurveyAnswer, SurveyRemark):
        columns = Base.metadata.tables[table.__tablename__].c
        leads = {key.column.table.name for column in columns for key in column.foreign_keys}
        assert leads == {"office", "service"}
        assert not {"created_at", "at", "id", "ticket_id", "booking_id"} & set(columns.keys())
        if session.get_bind().dialect.name == "sqlite":
            (stored,) = session.connection().exec_driver_sql(
                f"SELECT sql FROM sqlite_master WHERE name = '{table.__tablename__}'"
            ).one()  # fmt: skip
            assert "WITHOUT ROWID" in stored
    assert [one["name"] for one in inspect(session.connection()).get_columns("survey_mark")] == ["ticket_id"]


def test_a_visit_answers_once(session: Session, served: Served) -> None:
    ticket = served()
    take_answers(session, ticket, answers(), now=EIGHT)
    with pytest.raises(SurveyAnswered):
        take_answers(session, ticket, answers(1), now=EIGHT)
    assert len(session.scalars(select(SurveyAnswer)).all()) == 1


def test_who_was_not_served_has_nothing_to_judge(session: Session, served: Served, book: Book) -> None:
    with pytest.raises(NotServed):
        take_answers(session, book().tickets[0], answers(), now=EIGHT)
    ticket = served(window=1)
    session.get_one(Visit, ticket.id).state = VisitState.ABSENT
    with pytest.raises(NotServed):
        take_answers(session, ticket, answers(), now=EIGHT)


def test_after_two_weeks_it_is_too_late(session: Session, served: Served) -> None:
    first, second = served(), served(window=1)
    take_answers(session, first, answers(), now=EIGHT + timedelta(days=14))
    with pytest.raises(SurveyOver):
        take_answers(session, second, answers(), now=EIGHT + timedelta(days=15))


def test_a_remark_that_is_refused_leaves_the_answer_to_be_given(session: Session, served: Served) -> None:
    ticket = served()
    with pytest.raises(InvalidRemark):
        take_answers(session, ticket, answers(4, "HP saya 081234567890"), now=EIGHT)
    assert session.get(SurveyMark, ticket.id) is None


def test_answers_are_nobodys_after_the_data_is_deleted(session: Session, served: Served, clock: FixedClock) -> None:
    """The mark names a ticket, which holds nobody any more; the answer stays as it was."""
    ticket = served()
    take_answers(session, ticket, answers(3), now=EIGHT)
    ticket.nik = ticket.name = ticket.person_index = None
    session.commit()
    assert session.scalars(select(SurveyAnswer.speed)).all() == [3]
