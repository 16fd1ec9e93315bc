"""Second factors of staff: the sealed secret of an authenticator, and the codes for when it is lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime


class SecondFactor(Base):
    """On once ``secret`` is there. ``pending`` is one that is shown and not yet proven by a right code."""

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint("(secret IS NULL) = (on_since IS NULL)", "on_with_secret"),
        CheckConstraint("(pending IS NULL) = (pending_since IS NULL)", "pending_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    on_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int | None] = mapped_column(BigInteger)  # of RFC 6238, whose code was used last
    pending: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    pending_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)  # of the present recovery codes


class RecoveryCode(Base):
    """One of the codes of an account, each good once."""

    __tablename__ = "recovery_code"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # argon2id
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
