"""The number of places that one person may add or remove at once, above which a second person agrees.

`docs/rules.md` R-QUOTA-7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.overrides import AgreementNeeded
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor, Permission
from queue_app.models import Office
from queue_app.services.access.second_person import may_now
from queue_app.services.records import audit


@dataclass(frozen=True)
class Deed:
    """Who changes or undoes, who has shown that they agree, why and when."""

    staff_id: int
    second_id: int | None
    reason: str
    now: datetime

    @property
    def actor(self) -> Actor:
        return Actor.staff(self.staff_id)


def agree_to_size(session: Session, office_id: int, moved: int, deed: Deed) -> None:
    """Called with the places that a change adds and removes. Raises AgreementNeeded."""
    alone = session.get_one(Office, office_id).quota_alone
    if moved > alone:
        _agree(session, office_id, deed, missing="places", alone=alone, places=moved)


def set_quota_limit(session: Session, office_id: int, places: int, deed: Deed) -> bool:
    """Lower the number alone, raise it with a second person: else one would raise it first, and change alone then.

    Whether it has changed. Raises ReasonRequired, NotFound, AgreementNeeded.
    """
    reason = read_reason(deed.reason)
    office = session.get(Office, office_id, populate_existing=True, with_for_update={"key_share": True})
    if office is None:
        raise NotFound()
    before = office.quota_alone
    if places == before:
        return False
    if places > before:
        _agree(session, office_id, deed, missing="limit", alone=before, places=places)
    office.quota_alone = places
    session.flush()
    audit.record(
        session,
        "quota.limit",
        "office",
        office_id,
        actor=deed.actor,
        now=deed.now,
        office_id=office_id,
        before={"quota_alone": before},
        after={"quota_alone": places},
        reason=reason,
    )
    return True


def _agree(session: Session, office_id: int, deed: Deed, *, missing: str, alone: int, places: int) -> None:
    second = deed.second_id
    if second is None or second == deed.staff_id:
        raise AgreementNeeded(why=missing if second is None else "the_same", alone=alone, places=places)
    if not may_now(session, second, office_id, Permission.EDIT_QUOTA):
        raise AgreementNeeded(why="no_quota", alone=alone)
    audit.record(
        session,
        "quota.agreed",
        "staff",
        second,
        actor=deed.actor,
        now=deed.now,
        office_id=office_id,
        after={"quota_alone" if missing == "limit" else "moved": places},
    )
