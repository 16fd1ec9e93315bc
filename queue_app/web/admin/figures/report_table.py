"""A table of a report: the same on the page and in a file, with its definitions and its chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queue_app.adapters.table_export import Cell, Row
from queue_app.domain.figures.histogram import A_MINUTE

from .charts import Chart

MOST_SHOWN = 62  # rows on a page: two months of days; the file has them all


@dataclass(frozen=True)
class Table:
    """``name``: as it stands in an address and in the name of a file; ``note``: what the whole comes to."""

    name: str
    title: str
    definitions: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    chart: Chart | None = None
    note: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.rows) > MOST_SHOWN

    def by_column(self) -> Iterator[Row]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


def percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def share_of(part: int, whole: int) -> float | None:
    return percent(part / whole) if whole else None


def in_minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / A_MINUTE, 1)
