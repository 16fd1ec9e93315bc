"""The ticket's page in every stage, as somebody meets it: accessible, complete, on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.stages import Stage
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Booking, Visit
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

IN_THE_HALL = {
    Stage.ARRIVED: VisitState.WAITING,
    Stage.CALLED: VisitState.CALLED,
    Stage.IN_SERVICE: VisitState.IN_SERVICE,
    Stage.SERVED: VisitState.SERVED,
    Stage.OVER: VisitState.WAITING,
}
HEADLINES = {
    Stage.BOOKED: "Selanjutnya",
    Stage.TODAY: "Belum tercatat hadir.",
    Stage.ARRIVED: "Antrean sekarang",
    Stage.CALLED: "Silakan menuju petugas.",
    Stage.IN_SERVICE: "Sedang dilayani.",
    Stage.SERVED: "Iris mata belum dapat direkam.",
    Stage.MISSED: "tercatat tidak hadir",
    Stage.MOVED: "Buka tiket yang berlaku",
    Stage.CANCELLED: "hapus sendiri dari kalender",
    Stage.WITHDRAWN: "Tidak ada pelayanan pada",
    Stage.OVER: "tetapi belum sempat kami layani.",
}


def bring_to(stage: Stage, booking: Booking, session: Session, clock: FixedClock) -> None:
    """Tuesday's ticket, at half past nine that day."""
    ticket, now = booking.tickets[0], clock.now()
    if stage is Stage.BOOKED:
        clock.set(ticket.starts_at - timedelta(days=1))
    if stage in IN_THE_HALL:
        ticket.state = TicketState.CHECKED_IN
        at = {"since": now, "arrived_at": now, "window_at": ticket.starts_at, "day": ticket.day}
        visit = Visit(ticket_id=ticket.id, office_id=ticket.office_id, service_id=ticket.service_id, **at)
        visit.state = IN_THE_HALL[stage]
        visit.outcome = Outcome.FAILED_IRIS if stage is Stage.SERVED else None
        session.add(visit)
    if stage is Stage.MISSED:
        ticket.state = TicketState.NO_SHOW
    if stage is Stage.CANCELLED:
        cancel(session, booking.id, now=now)
    if stage is Stage.MOVED:
        other = next(slot for slot in ticket.slot.service_day.slots if slot.starts_at > ticket.starts_at)
        reschedule(session, booking.id, other.id, now=now)
    if stage is Stage.WITHDRAWN:
        closing = {"reason_id": "Listrik padam", "reason_en": "Power cut", "actor": TESTER, "now": now}
        close_day(session, ticket.slot.service_day_id, **closing)
    session.commit()
    if stage is Stage.OVER:
        clock.advance(days=1)


@pytest.mark.parametrize("stage", Stage)
def test_each_stage(
    stage: Stage,
    morning: Callable[..., Booking],
    session: Session,
    clock: FixedClock,
    keyring: object,
    visitor: Callable[..., Visitor],
) -> None:
    booking = morning(3)
    first = booking.tickets[0]
    bring_to(stage, booking, session, clock)
    citizen = visitor()
    citizen.open(f"/t/{keyring.ticket_token(first.id)}")
    citizen.page.get_by_text(HEADLINES[stage]).first.wait_for()
    citizen.judge()
