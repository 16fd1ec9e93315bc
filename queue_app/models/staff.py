"""Staff, their roles at offices, and their log-in sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.roles import Role

from .base import Base, UtcDateTime, words
from .office import Office


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    password_hash: Mapped[str]  # argon2id
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    assignments: Mapped[list[StaffAssignment]] = relationship(
        back_populates="staff", cascade="all, delete-orphan", order_by="StaffAssignment.office_id"
    )


class StaffAssignment(Base):
    """A role that somebody has at one office."""

    __tablename__ = "staff_assignment"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"), primary_key=True)

    staff: Mapped[Staff] = relationship(back_populates="assignments")
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class StaffSession(Base):
    """A log-in. The cookie holds a random token; only its SHA-256 is stored."""

    __tablename__ = "staff_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))  # the office they work at just now
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    vouched: Mapped[bool] = mapped_column(default=False)  # its provider has asked for a second factor

    staff: Mapped[Staff] = relationship(lazy="joined", innerjoin=True)
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class ProviderAccount(Base):
    """Who an account is to a provider of identities: linked once, by whoever showed that both are theirs."""

    __tablename__ = "provider_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("staff_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
