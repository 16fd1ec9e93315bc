"""Services of a day that were done sooner than anybody can be served (`docs/rules.md` R-EXCEPTION-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.exceptions import DayAct, Deed, is_in_no_time
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import AuditEntry, OfficeService, OfflineEntry, Ticket, VisitStep

BEGINNINGS = (StepKind.CALL, StepKind.START, StepKind.OUT_OF_ORDER)


class _Finish(NamedTuple):
    ticket_id: int
    booking_id: int
    actor: str
    at: datetime
    began: datetime
    stated: int

    @property
    def took(self) -> timedelta:
        return self.at - self.began


def done_in_no_time(session: Session, office_id: int, day: date) -> Iterator[DayAct]:
    """Each with its entry of the audit log, which alone knows the outcome of a service that another one followed."""
    quick = {(one.ticket_id, one.at): one for one in _finishes(session, office_id, day)}
    quick = {key: one for key, one in quick.items() if is_in_no_time(one.took, one.stated)}
    entries = session.execute(
        select(AuditEntry.id, AuditEntry.subject_id, AuditEntry.at, AuditEntry.after["outcome"].as_string())
        .where(AuditEntry.subject == "visit", AuditEntry.action == f"visit.{VisitState.SERVED}")
        .where(AuditEntry.subject_id.in_({ticket_id for ticket_id, _at in quick}))
    )
    for entry_id, ticket_id, at, outcome in entries:
        one = quick.get((ticket_id, at))
        if one and outcome == Outcome.DONE:
            yield DayAct(entry_id, at, one.actor, Deed.DONE_IN_NO_TIME, ticket_id, one.booking_id, took=one.took)


def _finishes(session: Session, office_id: int, day: date) -> Iterator[_Finish]:
    """Those that nobody took back, but for presses whose device did not know the time (R-OFFLINE-2)."""
    began, finish = aliased(VisitStep), aliased(VisitStep)
    of_service = and_(began.ticket_id == finish.ticket_id, began.service_id == finish.service_id)
    stated = and_(OfficeService.office_id == finish.office_id, OfficeService.service_id == finish.service_id)
    untimed = select(OfflineEntry.id).where(OfflineEntry.nonce == finish.nonce, OfflineEntry.claimed_at.is_not(None))
    rows = session.execute(
        select(finish.ticket_id, Ticket.booking_id, finish.actor, finish.at, func.min(began.at), OfficeService.minutes)
        .join(began, of_service)
        .join(Ticket, Ticket.id == finish.ticket_id)
        .join(OfficeService, stated)
        .where(finish.office_id == office_id, finish.day == day, finish.kind == StepKind.FINISH)
        .where(finish.undone_at.is_(None), began.undone_at.is_(None), began.kind.in_(BEGINNINGS), ~untimed.exists())
        .group_by(
            *(finish.id, finish.ticket_id, Ticket.booking_id, finish.actor, finish.at, OfficeService.minutes),
        )
    )
    return (_Finish(*row) for row in rows)
