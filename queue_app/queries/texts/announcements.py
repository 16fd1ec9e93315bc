"""The announcements of offices: those that pages show now, and those that an administrator looks after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.announcements import Level
from queue_app.domain.errors import NotFound
from queue_app.models import Announcement

PAST = 20  # that are over and still listed


@dataclass(frozen=True)
class Announced:
    """The same names as the columns of `Announcement`."""

    office_id: int | None
    text_id: str
    text_en: str
    level: Level
    on_pages: bool
    on_display: bool
    starts_at: datetime
    ends_at: datetime

    def is_for(self, office_id: int, *, now: datetime) -> bool:
        return self.office_id in (None, office_id) and self.starts_at <= now < self.ends_at


def announcements_to_come(session: Session, *, now: datetime) -> tuple[Announced, ...]:
    """Of all offices, what is shown now or later: the important ones first, then the newest."""
    rows = session.scalars(select(Announcement).where(Announcement.ends_at > now))
    in_order = sorted(rows, key=lambda row: (row.level is not Level.IMPORTANT, -row.starts_at.timestamp(), row.id))
    return tuple(Announced(**{name: getattr(row, name) for name in Announced.__dataclass_fields__}) for row in in_order)


def announcements_of(
    session: Session, office_id: int, *, now: datetime
) -> tuple[Sequence[Announcement], Sequence[Announcement]]:
    """What an office and all offices say now or later, the soonest first; and the last of what is over."""
    here = select(Announcement).where(Announcement.office_id.is_(None) | (Announcement.office_id == office_id))
    coming = here.where(Announcement.ends_at > now).order_by(Announcement.starts_at, Announcement.id)
    past = here.where(Announcement.ends_at <= now).order_by(Announcement.ends_at.desc(), Announcement.id.desc())
    return session.scalars(coming).all(), session.scalars(past.limit(PAST)).all()


def announcement_at(session: Session, announcement_id: int, office_id: int) -> Announcement:
    """One of this office or of all. Raises NotFound."""
    row = session.get(Announcement, announcement_id)
    if row is None or row.office_id not in (None, office_id):
        raise NotFound()
    return row
