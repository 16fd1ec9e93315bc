"""How many of those obliged to have a card are recorded, by kecamatan, as the office was told."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Coverage(Base):
    """One kecamatan of the last list that an office took over."""

    __tablename__ = "coverage"
    __table_args__ = (
        CheckConstraint("obliged >= 0", name="obliged"),
        CheckConstraint("recorded BETWEEN 0 AND obliged", name="recorded"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)  # Kemendagri, "33.14.10"
    name: Mapped[str]
    obliged: Mapped[int]
    recorded: Mapped[int]
    counted_on: Mapped[date]
