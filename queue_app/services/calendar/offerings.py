"""Change what a service at an office asks for, and when it can be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.calendar import BeforeDay
from queue_app.domain.errors import InvalidSchedule, NotFound
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService
from queue_app.services.records import audit
from queue_app.services.records.changes import change_columns

from .days import make_days

MINUTES_MAX = 240
WALK_INS_MAX = 5000
ANY_DAY = date(2026, 1, 5)  # the rules count back from a day; which one makes no difference


@dataclass(frozen=True)
class OfferingChange:
    """The texts (requirements and steps: one a line) and times of a service at an office.

    ``minutes``: that it takes at the counter, 0 for what the office does not say.
    ``walk_ins_per_day``: numbers without an appointment, at most. ``releases_at``: the office's local time from which
    places of the day that nobody has claimed are for whoever is there.
    """

    who_id: str
    who_en: str
    requirements_id: str
    requirements_en: str
    opens: BeforeDay
    closes: BeforeDay
    changes_close: BeforeDay
    early_minutes: int
    late_minutes: int
    walk_ins_per_day: int
    releases_at: time
    steps_id: str = ""
    steps_en: str = ""
    minutes: int = 0
    legal_basis: str = ""

    def columns(self) -> dict[str, Any]:
        return {
            "who_id": " ".join(self.who_id.split()),
            "who_en": " ".join(self.who_en.split()),
            "requirements_id": _lines(self.requirements_id),
            "requirements_en": _lines(self.requirements_en),
            "opens_days_before": self.opens.days,
            "opens_at": self.opens.at,
            "closes_days_before": self.closes.days,
            "closes_at": self.closes.at,
            "changes_close_days_before": self.changes_close.days,
            "changes_close_at": self.changes_close.at,
            "early_minutes": self.early_minutes,
            "late_minutes": self.late_minutes,
            "walk_ins_per_day": self.walk_ins_per_day,
            "releases_at": self.releases_at,
            "steps_id": _lines(self.steps_id),
            "steps_en": _lines(self.steps_en),
            "minutes": self.minutes,
            "legal_basis": " ".join(self.legal_basis.split()),
        }


def update_offering(
    session: Session,
    office_service_id: int,
    change: OfferingChange,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Store the change and make the days of a longer horizon; return the names of the columns that changed.

    Raises ReasonRequired, NotFound, InvalidSchedule (``booking_times``, ``minutes``, ``walk_ins``).
    """
    reason = read_reason(reason)
    _check(change)
    offering = session.get(OfficeService, office_service_id, with_for_update={"key_share": True, "of": OfficeService})
    if offering is None:
        raise NotFound()
    before, after = change_columns(offering, change.columns())
    if not after:
        return ()
    session.flush()
    make_days(session, offering, now=now)
    audit.record(
        session,
        "offering.updated",
        "office_service",
        offering.id,
        actor=actor,
        now=now,
        office_id=offering.office_id,
        before={name: _as_json(value) for name, value in before.items()},
        after={name: _as_json(value) for name, value in after.items()},
        reason=reason,
    )
    return tuple(after)


def _check(change: OfferingChange) -> None:
    if not 1 <= change.opens.days <= 366:
        raise InvalidSchedule(reason="booking_times")
    if not (0 <= change.closes.days <= 366 and 0 <= change.changes_close.days <= 366):
        raise InvalidSchedule(reason="booking_times")
    if change.closes.instant(ANY_DAY, "Asia/Jakarta") <= change.opens.instant(ANY_DAY, "Asia/Jakarta"):
        raise InvalidSchedule(reason="booking_times")  # booking would close before it opens
    if not all(0 <= one <= MINUTES_MAX for one in (change.early_minutes, change.late_minutes, change.minutes)):
        raise InvalidSchedule(reason="minutes", maximum=MINUTES_MAX)
    if not 0 <= change.walk_ins_per_day <= WALK_INS_MAX:
        raise InvalidSchedule(reason="walk_ins", maximum=WALK_INS_MAX)


def _lines(typed: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in typed.splitlines())))


def _as_json(value: Any) -> str | int:
    if isinstance(value, str):
        # An office may name its own telephone number in a requirement; no number belongs into the audit log.
        return "…" if holds_personal_number(value) else value
    return value if isinstance(value, int) else str(value.isoformat("minutes"))
