"""The week of several services at once: entered once, or copied from a service that has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share, Window
from queue_app.domain.opening_hours import hours_in_words
from queue_app.domain.roles import Actor
from queue_app.domain.setup import DayHours, InvalidSetup, scaled_windows, windows_of_week
from queue_app.models import Office, OfficeService
from queue_app.queries.calendar.schedules import schedule_in_force
from queue_app.services.calendar.schedule import NewSchedule

from .weeks import give_week, offering_there

USUAL = "Jadwal biasa"  # how a week without end is called that nobody has named


def set_hours(
    session: Session,
    office_id: int,
    hours: Sequence[DayHours],
    window_minutes: int,
    quotas: Mapping[int, int],
    *,
    name: str,
    valid_from: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """One week for several services of an office: ``quotas`` has the places a day of each (by id of the service at the
    office). An office that has not told its opening hours in words gets these; whether its words are these now.

    Raises as `set_schedule` does; InvalidSetup as `windows_of_week`; NotFound for a service of another office.
    """
    for office_service_id, quota in sorted(quotas.items()):
        week = NewSchedule(name, valid_from, None, windows_of_week(hours, window_minutes, quota))
        offering = offering_there(session, office_service_id, office_id)
        give_week(session, offering, week, reason=reason, actor=actor, now=now)
    office, words = session.get_one(Office, office_id), hours_in_words(hours)
    if not office.opening_hours_id:
        office.opening_hours_id, office.opening_hours_en = words
        session.flush()
    return office.opening_hours_id == words[0]


def copy_hours(
    session: Session,
    source: OfficeService,
    targets: Sequence[int],
    *,
    valid_from: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Give other services of an office the hours that ``source`` has from ``valid_from`` on, until they end there.

    Each keeps its own quota of a weekday, spread over the new hours; a weekday on which it was closed gets the quota of
    its other days, and a service without any hours the places of the source. Raises as `set_schedule`; InvalidSetup
    (``no_hours``); NotFound for a service of another office.
    """
    model = schedule_in_force(session, source.id, valid_from)
    if model is None or not model.windows:
        raise InvalidSetup(reason="no_hours")
    for office_service_id in sorted(targets):
        offering = offering_there(session, office_service_id, source.office_id)
        present = schedule_in_force(session, offering.id, valid_from)
        windows = model.dated.windows
        if present is not None and present.windows:
            windows = scaled_windows(windows, _own_quotas(windows, present.dated.windows))
        week = NewSchedule(model.name, valid_from, model.valid_until, windows)
        give_week(session, offering, week, reason=reason, actor=actor, now=now)


def _own_quotas(windows: Sequence[Window], own: Sequence[Window]) -> dict[tuple[int, Share], int]:
    """Of each weekday and share of ``windows``: what ``own`` gives it, else the most that it gives any day."""
    given: Counter[tuple[int, Share]] = Counter()
    for window in own:
        given[window.weekday, window.share] += window.capacity
    most = {share: max((places for (_, of), places in given.items() if of is share), default=0) for share in Share}
    keys = {(window.weekday, window.share) for window in windows}
    return {key: given.get(key, most[key[1]]) for key in keys}
