"""The rows of a table that comes in, found by the headings over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from queue_app.domain.errors import DomainError

from .cells import Cell, is_empty, key_of, text_of
from .columns import COLUMN_OF, COLUMNS, MOST_ROWS, NOTE, ImportKind
from .refusals import CellRefused, FileRefused, Problem

Read = TypeVar("Read")


@dataclass(frozen=True)
class Line:
    """``number``: as the spreadsheet counts, from 1."""

    number: int
    cells: tuple[Cell, ...]


class RowInvalid(Exception):
    """Some of its cells cannot be read; what is wrong with them stands in the row."""


class ImportRow:
    """A row whose cells are read one by one. What is wrong with them is collected, to be mended all at once."""

    def __init__(self, line: int, cells: Mapping[str, Cell]) -> None:
        self.line, self._cells = line, cells
        self.problems: list[Problem] = []

    def cell(self, column: str) -> Cell:
        return self._cells.get(column)

    def cells(self) -> Iterable[tuple[str, Cell]]:
        """Of the columns that its kind of table knows."""
        return self._cells.items()

    def has(self, column: str) -> bool:
        return not is_empty(self.cell(column))

    def wanted(self, column: str, read: Callable[[Cell], Read], default: Read) -> Read:
        """What the cell says; ``default``, and a problem more, where it is empty or cannot be read."""
        if not self.has(column):
            self.complain(CellRefused(reason="missing"), column)
            return default
        return self.possible(column, read, default)

    def possible(self, column: str, read: Callable[[Cell], Read], default: Read) -> Read:
        """The same for a cell that may be empty."""
        try:
            return read(self.cell(column)) if self.has(column) else default
        except DomainError as refusal:
            self.complain(refusal, column)
            return default

    def complain(self, refusal: DomainError, column: str | None = None) -> None:
        self.problems.append(Problem(self.line, column or COLUMN_OF.get(refusal.code), refusal))

    def require_sound(self) -> None:
        """Raise RowInvalid where something has been complained of."""
        if self.problems:
            raise RowInvalid()


@dataclass(frozen=True)
class Sheet:
    """``ignored``: headings that this kind of table does not know."""

    rows: tuple[ImportRow, ...]
    ignored: tuple[str, ...] = ()


def rows_of(kind: ImportKind, lines: Sequence[Line]) -> Sheet:
    """Raises FileRefused (``empty``, ``rows``, ``headings``, ``heading_twice``)."""
    filled = [line for line in lines if not all(map(is_empty, line.cells)) and not _is_note(line)]
    if not filled:
        raise FileRefused(reason="empty")
    known = {key_of(column.heading): column.heading for column in COLUMNS[kind]}
    said = [text_of(cell) for cell in filled[0].cells]
    headings = [known.get(key_of(heading)) for heading in said]
    missing = tuple(one.heading for one in COLUMNS[kind] if one.required and one.heading not in headings)
    if missing:
        raise FileRefused(reason="headings", missing=missing)
    if doubled := next((one for one in headings if one and headings.count(one) > 1), None):
        raise FileRefused(reason="heading_twice", name=doubled)
    if len(filled) == 1:
        raise FileRefused(reason="empty")
    if len(filled) - 1 > MOST_ROWS:
        raise FileRefused(reason="rows", maximum=MOST_ROWS)
    ignored = tuple(name for name, heading in zip(said, headings, strict=True) if name and heading is None)
    return Sheet(tuple(_row(line, headings) for line in filled[1:]), ignored)


def _row(line: Line, headings: Sequence[str | None]) -> ImportRow:
    named = zip(headings, line.cells, strict=False)  # a line may end early
    return ImportRow(line.number, {heading: cell for heading, cell in named if heading})


def _is_note(line: Line) -> bool:
    first = next((cell for cell in line.cells if not is_empty(cell)), None)
    return isinstance(first, str) and first.lstrip().startswith(NOTE + " ")
