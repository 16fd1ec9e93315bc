"""The keys that a database was sealed with, told apart without being known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime


class KeyCheck(Base):
    """What one key gives for a fixed text: with another key file in its place the program notices before it serves."""

    __tablename__ = "key_check"

    name: Mapped[str] = mapped_column(primary_key=True)  # of the key, as `domain/keyring.py` names it
    value: Mapped[bytes] = mapped_column(LargeBinary)


class FormerKey(Base):
    """A key that another one has replaced, as long as something is left of it."""

    __tablename__ = "former_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # as above
    value: Mapped[bytes] = mapped_column(LargeBinary)  # its check value
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_ticket_id: Mapped[int | None]  # of a ticket key: the last ticket given under it
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nothing is stored under it any more
