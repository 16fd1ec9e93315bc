"""How many attempts were made: at log-in, at codes; for a short time only."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class AttemptCount(Base):
    """One row for each rule and what it counts. Nobody is named: what is counted is a keyed hash."""

    __tablename__ = "attempt_count"

    rule: Mapped[str] = mapped_column(primary_key=True)
    counted: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)  # the name tried, whether it exists or not
    full_at: Mapped[int] = mapped_column(BigInteger, index=True)  # milliseconds since 1970: all attempts are back
