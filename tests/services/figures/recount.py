"""A plain recount of one day from its rows, in other steps than the program's own, to hold its figures against."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import Booking, DayCount, DayFigures, DayWork, Slot, Ticket, Visit, VisitStep

MINUTE_BARS = [0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240]
LEAD_BARS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 22, 31]
TABLES = (DayFigures, DayCount, DayWork)


def stored(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All rows of all figures, in an order of their own."""
    return {
        table.__tablename__: sorted(map(dict, session.execute(select(*table.__table__.c)).mappings()), key=repr)
        for table in TABLES
    }


def bar(value: float, bars: list[int]) -> str:
    return str([low for low in bars if low <= value][-1])


def recounted(session: Session, office_id: int, day: date, zone: str) -> dict[int, dict[str, Any]]:
    """By service: numbers under the names of the columns, and the breakdowns as one Counter."""
    tickets = session.scalars(select(Ticket).where(Ticket.office_id == office_id, Ticket.day == day)).all()
    slots = session.scalars(select(Slot).where(Slot.office_id == office_id, Slot.day == day)).all()
    found = {}
    for service_id in {one.service_id for one in (*tickets, *slots)}:
        mine = [ticket for ticket in tickets if ticket.service_id == service_id]
        found[service_id] = of_service(session, mine, [slot for slot in slots if slot.service_id == service_id], zone)
    return found


def of_service(session: Session, tickets: list[Ticket], slots: list[Slot], zone: str) -> dict[str, Any]:
    states = Counter(ticket.state.value for ticket in tickets)
    held = [ticket for ticket in tickets if ticket.state.value in ("booked", "checked_in", "no_show")]
    booked = [ticket for ticket in held if not ticket.walk_in]
    visits = {one.id: visit for one in tickets if (visit := session.get(Visit, one.id))}
    waits, services = times_of(session, tickets, visits)
    counts: Counter[tuple[str, str]] = Counter()
    for ticket in held:
        booking = session.get_one(Booking, ticket.booking_id)
        counts["channel", booking.channel.value + ("_walk_in" if ticket.walk_in else "")] += 1
        counts["priority", ticket.priority.value if ticket.priority else "none"] += 1
        if visit := visits.get(ticket.id):
            counts["outcome", visit.outcome.value if visit.outcome else visit.state.value] += 1
        if not ticket.walk_in:
            earlier = session.scalars(select(Ticket).where(Ticket.replaced_by_id == ticket.id)).first()
            made = (earlier.state_since if earlier else booking.created_at).astimezone(ZoneInfo(zone)).date()
            counts["lead", bar((ticket.day - made).days, LEAD_BARS)] += 1
    counts.update(("wait", bar(seconds / 60, MINUTE_BARS)) for seconds in waits)
    counts.update(("service_time", bar(seconds / 60, MINUTE_BARS)) for seconds in services)
    return {
        "public_quota": sum(slot.planned for slot in slots if slot.accepts and slot.share == "public"),
        "kept_quota": sum(slot.planned for slot in slots if slot.accepts and slot.share != "public"),
        "closed_places": sum(slot.planned for slot in slots if not slot.accepts),
        "tickets": len(tickets),
        "booked": len(booked),
        "walk_ins": len(held) - len(booked),
        "cancelled": states["cancelled"],
        "moved": states["rescheduled"],
        "came": sum(ticket.state == "checked_in" for ticket in booked),
        "missed": states["no_show"],
        "again": sum(came_before(session, one) for one in tickets if one.state == "checked_in"),
        "served": sum(visit.state == "served" for visit in visits.values()),
        "unanswered": sum(visit.state == "absent" for visit in visits.values()),
        "waits": len(waits),
        "wait_seconds": sum(waits),
        "service_times": len(services),
        "service_seconds": sum(services),
        "counts": counts,
    }


def came_before(session: Session, ticket: Ticket) -> bool:
    """One person has one index; nobody's equals nobody's."""
    others = session.scalars(
        select(Ticket).where(Ticket.service_id == ticket.service_id, Ticket.office_id == ticket.office_id)
    ).all()
    return any(
        one.person_index is not None
        and one.person_index == ticket.person_index
        and one.state == "checked_in"
        and 1 <= (ticket.day - one.day).days <= 30
        for one in others
    )


def times_of(session: Session, tickets: list[Ticket], visits: dict[int, Visit]) -> tuple[list[int], list[int]]:
    waits, services = [], []
    for ticket in tickets:
        steps = session.scalars(select(VisitStep).where(VisitStep.ticket_id == ticket.id).order_by(VisitStep.id)).all()
        stand = [(step.kind.value, step.at) for step in steps if step.undone_at is None]
        called = [at for kind, at in stand if kind in ("call", "start", "out_of_order")]
        if called and ticket.state == "checked_in":
            since = visits[ticket.id].arrived_at
            since = since if ticket.walk_in else max(since, ticket.starts_at)
            waits.append(max(0, round((called[0] - since).total_seconds())))
        begun = [place for place, (kind, _at) in enumerate(stand) if kind in ("start", "out_of_order")]
        if begun and visits[ticket.id].state == "served":
            spans = [(stand[place + 1][1] - stand[place][1]).total_seconds() for place in begun]
            services.append(sum(map(round, spans)))
    return waits, services
