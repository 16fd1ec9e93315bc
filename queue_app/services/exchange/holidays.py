"""Take a decree's list of holidays into the list of the offices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.exchange.cells import Cell, day_of, impersonal, key_of, text_of
from queue_app.domain.exchange.columns import DAY, KIND, NAME, NAME_EN, OFFICE
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.exchange.rows import ImportRow
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Office
from queue_app.queries.calendar.holidays import listed_holiday
from queue_app.queries.exchange.places import Offices, offices_by_name
from queue_app.services.calendar.holiday_days import lock_dates
from queue_app.services.calendar.holidays import add_holiday, rename_holiday

from .report import Act, Done, Report, in_turn

Read = TypeVar("Read")
NAME_MAX = 100
JOINT_LEAVE = ("Cuti bersama", "Joint leave")
_KINDS = {"": False, "libur nasional": False, "libur lokal": False, "lokal": False, "cuti bersama": True}


def import_holidays(
    session: Session,
    rows: Sequence[ImportRow],
    *,
    offices: Sequence[Office],
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Report:
    """Those that are new are holidays from now on, decided ones; those with other names are called by these. A row that
    names one of the ``offices`` counts for it alone.

    Days that are over are left out. A day on which people are booked is refused: it becomes a holiday by its own page,
    which says whom it concerns. Dates that stand in the list and not in the table stay.
    Raises ReasonRequired, ImportRefused.
    """
    reason, lines = read_reason(reason), dict[tuple[date, int | None], int]()
    here, by = offices_by_name(offices), {"reason": reason, "actor": actor, "now": now}
    _lock(session, rows, here)

    def act(row: ImportRow) -> Done:
        day = row.wanted(DAY, day_of, today)
        office = row.possible(OFFICE, here.one, None)
        office_id = office.id if office else None
        name_id = row.wanted(NAME, impersonal(NAME_MAX), "")
        name_en = row.possible(NAME_EN, impersonal(NAME_MAX), "") or name_id
        joint = row.possible(KIND, _is_joint_leave, False)
        if not row.problems and (line := lines.setdefault((day, office_id), row.line)) != row.line:
            row.complain(CellRefused(reason="twice", line=line), DAY)
        row.require_sound()
        names = {"name_id": _said(name_id, joint, 0), "name_en": _said(name_en, joint, 1)}
        told = (day, names["name_id"], office.name if office else "")
        this_day = office_date(now, office.time_zone) if office else today
        if day < this_day:
            return Done(row.line, Act.PAST, told)
        changed: dict[str, Any] = {"office_id": office_id, **names, **by}
        stored = listed_holiday(session, day, office_id)
        if stored is None or stored.status is not HolidayStatus.CONFIRMED:
            add_holiday(session, day, **changed, today=this_day)
            return Done(row.line, Act.ADD, told)
        if (stored.name_id, stored.name_en) == (names["name_id"], names["name_en"]):
            return Done(row.line, Act.SAME, told)
        rename_holiday(session, day, **changed)
        return Done(row.line, Act.CHANGE, told)

    return in_turn(session, rows, act)


def _lock(session: Session, rows: Sequence[ImportRow], here: Offices) -> None:
    """All at once, in the one order in which everybody locks: one date after the other would be another order."""
    found = [(day, row) for row in rows if (day := _quietly(row, DAY, day_of)) is not None]
    offices = [_quietly(row, OFFICE, here.one) for _day, row in found]
    ids = None if None in offices else {office.id for office in offices if office}
    lock_dates(session, [day for day, _row in found], office_ids=ids)


def _quietly(row: ImportRow, column: str, read: Callable[[Cell], Read]) -> Read | None:
    try:
        return read(row.cell(column))
    except CellRefused:
        return None


def _is_joint_leave(cell: Cell) -> bool:
    kind = _KINDS.get(key_of(text_of(cell)))
    if kind is None:
        raise CellRefused(reason="holiday_kind")
    return kind


def _said(name: str, joint: bool, language: int) -> str:
    """Joint leave is called so: the list of holidays knows names and no kinds."""
    words = JOINT_LEAVE[language]
    return f"{words} {name}" if joint and not key_of(name).startswith(key_of(words)) else name
