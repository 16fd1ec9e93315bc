"""Take a decree's list of holidays into the list of the offices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.exchange.cells import Cell, day_of, impersonal, key_of, text_of
from queue_app.domain.exchange.columns import DAY, KIND, NAME, NAME_EN
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.exchange.rows import ImportRow
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Holiday
from queue_app.services.calendar.holidays import add_holiday, lock_dates, rename_holiday

from .report import Act, Done, Report, in_turn

NAME_MAX = 100
JOINT_LEAVE = ("Cuti bersama", "Joint leave")
_KINDS = {"": False, "libur nasional": False, "libur lokal": False, "lokal": False, "cuti bersama": True}


def import_holidays(
    session: Session, rows: Sequence[ImportRow], *, reason: str, actor: Actor, now: datetime, today: date
) -> Report:
    """Those that are new are holidays from now on, decided ones; those with other names are called by these.

    Days that are over are left out. A day on which people are booked is refused: it becomes a holiday by its own page,
    which says whom it concerns. Dates that stand in the list and not in the table stay.
    Raises ReasonRequired, ImportRefused.
    """
    reason, lines = read_reason(reason), dict[date, int]()
    # All at once, in the one order in which everybody locks: one date after the other would be another order.
    lock_dates(session, [day for row in rows if (day := _quietly(row)) is not None])

    def act(row: ImportRow) -> Done:
        day = row.wanted(DAY, day_of, today)
        name_id = row.wanted(NAME, impersonal(NAME_MAX), "")
        name_en = row.possible(NAME_EN, impersonal(NAME_MAX), "") or name_id
        joint = row.possible(KIND, _is_joint_leave, False)
        if not row.problems and (line := lines.setdefault(day, row.line)) != row.line:
            row.complain(CellRefused(reason="twice", line=line), DAY)
        row.require_sound()
        names: dict[str, Any] = {"name_id": _said(name_id, joint, 0), "name_en": _said(name_en, joint, 1)}
        told = (day, names["name_id"])
        if day < today:
            return Done(row.line, Act.PAST, told)
        by: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
        stored = session.get(Holiday, day, populate_existing=True)
        if stored is None or stored.status is not HolidayStatus.CONFIRMED:
            add_holiday(session, day, **names, **by, today=today)
            return Done(row.line, Act.ADD, told)
        if (stored.name_id, stored.name_en) == (names["name_id"], names["name_en"]):
            return Done(row.line, Act.SAME, told)
        rename_holiday(session, day, **names, **by)
        return Done(row.line, Act.CHANGE, told)

    return in_turn(session, rows, act)


def _quietly(row: ImportRow) -> date | None:
    try:
        return day_of(row.cell(DAY))
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
