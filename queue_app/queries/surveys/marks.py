"""Whether the survey is still open to the owner of a ticket."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from queue_app.domain.stages import Stage
from queue_app.domain.surveys import ANSWER_WITHIN
from queue_app.models import SurveyMark, Ticket


def is_wanted(session: Session, ticket: Ticket, stage: Stage, today: date) -> bool:
    """For a link: whoever follows it is judged again (`services/surveys/answers.py`)."""
    in_time = today - ticket.day <= ANSWER_WITHIN
    return stage is Stage.SERVED and in_time and session.get(SurveyMark, ticket.id) is None
