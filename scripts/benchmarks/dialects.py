"""How the two databases say what filling them needs: series of numbers, days, instants, random bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# A big odd factor scatters the numbers over all codes, as random ones would be.
SCATTER = "((n * 2654435761) % 1099511627776)"
CODE = " || ".join(
    f"substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', CAST({SCATTER} / {32**place} % 32 AS integer) + 1, 1)"
    for place in range(8)
)


@dataclass(frozen=True)
class Dialect:
    """``first_day``: offsets of days are counted from it."""

    kind: str
    first_day: date

    @property
    def sqlite(self) -> bool:
        return self.kind == "sqlite"

    @property
    def careless(self) -> tuple[str, ...]:
        if self.sqlite:
            return ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000", "PRAGMA foreign_keys = OFF")
        return (
            "SET session_replication_role = replica",
            "SET maintenance_work_mem = '256MB'",
            "SET synchronous_commit = off",
        )

    @property
    def true(self) -> str:
        return "1" if self.sqlite else "true"

    @property
    def false(self) -> str:
        return "0" if self.sqlite else "false"

    @property
    def code(self) -> str:
        """A booking code of number n; no other n has it."""
        return CODE

    def indexes_of(self, tables: Sequence[str]) -> str:
        """Names and definitions of the indexes that are not constraints."""
        names = ", ".join(f"'{table}'" for table in tables)
        if self.sqlite:
            which = f"type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
            return f"SELECT name, sql FROM sqlite_master WHERE {which}"
        return (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({names})"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )

    def series(self, count: int) -> str:
        """Rows with n from 0 to ``count`` - 1."""
        if not self.sqlite:
            return f"generate_series(0, {count - 1}) AS n(n)"
        return (
            f"(WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {count - 1})"
            f" SELECT n FROM n LIMIT {count}) n"
        )

    def day(self, offset: str) -> str:
        if self.sqlite:
            return f"date('{self.first_day}', ({offset}) || ' days')"
        return f"date '{self.first_day}' + CAST({offset} AS integer)"

    def moment(self, offset: str, hour: str) -> str:
        """An instant: so many days and hours after midnight (UTC) of the first day."""
        if self.sqlite:
            return f"datetime('{self.first_day}', ({offset}) || ' days', ({hour}) || ' hours') || '.000000'"
        return f"timestamptz '{self.first_day} 00:00+00' + ({offset}) * interval '1 day' + ({hour}) * interval '1 hour'"

    def time(self, hour: str) -> str:
        return f"'{hour}:00:00.000000'" if self.sqlite else f"time '{hour}:00'"

    def noise(self, size: int, salt: str, of: str = "n") -> str:
        """Bytes that tell nothing; those of another salt are others."""
        if self.sqlite:
            return f"randomblob({size})"
        return f"substr(sha256(CAST({of} || '{salt}' AS bytea)) || sha256('x'), 1, {size})"
