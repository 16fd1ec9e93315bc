"""Take an answer to the survey: once for each visit, and so that nobody can tell afterwards whose it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.stages import Stage
from queue_app.domain.surveys import Element, NotServed, SurveyAnswered, SurveyChannel, check_time, read_remark
from queue_app.models import SurveyAnswer, SurveyMark, SurveyRemark, Ticket
from queue_app.queries.booking.lives import life_of
from queue_app.services.records.upsert import insert_if_absent

KEY_BYTES = 16


@dataclass(frozen=True)
class Answers:
    """A score of 1 to 4 for each element; ``remark`` as typed, perhaps empty."""

    scores: Mapping[Element, int]
    remark: str
    channel: SurveyChannel


def take_answers(session: Session, ticket: Ticket, given: Answers, *, now: datetime) -> None:
    """Store an answer. No audit row tells of it: its time would lead from the answer to the visit.

    Raises NotServed, SurveyOver, SurveyAnswered, InvalidRemark.
    """
    check_may_answer(session, ticket, now=now)
    remark = read_remark(given.remark)
    mark_answered(session, ticket)
    of_office = {"office_id": ticket.office_id, "service_id": ticket.service_id}
    scores = {element.value: score for element, score in given.scores.items()}
    session.add(SurveyAnswer(key=token_hex(KEY_BYTES), **of_office, day=ticket.day, channel=given.channel, **scores))
    if remark:
        month = ticket.day.replace(day=1)
        session.add(SurveyRemark(key=token_hex(KEY_BYTES), **of_office, month=month, remark=remark))
    session.flush()


def mark_answered(session: Session, ticket: Ticket) -> None:
    """Of two who answer for one visit at once, the second raises SurveyAnswered."""
    if not insert_if_absent(session, SurveyMark, ["ticket_id"], ticket_id=ticket.id):
        raise SurveyAnswered()


def check_may_answer(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Raises NotServed, SurveyOver, SurveyAnswered."""
    if life_of(session, ticket).stage(now=now) is not Stage.SERVED:
        raise NotServed()
    check_time(ticket.day, office_date(now, ticket.office.time_zone))
    if session.get(SurveyMark, ticket.id) is not None:
        raise SurveyAnswered()
