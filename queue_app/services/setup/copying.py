"""An office that gives what another one gives, at the same hours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.roles import Actor
from queue_app.models import MessageText, Office, OfficeService, ShareRelease
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.calendar.releases import releases_of
from queue_app.queries.calendar.schedules import schedule_in_force
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
        schedule = schedule_in_force(session, offering.id, office_date(now, source.time_zone))
        if schedule is not None and schedule.windows:
            week = NewSchedule(schedule.name, office_date(now, target.time_zone), None, schedule.dated.windows)
            give_week(session, own, week, reason=REASON, actor=actor, now=now)
    return len(offerings)
