"""A forgotten password: a colleague or the operator makes a one-time link, and its owner chooses another one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from queue_app.domain.account_errors import LinkGone
from queue_app.domain.accounts import RESET_LIFETIME, new_token
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.models import PasswordReset, Staff
from queue_app.services.records import audit

from . import attempts
from .one_time_links import is_good, require_good
from .own_account import end_sessions, first_office
from .staff import token_hash


def make_link(session: Session, staff_id: int, *, made_by: int | None, actor: Actor, now: datetime) -> str:
    """The token of a link; an earlier one is not good any more. ``made_by``: None for the operator. Raises NotFound."""
    staff = session.get(Staff, staff_id, with_for_update={"key_share": True})
    if staff is None or not staff.active:
        raise NotFound()
    withdraw_all_of(session, staff_id, now=now)
    token = new_token()
    session.add(PasswordReset(staff_id=staff_id, made_by=made_by, token_hash=token_hash(token), made_at=now))
    office_id = first_office(staff)
    audit.record(session, "staff.reset_link_made", "staff", staff_id, actor=actor, now=now, office_id=office_id)
    return token


def withdraw_all_of(session: Session, staff_id: int, *, now: datetime) -> None:
    """The open links for this account, and those that its owner made for others."""
    open_ones = (PasswordReset.used_at.is_(None), PasswordReset.withdrawn_at.is_(None))
    theirs = or_(PasswordReset.staff_id == staff_id, PasswordReset.made_by == staff_id)
    withdrawn = update(PasswordReset).where(theirs, *open_ones).values(withdrawn_at=now)
    session.execute(withdrawn.execution_options(synchronize_session=False))


def opened(session: Session, token: str, *, now: datetime) -> Staff:
    """Whose password it is, for showing. Raises LinkGone."""
    found = select(PasswordReset).where(PasswordReset.token_hash == token_hash(token))
    link = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    link = require_good(link, link.used_at if link else None, RESET_LIFETIME, now)
    return session.get_one(Staff, link.staff_id)


def set_password(session: Session, token: str, new: str, *, keyring: Keyring, now: datetime) -> None:
    """To the one that ``new`` is the hash of (`own_account.new_hash`). Ends every session of the account, and the waits
    after wrong passwords. Raises LinkGone."""
    good = is_good(PasswordReset, PasswordReset.used_at, RESET_LIFETIME, now)
    claim = update(PasswordReset).where(PasswordReset.token_hash == token_hash(token), *good).values(used_at=now)
    claimed = claim.returning(PasswordReset.staff_id).execution_options(synchronize_session=False)
    staff_id = session.scalars(claimed).one_or_none()
    if staff_id is None:
        opened(session, token, now=now)
        raise LinkGone(why="used")
    # Locked: a log-in with the former password must not begin its session after the others are ended.
    staff = session.get_one(Staff, staff_id, populate_existing=True, with_for_update={"key_share": True})
    staff.password_hash = new
    session.flush()
    attempts.forget_all(session, staff.username, keyring=keyring)
    end_sessions(session, staff_id, actor=Actor.staff(staff_id), now=now, action="staff.password_reset")
