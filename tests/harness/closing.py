"""Close days for a test as the administrator does, and let the job do its part."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.closures import ClosedTime, ClosureKind, OfferTerms
from queue_app.domain.keyring import Keyring
from queue_app.models import Closure, Offer, OfficeService
from queue_app.queries.records.invariants import verify
from queue_app.services.calendar.carrying_out import BATCH, carry_out
from queue_app.services.calendar.closures import NewClosure, confirm, draft
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock


def drafted(
    session: Session,
    offering: OfficeService,
    day: date,
    *,
    now: datetime,
    until: date | None = None,
    hours: tuple[time, time] | None = None,
    all_services: bool = False,
    kind: ClosureKind = ClosureKind.PLANNED,
    **terms: object,
) -> Closure:
    services = frozenset() if all_services else frozenset({offering.service_id})
    closed = ClosedTime(day, until or day, *(hours or (None, None)), services=services)
    new = NewClosure(closed, "Listrik padam", "Power cut", kind, OfferTerms(**terms))  # type: ignore[arg-type]
    return draft(session, offering.office_id, new, actor=TESTER, now=now)


def closed(session: Session, offering: OfficeService, day: date, *, now: datetime, **how: object) -> Closure:
    """Confirmed, and everybody offered what there is."""
    closure = drafted(session, offering, day, now=now, **how)  # type: ignore[arg-type]
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=now)
    carry_out_all(session, closure, now=now)
    return closure


def carry_out_all(session: Session, closure: Closure, *, now: datetime, limit: int = BATCH) -> int:
    """Batch after batch, each committed; how many of them."""
    session.commit()
    batches = 0
    while carry_out(session, closure.id, now=now, limit=limit):
        session.commit()
        batches += 1
    session.commit()
    return batches


def offers_of(session: Session, closure: Closure) -> list[Offer]:
    return list(
        session.scalars(
            select(Offer)
            .where(Offer.closure_id == closure.id)
            .order_by(Offer.booking_id)
            .execution_options(populate_existing=True)
        )
    )


def assert_sound(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    findings = {one.code: one.breaches for one in verify(session, keyring=keyring, now=clock.now()) if one.breaches}
    findings.pop("I8", None)  # nothing seals here
    assert not findings
