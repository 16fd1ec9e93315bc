"""Answers and remarks one by one: never with the service of few answers, nor so that what stands beside tells it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.figures.openness import FEWEST, put_together
from queue_app.domain.surveys import Period
from queue_app.models import Service, SurveyAnswer, SurveyRemark

from .results import COLUMNS, results, within


def answers(session: Session, office_id: int, period: Period) -> Sequence[tuple[Any, ...]]:
    """Service, channel and nine scores of the answers that the total of the period is made of, and of no others.

    No service where it has few answers, no channel where one of the service's has. In the order of their keys, which
    tells nothing. For closed quarters: of two files that overlap, or of one that grows, the difference would tell one.
    """
    found = results(session, office_id, period.first, period.last)
    rows = session.execute(
        select(SurveyAnswer.service_id, SurveyAnswer.channel, *COLUMNS)
        .where(*within(office_id, period.first, period.last))
        .order_by(SurveyAnswer.key)
    ).all()
    told = {one.service.id: one.service for one in found.told}
    channels: Mapping[int, Counter[str]] = defaultdict(Counter)
    for service_id, channel, *_scores in rows:
        channels[service_id][channel] += 1
    by_channel = {service_id for service_id in told if min(channels[service_id].values()) >= FEWEST}
    with_few = found.total.is_told and not found.left_out
    return [
        (told.get(service_id), channel if service_id in by_channel else None, *scores)
        for service_id, channel, *scores in rows
        if service_id in told or with_few
    ]


def remarks(
    session: Session, office_id: int, first: date, last: date, *, service_id: int | None = None
) -> Sequence[tuple[SurveyRemark, Service | None]]:
    """Of the months between these days, those first that nothing was done about.

    A service that has few answers in the month is not told, nor one that has to stand beside it for company.
    """
    first = first.replace(day=1)
    found = session.execute(
        select(SurveyRemark, Service)
        .join(Service, Service.id == SurveyRemark.service_id)
        .where(SurveyRemark.office_id == office_id, SurveyRemark.month.between(first, last))
        .order_by(SurveyRemark.followed_up_at.is_not(None), SurveyRemark.month.desc(), SurveyRemark.key)
    ).all()
    told = _told(session, office_id, first, last)
    named = [(one, service if service.id in told[one.month] else None) for one, service in found]
    return [(one, service) for one, service in named if service_id is None or (service and service.id == service_id)]


def _told(session: Session, office_id: int, first: date, last: date) -> Mapping[date, frozenset[int]]:
    """The services of each month, without those of few answers and what is put to them."""
    rows = session.execute(
        select(SurveyAnswer.day, SurveyAnswer.service_id, func.count())
        .where(*within(office_id, first, last))
        .group_by(SurveyAnswer.day, SurveyAnswer.service_id)
    )
    months: Mapping[date, Counter[int]] = defaultdict(Counter)
    for day, service_id, people in rows:
        months[day.replace(day=1)][service_id] += people
    return defaultdict(frozenset, {month: frozenset(of) - put_together(of) for month, of in months.items()})
