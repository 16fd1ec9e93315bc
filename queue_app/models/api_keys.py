"""Keys of partners' programs, and how often the limited ones were used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime


class ApiKey(Base):
    """A key. Of the key itself only a hash is stored: it was shown once."""

    __tablename__ = "api_key"
    __table_args__ = (
        # A name says which key is meant, so two that are in force cannot share one.
        Index(
            "uq_api_key_live_name",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("limit_per_minute >= 1", name="limit_per_minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    shown: Mapped[str]  # the first characters
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[str]  # in alphabetical order, with commas between them
    limit_per_minute: Mapped[int | None]  # None: a trusted partner without a limit
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKeyUse(Base):
    """One row for each key with a limit: how often it was used in the minute it was used last."""

    __tablename__ = "api_key_use"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    minute: Mapped[int]  # since 1970, UTC
    used: Mapped[int]
