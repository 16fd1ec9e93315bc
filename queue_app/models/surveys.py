"""The satisfaction survey: answers that belong to nobody, remarks, and which visits have answered.

Nothing leads from an answer or a remark to a visit. Their keys are drawn at random and order the rows of SQLite
themselves, and none has a time: so not even the order in which they were written tells whose they are.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.surveys import Element, SurveyChannel

from .base import Base, UtcDateTime, words

UNORDERED = {"sqlite_with_rowid": False}


class SurveyAnswer(Base):
    """What one person answered: a score of 1 to 4 for each element (`domain/surveys.py`)."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        Index("ix_survey_answer_office_id_day", "office_id", "day"),
        *(CheckConstraint(f"{one} BETWEEN 1 AND 4", name=one.value) for one in Element),
        UNORDERED,
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date]  # of the visit
    channel: Mapped[SurveyChannel] = mapped_column(words(SurveyChannel, "survey_channel"))
    requirements: Mapped[int]
    procedure: Mapped[int]
    speed: Mapped[int]
    cost: Mapped[int]
    product: Mapped[int]
    competence: Mapped[int]
    conduct: Mapped[int]
    complaints: Mapped[int]
    facilities: Mapped[int]


class SurveyRemark(Base):
    """What somebody wrote beside their answer, apart from it: of a month, so that it stays hard to tell whose it is."""

    __tablename__ = "survey_remark"
    __table_args__ = (Index("ix_survey_remark_office_id_month", "office_id", "month"), UNORDERED)

    key: Mapped[str] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    month: Mapped[date]  # its first day
    remark: Mapped[str]
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follow_up: Mapped[str | None]  # what was done


class SurveyMark(Base):
    """That a visit has answered; not when and not what."""

    __tablename__ = "survey_mark"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
