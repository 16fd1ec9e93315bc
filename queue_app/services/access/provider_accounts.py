"""Accounts that log in by a provider of identities: linked once, by whoever shows that both are theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from queue_app.domain.account_errors import AccountInactive, AlreadyLinked
from queue_app.domain.openid import Identity
from queue_app.models import ProviderAccount, Staff
from queue_app.services.records.upsert import insert_if_absent

from .own_account import record_own
from .passwords import Proof, still_proven


def proof_of(session: Session, identity: Identity) -> Proof | None:
    """Whose account this is; None where it is linked with none. Raises AccountInactive."""
    found = select(Staff).join(ProviderAccount, ProviderAccount.staff_id == Staff.id)
    who = (ProviderAccount.issuer == identity.issuer, ProviderAccount.subject == identity.subject)
    staff = session.scalars(found.where(*who)).one_or_none()
    if staff is None:
        return None
    if not staff.active:
        raise AccountInactive()
    return Proof(staff.id, staff.password_hash, by_provider=True)


def link(session: Session, proof: Proof, identity: Identity, *, now: datetime) -> None:
    """From now on this identity logs in to the account whose password was just shown.

    Raises AlreadyLinked when either of the two is linked with another one; WrongCredentials as `still_proven`.
    """
    staff = still_proven(session, proof)
    theirs = linked_since(session, staff.id, identity.issuer)
    keys = {"issuer": identity.issuer, "subject": identity.subject}
    if theirs or not insert_if_absent(
        session, ProviderAccount, ["issuer", "subject"], **keys, staff_id=staff.id, linked_at=now
    ):
        raise AlreadyLinked()
    record_own(session, "staff.provider_linked", staff, now=now)


def linked_since(session: Session, staff_id: int, issuer: str) -> datetime | None:
    """None where the account is not linked with this provider."""
    mine = (ProviderAccount.staff_id == staff_id, ProviderAccount.issuer == issuer)
    return session.scalars(select(ProviderAccount.linked_at).where(*mine)).one_or_none()


def unlink(session: Session, proof: Proof, issuer: str, *, now: datetime) -> None:
    """By its owner; the next one who links shows the password again. Raises WrongCredentials as `still_proven`."""
    staff = still_proven(session, proof)
    mine = (ProviderAccount.staff_id == staff.id, ProviderAccount.issuer == issuer)
    if session.execute(delete(ProviderAccount).where(*mine).returning(ProviderAccount.id)).all():
        record_own(session, "staff.provider_unlinked", staff, now=now)
