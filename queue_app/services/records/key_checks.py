"""Refuse keys that are not the database's, and write down by which ones it is sealed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, KeysDoNotFit
from queue_app.models import KeyCheck
from queue_app.queries.records.key_checks import has_key_checks, misfits

from .upsert import insert_if_absent


def require_keys(session: Session, keyring: Keyring, *, file: Path) -> None:
    """Raises KeysDoNotFit where one of the keys, read from ``file``, is not that of the database."""
    if names := misfits(session, keyring):
        raise KeysDoNotFit(
            f"{file} is not the key file of this database (another one, or none: {', '.join(names)}). Put the file "
            "back that belongs to the database, or the database that belongs to the file."
        )


def adopt_keys(session: Session, keyring: Keyring, *, file: Path) -> None:
    """The same, and a database that knows no keys yet knows these from now on.

    Whoever comes second, at the first start of two machines, waits for the first one's rows, and the look at the end is
    at those.
    """
    if not has_key_checks(session):
        require_keys(session, keyring, file=file)
        for name, value in keyring.check_values.items():
            insert_if_absent(session, KeyCheck, ["name"], name=name, value=value)
    require_keys(session, keyring, file=file)
