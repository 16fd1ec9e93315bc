"""The manifest of a backup: of what, from when, and how it is told whole from half."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, column, func, inspect, select, table, text

FORMAT = 1
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class BackupFailed(Exception):
    """A backup was not made, or cannot be used. The text is for an operator; it holds no personal data."""


class ProgramsMissing(BackupFailed):
    """PostgreSQL's own programs are missing or too old: the same every time, until somebody installs them."""


class PlaceTaken(BackupFailed):
    """The place to restore into is not empty."""


@dataclass(frozen=True)
class Facts:
    """What a database holds. ``rows``: how many, by table. ``audit``: the newest entry's id; ``seal``: the newest link
    of the audit chain, in hexadecimal.
    """

    migration: str
    rows: dict[str, int]
    audit: int
    seal: str


@dataclass(frozen=True)
class Manifest:
    """``made_at``: the instant of the copy; whatever was confirmed before it is inside. ``sha256`` and ``size``
    (bytes) are those of the dump.
    """

    kind: str
    program: str
    made_at: datetime
    facts: Facts
    sha256: str
    size: int

    def to_json(self) -> str:
        content = asdict(self) | {"format": FORMAT, "made_at": self.made_at.astimezone(UTC).isoformat()}
        return json.dumps(content, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, written: bytes) -> Manifest:
        """Raises BackupFailed."""
        try:
            content = json.loads(written)
            if content.pop("format") != FORMAT or content["kind"] not in (SQLITE, POSTGRESQL):
                raise BackupFailed("This backup was made by another version of the program, in a form not known here.")
            made_at, facts = datetime.fromisoformat(content.pop("made_at")), Facts(**content.pop("facts"))
            return cls(made_at=made_at.astimezone(UTC), facts=facts, **content)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BackupFailed("The manifest of this backup cannot be read.") from None


def facts_of(connection: Connection) -> Facts:
    """Counted in the transaction that is open. Raises BackupFailed for a database that is none of this program."""
    names = sorted(inspect(connection).get_table_names())
    if "alembic_version" not in names:
        raise BackupFailed("This database holds no tables of this program yet: there is nothing to keep.")
    rows = {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}
    seals = table("audit_seal", column("sequence"), column("hash"))
    seal = connection.execute(select(seals.c.hash).order_by(seals.c.sequence.desc()).limit(1)).scalar()
    return Facts(
        migration=connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        rows=rows,
        audit=connection.execute(text("SELECT coalesce(max(id), 0) FROM audit_entry")).scalar_one(),
        seal=bytes(seal).hex() if seal else "",
    )
