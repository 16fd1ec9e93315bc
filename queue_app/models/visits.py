"""The hall: counters, queues, the visits in them, and disruptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.calling import NEVER_YET
from queue_app.domain.clock import office_date
from queue_app.domain.disruptions import DisruptionKind
from queue_app.domain.visits import OPEN_STATES, UNFINISHED, Outcome, StepKind, VisitState

from .base import Base, UtcDateTime, words
from .booking import Ticket
from .office import Office, Service
from .staff import Staff

AT_COUNTER = "state IN (" + ", ".join(f"'{state}'" for state in OPEN_STATES) + ")"
OUT_OF_ORDER = f"kind = '{StepKind.OUT_OF_ORDER}'"
NOT_FINISHED = "state IN (" + ", ".join(f"'{state}'" for state in UNFINISHED) + ")"


class Counter(Base):
    """A counter (loket), with the member of staff who sits there just now."""

    __tablename__ = "counter"
    __table_args__ = (
        Index(
            "uq_counter_staff_id",  # nobody sits at two counters
            "staff_id",
            unique=True,
            sqlite_where=text("staff_id IS NOT NULL"),
            postgresql_where=text("staff_id IS NOT NULL"),
        ),
        Index("uq_counter_office_id_number", "office_id", "number", unique=True),
        CheckConstraint("number BETWEEN 1 AND 99", name="number"),  # what the voice can say
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    number: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pause_reason: Mapped[str | None]

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    staff: Mapped[Staff | None] = relationship(lazy="joined")
    services: Mapped[list[Service]] = relationship(secondary="counter_service", order_by="Service.position, Service.id")

    def is_taken(self, now: datetime) -> bool:
        """Whether somebody has sat down here today. Who forgot to leave on another day does not sit here now."""
        if self.staff_id is None or self.signed_in_at is None:
            return False
        zone = self.office.time_zone
        return office_date(self.signed_in_at, zone) == office_date(now, zone)


class CounterService(Base):
    """A service that a counter takes."""

    __tablename__ = "counter_service"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)


class Queue(Base):
    """What the queue of a service remembers of the day's calls. Whoever calls locks it: so calls go one by one."""

    __tablename__ = "line"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    appointments_since_walk_in: Mapped[int] = mapped_column(default=0)
    regular_since_priority: Mapped[int] = mapped_column(default=NEVER_YET)


class Visit(Base):
    """What happens to an admitted person. Made with the admission, and gone when that is taken back.

    `window_at` is the window they stand in, `not_before` the number of calls that the queue must have made before they
    are called again, `counter_id` the counter that has called them or that they were sent to.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_office_id_day", "office_id", "day"),
        Index(
            "ix_visit_unfinished",
            "office_id",
            "day",
            sqlite_where=text(NOT_FINISHED),
            postgresql_where=text(NOT_FINISHED),
        ),
        # The last word on "one open call a counter".
        Index(
            "uq_visit_open_counter_id",
            "counter_id",
            unique=True,
            sqlite_where=text(AT_COUNTER),
            postgresql_where=text(AT_COUNTER),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date]
    state: Mapped[VisitState] = mapped_column(words(VisitState, "visit_state"), default=VisitState.WAITING)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    calls: Mapped[int] = mapped_column(default=0)  # since they were last taken from the queue
    skips: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[int] = mapped_column(default=0)
    had_more_time: Mapped[bool] = mapped_column(default=False)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome, "outcome"))

    ticket: Mapped[Ticket] = relationship(lazy="joined", innerjoin=True)
    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)
    counter: Mapped[Counter | None] = relationship(lazy="joined")


class VisitStep(Base):
    """One step of a visit with its time. `before` holds the visit as it was, so that the step can be taken back."""

    __tablename__ = "visit_step"
    __table_args__ = (
        Index("ix_visit_step_ticket_id", "ticket_id"),
        Index("ix_visit_step_office_id_day", "office_id", "day"),
        Index(
            "ix_visit_step_out_of_order",  # rare, and asked for with everybody on the list of the day
            "ticket_id",
            sqlite_where=text(OUT_OF_ORDER),
            postgresql_where=text(OUT_OF_ORDER),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[StepKind] = mapped_column(words(StepKind, "step_kind"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    actor: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    nonce: Mapped[str | None] = mapped_column(unique=True)  # of a press that may be sent twice
    reason: Mapped[str | None]  # where somebody had to give one
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Disruption(Base):
    """A time in which an office cannot give some services, or all. While it lasts nobody is called for them, and
    everybody keeps their place. Without services it stops them all.
    """

    __tablename__ = "disruption"
    __table_args__ = (
        Index(
            "uq_disruption_open_office_id_kind",  # several things may fail at once, each of them once
            "office_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[DisruptionKind] = mapped_column(words(DisruptionKind, "disruption_kind"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str]
    expected_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None]
    closed_day: Mapped[bool] = mapped_column(default=False)  # ended by sending people home

    services: Mapped[list[Service]] = relationship(
        secondary="disruption_service", order_by="Service.position, Service.id", lazy="selectin"
    )

    def stops(self, service_id: int) -> bool:
        return not self.services or service_id in {service.id for service in self.services}


class DisruptionService(Base):
    """A service that a disruption stops."""

    __tablename__ = "disruption_service"

    disruption_id: Mapped[int] = mapped_column(ForeignKey("disruption.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
