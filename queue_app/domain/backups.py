"""When a backup is due, what it is called, and which of the older ones are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from .clock import office_date, office_instant

NIGHT = time(2, 0)  # in the office: nobody is in the hall, and the evening has ended the day
_NAME = re.compile(r"queue-app-(\d{8}T\d{6}Z)\.zip")
_STAMP = "%Y%m%dT%H%M%SZ"


def is_backup_due(last: datetime | None, *, zone: str, now: datetime) -> bool:
    """Whether none was made since the latest night: at night, or as soon as possible where the night was missed."""
    night = office_instant(office_date(now, zone), NIGHT, zone)
    if night > now:
        night = office_instant(office_date(now, zone) - timedelta(days=1), NIGHT, zone)
    return last is None or last < night


def backup_name(made_at: datetime) -> str:
    return f"queue-app-{made_at.astimezone(UTC):{_STAMP}}.zip"


def read_backup_name(name: str) -> datetime | None:
    """When it was made, to the second; None for any other file."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found.group(1), _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def backups_to_keep(made: Iterable[datetime], *, days: int, weeks: int, zone: str) -> frozenset[datetime]:
    """The newest of each of the last ``days`` days that have one, and of each of the last ``weeks`` weeks; in any case
    the newest of all.
    """
    newest_first = sorted(made, reverse=True)
    of_day: dict[object, datetime] = {}
    of_week: dict[object, datetime] = {}
    for instant in newest_first:
        day = office_date(instant, zone)
        of_day.setdefault(day, instant)
        of_week.setdefault(day.isocalendar()[:2], instant)
    return frozenset([*newest_first[:1], *list(of_day.values())[:days], *list(of_week.values())[:weeks]])
