"""On the day: where those on a ticket stand in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.booking import EXPECTED_STATES
from queue_app.domain.stages import IN_THE_HALL, Stage
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import VisitState
from queue_app.models import Ticket, Visit
from queue_app.web.hall.place_in_queue import ELSEWHERE, NOT_HERE, PlaceInQueue, place_in_queue, words_for_script
from queue_app.web.hall.state import HallState, hall_now
from queue_app.web.public.booking.ticket_facts import TicketFacts


@dataclass(frozen=True)
class TicketPlace:
    """``places``: of each person, in the party's order."""

    now: HallState
    places: tuple[PlaceInQueue, ...]
    words: dict[str, dict[str, str]]
    may_wait_longer: bool
    time: datetime


def place_of(facts: TicketFacts, *, now: datetime) -> TicketPlace | None:
    """None on every other day, and for a ticket that is void."""
    if facts.stage not in IN_THE_HALL | {Stage.TODAY}:
        return None
    visits = visits_of(db.session(), facts)
    hall = hall_now(facts.offering.office)
    people = sorted(
        (one for one in facts.booking.tickets if one.state in EXPECTED_STATES), key=lambda one: one.position
    )
    return TicketPlace(
        now=hall,
        places=tuple(_place(hall, ticket, visits.get(ticket.id)) for ticket in people),
        words=words_for_script(),
        may_wait_longer=bool(those_who_may_wait_longer(visits)),
        time=now,
    )


def visits_of(session: Session, facts: TicketFacts) -> dict[int, Visit]:
    """By ticket, of those in the party who are here."""
    tickets = [ticket.id for ticket in facts.booking.tickets if ticket.state in EXPECTED_STATES]
    found = select(Visit).where(Visit.ticket_id.in_(tickets)).execution_options(populate_existing=True)
    return {visit.ticket_id: visit for visit in session.scalars(found)}


def _place(hall: HallState, ticket: Ticket, visit: Visit | None) -> PlaceInQueue:
    elsewhere = ELSEWHERE[visit.state] if visit else NOT_HERE
    return place_in_queue(hall, show_number(ticket.letter, ticket.queue_number), elsewhere=elsewhere)


def those_who_may_wait_longer(visits: dict[int, Visit]) -> list[Visit]:
    """In the order in which their queues have to be locked, and the first of the party first."""
    waiting = (one for one in visits.values() if one.state is VisitState.WAITING and not one.had_more_time)
    return sorted(waiting, key=lambda one: (one.service_id, one.ticket.position))
