"""A table that may be taken away: its rows, in pages, and the cells of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from queue_app.domain.keyring import Keyring
from queue_app.models import Base

AT_ONCE = 1000  # rows held in memory
Cell = str | int | float | bool | date | datetime | time | None
Day = InstrumentedAttribute[date] | InstrumentedAttribute[datetime]


@dataclass(frozen=True)
class Scope:
    """Of which offices (ids with their zones), of which days (both included; None: without an end), and whether NIK,
    name and contact stand there whole.
    """

    zones: Mapping[int, str]
    keyring: Keyring
    first: date | None = None
    last: date | None = None
    personal: bool = False

    def local(self, instant: datetime | None, office_id: int | None = None) -> datetime | None:
        """As the clock of the office shows it; of what belongs to none, as that of the first one."""
        zone = self.zones.get(office_id or 0) or next(iter(self.zones.values()))
        return instant.astimezone(ZoneInfo(zone)).replace(microsecond=0) if instant else None

    def office(self, column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
        return column.in_(list(self.zones))

    def days(self, column: InstrumentedAttribute[date]) -> list[ColumnElement[bool]]:
        return [
            *([column >= self.first] if self.first else []),
            *([column <= self.last] if self.last else []),
        ]


Rows = Select[*tuple[Any, ...]]
Found = Row[*tuple[Any, ...]]
Statement = Callable[[Scope], Rows]
Cells = Callable[[Found, Scope], Sequence[Cell]]


@dataclass(frozen=True)
class Table:
    """``name``: in forms, files and the audit log. ``models``: whose rows it tells. ``statement``: its first column is
    the key, by which pages follow one another. ``dated``: it can be narrowed to days; ``personal``: some columns are
    covered unless `Scope.personal`.
    """

    name: str
    models: tuple[type[Base], ...]
    columns: tuple[str, ...]
    statement: Statement
    cells: Cells
    dated: bool = False
    personal: bool = False

    def count(self, session: Session, scope: Scope) -> int:
        return session.scalar(select(func.count()).select_from(self.statement(scope).subquery())) or 0

    def pages(self, session: Session, scope: Scope) -> Iterator[list[Sequence[Cell]]]:
        """Some rows at a time, so that whoever takes them away slowly holds nothing open in between."""
        statement, after = self.statement(scope), None
        key = next(iter(statement.selected_columns))
        while True:
            page = statement if after is None else statement.where(key > after)
            rows = session.execute(page.order_by(None).order_by(key).limit(AT_ONCE)).all()
            if not rows:
                return
            after = rows[-1][0]
            yield [self.cells(row, scope) for row in rows]
