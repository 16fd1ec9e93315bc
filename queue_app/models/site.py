"""The site as a whole: what stands in the head of its pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime


class Site(Base):
    """One row; without it the settings count. ``founded_at``: when the first administrator was made: there cannot be
    two of them.
    """

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    subtitle: Mapped[str]
    brand_colour: Mapped[str]  # #rrggbb
    founded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SiteLogo(Base):
    """One row; without it the first letter of the title stands in its place. Apart from the head, which every page
    reads: ``picture`` is some thousand bytes.
    """

    __tablename__ = "site_logo"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    picture: Mapped[bytes] = mapped_column(LargeBinary)  # PNG
    version: Mapped[str]  # in its address
    width: Mapped[int]  # pixels
    height: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
