"""The name of an office in addresses, and the names that it had: what was printed goes on leading there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup, require_impersonal, slug_of
from queue_app.models import FormerAddress, Office
from queue_app.services.records import audit


def change_address(session: Session, office_id: int, typed: str, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Whether it is another one now. The one that it had leads to the office from now on.

    Raises ReasonRequired, NotFound, InvalidSetup as `read_address` and `claim_address`.
    """
    reason, slug = read_reason(reason), read_address(typed)
    office = session.get(Office, office_id, with_for_update={"key_share": True}, populate_existing=True)
    if office is None:
        raise NotFound()
    before = office.slug
    if slug == before:
        return False
    office.slug = slug
    claim_address(session, office)
    own = FormerAddress.slug == slug, FormerAddress.office_id == office_id  # to which it comes back
    session.execute(delete(FormerAddress).where(*own))
    session.add(FormerAddress(slug=before, office_id=office_id, left_at=now))
    session.flush()
    audit.record(
        session,
        "office.address",
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before={"slug": before},
        after={"slug": slug},
        reason=reason,
    )
    return True


def give_up_address(session: Session, office_id: int, slug: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """From now on it leads nowhere, and any office may take it. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    own = delete(FormerAddress).where(FormerAddress.slug == slug, FormerAddress.office_id == office_id)
    if session.execute(own.returning(FormerAddress.slug)).first() is None:
        raise NotFound()
    audit.record(
        session,
        "office.address_given_up",
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before={"former_slug": slug},
        after={"former_slug": ""},
        reason=reason,
    )


def check_address(session: Session, office_id: int, typed: str) -> str:
    """What the address would be, as far as anybody can tell before. Raises InvalidSetup as `change_address`."""
    slug = read_address(typed)
    if session.scalars(select(Office.id).where(Office.slug == slug, Office.id != office_id)).first() is not None:
        raise InvalidSetup(reason="name_taken")
    _refuse_if_kept(session, slug, office_id)
    return slug


def read_address(typed: str) -> str:
    """Raises InvalidSetup (``name``, ``personal``, ``name_taken``)."""
    slug = slug_of(typed)
    require_impersonal(typed, slug)
    return slug


def claim_address(session: Session, office: Office) -> None:
    """Store an office with the address that it has got. Raises InvalidSetup (``name_taken``, ``address_kept``)."""
    try:
        session.flush()
    except IntegrityError as problem:
        if "slug" in str(problem.orig):
            raise InvalidSetup(reason="name_taken") from None
        raise
    # Only now: an office that left it in this very moment was waited for, and has said by now that it leads there.
    _refuse_if_kept(session, office.slug, office.id)


def _refuse_if_kept(session: Session, slug: str, office_id: int) -> None:
    whose = select(Office.name).join(FormerAddress, FormerAddress.office_id == Office.id)
    kept = session.scalars(whose.where(FormerAddress.slug == slug, Office.id != office_id)).first()
    if kept is not None:
        raise InvalidSetup(reason="address_kept", office=kept)
