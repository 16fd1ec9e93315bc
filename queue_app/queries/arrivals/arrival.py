"""The people that the front desk expects, and where each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, UNDO_ADMISSION_WITHIN, IdentityResult, ScanResult
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.priority import Priority
from queue_app.domain.stages import Stage, TicketLife
from queue_app.domain.tickets import show_code, show_number
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import Booking, CheckIn, Counter, Office, Service, Slot, Ticket, Visit, VisitStep
from queue_app.models.base import spelled_out

OF_TICKET = ("id", "booking_id", "position", "letter", "queue_number", "day", "starts_at", "state")
OF_PERSON = ("walk_in", "priority", "person_index", "nik", "name")
NAMES = (Service.name_id, Service.name_en)
OF_ADMISSION = (CheckIn.id.label("check_in_id"), CheckIn.at, CheckIn.result, CheckIn.identity)
OF_PLACE = (Slot.ends_at, Slot.accepts, Office.time_zone)
# Who was passed on waits for another service than the one that was booked.
WAITS_FOR = func.coalesce(Visit.service_id, Ticket.service_id)
OUT_OF_ORDER = (
    select(VisitStep.reason)
    .where(VisitStep.kind.in_(spelled_out([StepKind.OUT_OF_ORDER])))
    .where(VisitStep.ticket_id == Ticket.id, VisitStep.undone_at.is_(None))
    .order_by(VisitStep.id.desc())
    .limit(1)
    .scalar_subquery()
)
OF_VISIT = (
    WAITS_FOR.label("service_id"),
    Visit.state.label("visit"),
    Visit.outcome,
    Counter.number.label("counter"),
    OUT_OF_ORDER.label("out_of_order"),
)


class ArrivalState(StrEnum):
    """The groups of the list: what the desk sees of the stages of tickets."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    SERVED = "served"
    ABSENT = "absent"  # never came, or did not answer the call
    NOT_SERVED = "not_served"  # the office closed, or the day went by


GROUPS = {
    Stage.BOOKED: ArrivalState.EXPECTED,
    Stage.TODAY: ArrivalState.EXPECTED,
    Stage.ARRIVED: ArrivalState.ARRIVED,
    Stage.CALLED: ArrivalState.ARRIVED,
    Stage.IN_SERVICE: ArrivalState.IN_SERVICE,
    Stage.SERVED: ArrivalState.SERVED,
    Stage.MISSED: ArrivalState.ABSENT,
    Stage.WITHDRAWN: ArrivalState.NOT_SERVED,
    Stage.OVER: ArrivalState.NOT_SERVED,
    # Not on the list; a scan may still ask for somebody who has left it.
    Stage.MOVED: ArrivalState.ABSENT,
    Stage.CANCELLED: ArrivalState.ABSENT,
}


def stage_of(row: Row[Any], *, now: datetime) -> Stage:
    """Where the owner of a row of `arrival_rows` stands."""
    life = TicketLife(
        state=row.state,
        day=row.day,
        starts_at=row.starts_at,
        zone=row.time_zone,
        given=row.accepts,
        visit=row.visit,
        outcome=row.outcome,
    )
    return life.stage(now=now)


@dataclass(frozen=True)
class Arrival:
    """One expected person. Desk staff see the name and the masked NIK, to compare them with the document.

    ``party``: (2, 3) is the second of three of one booking; None for somebody who comes alone.
    """

    ticket_id: int
    booking_id: int
    number: str
    code: str
    name: str | None  # None after the purge
    initials: str
    masked_nik: str | None
    service_number: int  # of what they wait for now; so are its names
    service_id: str
    service_en: str
    starts_at: datetime
    ends_at: datetime
    stage: Stage
    visit: VisitState | None
    arrived_at: datetime | None
    late: bool
    identity: IdentityResult | None
    priority: Priority | None
    walk_in: bool
    counter: int | None  # that has them, had them last, or that they were sent to
    outcome: Outcome | None = None
    out_of_order: str | None = None  # the reason why somebody began with them past the published order
    party: tuple[int, int] | None = None

    @property
    def state(self) -> ArrivalState:
        return GROUPS[self.stage]

    def admission_can_be_undone(self, now: datetime) -> bool:
        """As it looks now; the service has the last word."""
        return (
            self.visit is VisitState.WAITING
            and self.arrived_at is not None
            and now - self.arrived_at <= UNDO_ADMISSION_WITHIN
        )


def arrival_of(session: Session, ticket_id: int, *, keyring: Keyring, now: datetime) -> Arrival:
    """One person of the list."""
    return describe(session.execute(arrival_rows().where(Ticket.id == ticket_id)).one(), keyring, now=now)


def arrival_rows() -> Select[Any]:
    """No more than the list shows: whole rows of all the tables cost several times as much."""
    columns = Ticket.__table__.c[(*OF_TICKET, *OF_PERSON)]
    return (
        select(*columns, Booking.code, *NAMES, *OF_PLACE, *OF_ADMISSION, *OF_VISIT)
        .join_from(Ticket, Booking, Booking.id == Ticket.booking_id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .join(Office, Office.id == Ticket.office_id)
        .outerjoin(
            CheckIn,
            (CheckIn.ticket_id == Ticket.id) & CheckIn.result.in_(ADMITTING) & CheckIn.undone_at.is_(None),
        )
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .join(Service, Service.id == WAITS_FOR)
        .outerjoin(Counter, Counter.id == Visit.counter_id)
    )


def describe(row: Row[Any], keyring: Keyring, *, now: datetime) -> Arrival:
    person = person_of(row, row.code, keyring)
    return Arrival(
        ticket_id=row.id,
        booking_id=row.booking_id,
        number=show_number(row.letter, row.queue_number),
        code=show_code(row.code),
        name=person.name,
        initials=person.initials or "–",
        masked_nik=person.masked_nik,
        service_number=row.service_id,
        service_id=row.name_id,
        service_en=row.name_en,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        stage=stage_of(row, now=now),
        visit=row.visit,
        arrived_at=row.at,
        late=row.result is ScanResult.LATE,
        identity=row.identity,
        priority=row.priority,
        walk_in=row.walk_in,
        counter=row.counter,
        outcome=row.outcome,
        out_of_order=row.out_of_order,
    )
