"""A day of an office as its roster, places and figures tell it beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.disruptions import RECORDINGS
from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.quota_inputs import DayFacts, ServiceFacts
from queue_app.domain.simulation.day import Window
from queue_app.domain.simulation.hall import Post
from queue_app.domain.simulation.service_times import measured_times
from queue_app.domain.without_roster import manned, merged, working_day
from queue_app.models import Office, OfficeService, Slot
from queue_app.queries.figures.report import Report, report
from queue_app.queries.visits.counters import counters_of

from .week import people_to_plan, shifts_between

MEASURED = timedelta(weeks=8)  # before today: long enough for a small service, short enough for what has changed
Spans = dict[int, list[tuple[float, float]]]


def day_facts(session: Session, office_id: int, day: date, *, today: date) -> DayFacts:
    office = session.get_one(Office, office_id)
    windows = _windows(session, office, day)
    rostered, hours = _hours(session, office_id, day)
    counters = [one for one in counters_of(session, office_id) if not rostered or one.id in hours]
    found = report(session, office_id, today - MEASURED, today - timedelta(days=1))
    offerings = session.scalars(select(OfficeService).where(OfficeService.office_id == office_id))
    day_of_work = working_day(windows)
    taking = [frozenset(one.id for one in counter.services) for counter in counters]
    posts = [
        Post(takes, merged(hours[counter.id]) if rostered else manned(windows, takes, day_of_work))
        for counter, takes in zip(counters, taking, strict=True)
    ]
    return DayFacts(
        windows=windows,
        services={one.service_id: _service(found, one) for one in offerings},
        posts=tuple(post for post in posts if post.shifts),
        numbers=tuple(one.number for one, post in zip(counters, posts, strict=True) if post.shifts),
        rostered=rostered,
        officers=len(people_to_plan(session, office_id)),
        kits=office.recording_kits,
        rules=office.calling_rules,
    )


def next_day_with_places(session: Session, office_id: int, today: date) -> date | None:
    """After today: the first day on which anything can be booked."""
    open_slots = (Slot.office_id == office_id, Slot.day > today, Slot.accepts, Slot.planned > 0)
    return session.scalar(select(func.min(Slot.day)).where(*open_slots))


def _windows(session: Session, office: Office, day: date) -> tuple[Window, ...]:
    """The hours that are not closed; what is kept for other ways of booking stays beside the public quota."""
    slots = session.scalars(
        select(Slot)
        .where(Slot.office_id == office.id, Slot.day == day, Slot.accepts)
        .order_by(Slot.starts_at, Slot.service_id, Slot.share)
    )
    midnight = datetime.combine(day, time(), ZoneInfo(office.time_zone))
    return tuple(
        Window(
            service=slot.service_id,
            starts=(slot.starts_at - midnight).total_seconds(),
            ends=(slot.ends_at - midnight).total_seconds(),
            places=slot.planned,
            kept=slot.share is not Share.PUBLIC,
        )
        for slot in slots
    )


def _hours(session: Session, office_id: int, day: date) -> tuple[bool, Spans]:
    """Whether anybody is planned for the day, and the hours of each counter at which somebody will be."""
    planned = shifts_between(session, office_id, day, day)
    hours: Spans = defaultdict(list)
    for shift in planned:
        if shift.counts:
            hours[shift.counter_id].append((_seconds(shift.starts_at), _seconds(shift.ends_at)))
    return bool(planned), hours


def _service(found: Report, offering: OfficeService) -> ServiceFacts:
    sums, days = found.services[offering.service_id], found.quota_days[offering.service_id]
    by_priority: Mapping[str, int] = {
        word: tally.people for word, tally in found.breakdown(Breakdown.PRIORITY, offering.service_id).items()
    }
    people = sum(by_priority.values())
    return ServiceFacts(
        times=measured_times(
            sums["service_seconds"], sums["service_times"], found.bars(Breakdown.SERVICE_TIME, offering.service_id)
        ),
        stated=offering.minutes,
        came=sums["came"],
        missed=sums["missed"],
        walk_ins=sums["walk_ins"] / days if days else 0.0,
        days=days,
        priority=1 - by_priority.get("none", 0) / people if people else 0.0,
        needs_kit=offering.service.code in RECORDINGS,
    )


def _seconds(at: time) -> float:
    return float(at.hour * 3600 + at.minute * 60 + at.second)
