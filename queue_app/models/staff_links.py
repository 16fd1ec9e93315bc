"""One-time links: to an account that is offered, and to a new password. Only the SHA-256 of a token is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.roles import Role

from .base import Base, UtcDateTime, words
from .office import Office


class StaffInvitation(Base):
    """An account for somebody, with roles at offices, who still has to choose user name and password."""

    __tablename__ = "staff_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    invited_by: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the link, of which there may have been earlier ones
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    roles: Mapped[list[InvitedRole]] = relationship(
        cascade="all, delete-orphan", order_by="InvitedRole.office_id, InvitedRole.role"
    )


class InvitedRole(Base):
    """A role at one office that goes with an invitation."""

    __tablename__ = "invited_role"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("staff_invitation.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"), primary_key=True)

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class PasswordReset(Base):
    """A link with which somebody chooses a new password."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)  # None: the operator
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
