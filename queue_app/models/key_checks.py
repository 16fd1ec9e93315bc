"""The keys that a database was sealed with, told apart without being known."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class KeyCheck(Base):
    """What one key gives for a fixed text: with another key file in its place the program notices before it serves."""

    __tablename__ = "key_check"

    name: Mapped[str] = mapped_column(primary_key=True)  # of the key, as `domain/keyring.py` names it
    value: Mapped[bytes] = mapped_column(LargeBinary)
