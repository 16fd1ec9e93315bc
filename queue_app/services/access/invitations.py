"""Invitations: an account is offered by a one-time link, and made by whoever opens it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.accounts import INVITATION_LIFETIME, new_token
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor, Role
from queue_app.models import InvitedRole, Staff, StaffInvitation
from queue_app.services.records import audit

from .one_time_links import is_good, require_good
from .staff import add_account, token_hash


def invite(
    session: Session,
    *,
    name: str,
    roles: Iterable[Role],
    office_ids: Iterable[int],
    invited_by: int,
    now: datetime,
) -> tuple[StaffInvitation, str]:
    """Each of the roles at each of the offices; return the invitation and the token of its link."""
    token, offices, wanted = new_token(), sorted(set(office_ids)), sorted(set(roles))
    invitation = StaffInvitation(name=name, invited_by=invited_by, token_hash=token_hash(token), made_at=now)
    invitation.roles = [InvitedRole(office_id=office_id, role=role) for office_id in offices for role in wanted]
    session.add(invitation)
    session.flush()
    after = {"roles": wanted, "offices": offices}
    _record(session, "invitation.made", invitation, actor=Actor.staff(invited_by), now=now, after=after)
    return invitation, token


def renew(session: Session, invitation_id: int, *, invited_by: int, now: datetime) -> str:
    """The token of another link, good from now on; the earlier one is not any more. Raises NotFound."""
    invitation, token = _open(session, invitation_id), new_token()
    invitation.token_hash, invitation.made_at, invitation.invited_by = token_hash(token), now, invited_by
    _record(session, "invitation.renewed", invitation, actor=Actor.staff(invited_by), now=now)
    return token


def withdraw(session: Session, invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Raises NotFound for one that was accepted or withdrawn."""
    invitation = _open(session, invitation_id)
    invitation.withdrawn_at = now
    _record(session, "invitation.withdrawn", invitation, actor=actor, now=now)


def withdraw_all_of(session: Session, staff_id: int, *, actor: Actor, now: datetime) -> None:
    """Those that somebody made who may invite no more: no account may come of them behind everybody's back."""
    theirs = select(StaffInvitation.id).where(StaffInvitation.invited_by == staff_id, *_OPEN)
    for invitation_id in session.scalars(theirs.order_by(StaffInvitation.id)).all():
        withdraw(session, invitation_id, actor=actor, now=now)


def opened(session: Session, token: str, *, now: datetime) -> StaffInvitation:
    """For showing. Raises LinkGone."""
    found = select(StaffInvitation).where(StaffInvitation.token_hash == token_hash(token))
    invitation = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    used_at = invitation.accepted_at if invitation else None
    return require_good(invitation, used_at, INVITATION_LIFETIME, now)


def accept(session: Session, token: str, *, username: str, password: str, now: datetime) -> Staff:
    """Make the account. Raises LinkGone, and as `add_account`: then the caller rolls back, and the link stays good."""
    good = is_good(StaffInvitation, StaffInvitation.accepted_at, INVITATION_LIFETIME, now)
    claim = update(StaffInvitation).where(StaffInvitation.token_hash == token_hash(token), *good)
    claimed = claim.values(accepted_at=now).returning(StaffInvitation.id)
    found = session.scalars(claimed.execution_options(synchronize_session=False)).one_or_none()
    invitation = session.get_one(StaffInvitation, found) if found else opened(session, token, now=now)
    held = [(one.office_id, one.role) for one in invitation.roles]
    who = {"username": username, "name": invitation.name, "password": password}
    return add_account(session, **who, held=held, actor=Actor.system(f"invitation-{invitation.id}"), now=now)


_OPEN = (StaffInvitation.accepted_at.is_(None), StaffInvitation.withdrawn_at.is_(None))


def _open(session: Session, invitation_id: int) -> StaffInvitation:
    """Locked, so that nobody accepts it meanwhile."""
    found = select(StaffInvitation).where(StaffInvitation.id == invitation_id, *_OPEN).with_for_update(key_share=True)
    invitation = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if invitation is None:
        raise NotFound()
    return invitation


def _record(
    session: Session,
    action: str,
    invitation: StaffInvitation,
    *,
    actor: Actor,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    office_id = invitation.roles[0].office_id
    audit.record(session, action, "invitation", invitation.id, actor=actor, now=now, office_id=office_id, after=after)
