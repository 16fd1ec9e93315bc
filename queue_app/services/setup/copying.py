"""An office that gives what another one gives, at the same hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.roles import Actor
from queue_app.models import MessageText, Office, OfficeService, ShareRelease
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.calendar.releases import releases_of
from queue_app.queries.calendar.schedules import is_over, leading, schedules
from queue_app.services.calendar.schedule import NewSchedule
from queue_app.services.texts.messages import word_message

from .traces import record_added
from .weeks import give_week

REASON = "Sama dengan kantor lain"
# What an office says of a service and which times it keeps; whose it is and its days are its own.
COPIED = (
    *("letter", "position", "who_id", "who_en", "requirements_id", "requirements_en", "steps_id", "steps_en"),
    *("minutes", "legal_basis", "opens_days_before", "opens_at", "closes_days_before", "closes_at"),
    *("changes_close_days_before", "changes_close_at", "early_minutes", "late_minutes", "walk_ins_per_day"),
    "releases_at",
)


def copy_office(session: Session, from_id: int, to_id: int, *, actor: Actor, now: datetime) -> int:
    """Give a new office the services of another with their texts, letters, times and weekly hours, its opening hours
    in words, and its messages; return how many services. The hours are those of the wall in either zone.
    """
    source, target = session.get_one(Office, from_id), session.get_one(Office, to_id)
    target.opening_hours_id, target.opening_hours_en = source.opening_hours_id, source.opening_hours_en
    for text in session.scalars(select(MessageText).where(MessageText.office_id == from_id)).all():
        words = {"subject": text.subject, "body": text.body}
        word_message(session, to_id, text.kind, text.language, **words, actor=actor, now=now)
    offerings = services_of(session, from_id)
    for offering in offerings:
        own = OfficeService(
            office_id=to_id,
            service_id=offering.service_id,
            **{name: getattr(offering, name) for name in COPIED},
        )
        session.add(own)
        session.flush()
        record_added(session, own, reason=REASON, actor=actor, now=now)
        session.add_all(
            ShareRelease(office_service_id=own.id, **vars(row.release)) for row in releases_of(session, offering.id)
        )
        for week in _weeks_ahead(session, offering.id, office_date(now, target.time_zone)):
            give_week(session, own, week, reason=REASON, actor=actor, now=now)
    return len(offerings)


def _weeks_ahead(session: Session, office_service_id: int, today: date) -> Iterator[NewSchedule]:
    """Those that lead today or a later day, to be set one after the other: hours for a time (of Ramadan, say) keep
    their end, and the usual ones beneath them begin where they return.
    """
    rows = schedules(session, office_service_id)
    present = leading(rows, today)
    beneath = [row for row in reversed(rows) if row is not present and not is_over(row, rows, today)]
    returns = present.valid_until + timedelta(days=1) if present and present.valid_until else today
    if present is not None and present.windows:
        yield NewSchedule(present.name, today, present.valid_until, present.dated.windows)
    for row in beneath:
        if row.windows:
            since = row.valid_from if row.valid_from > today else returns
            yield NewSchedule(row.name, since, row.valid_until, row.dated.windows)
