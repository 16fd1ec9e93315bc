"""Hours copied from a service or a weekday to others, or from another office, for several services at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share, Window
from queue_app.domain.setup import InvalidSetup, scaled_windows
from queue_app.models import OfficeService
from queue_app.queries.calendar.schedules import schedule_in_force
from queue_app.services.calendar.schedule import NewSchedule

from .weeks import Weeks


def week_of_service(session: Session, office_services: Collection[int], source: int, valid_from: date) -> Weeks:
    """The hours that service ``source`` has from ``valid_from`` on, for others of its office, until they end there.

    Each keeps its own quota of a weekday, spread over the new hours; a weekday on which it was closed gets the quota of
    its other days, and a service without any hours the places of the source. Raises InvalidSetup (``no_hours``).
    """
    model = schedule_in_force(session, source, valid_from)
    if model is None or not model.windows:
        raise InvalidSetup(reason="no_hours")
    weeks = {}
    for one in office_services:
        present = schedule_in_force(session, one, valid_from)
        windows = model.dated.windows
        if present is not None and present.windows:
            windows = scaled_windows(windows, _own_quotas(windows, present.dated.windows))
        weeks[one] = NewSchedule(model.name, valid_from, model.valid_until, windows)
    return weeks


def weekdays_copied(
    session: Session, office_services: Collection[int], source: int, targets: Collection[int], valid_from: date
) -> Weeks:
    """The week of each service with the windows of weekday ``source`` (0 for Monday) on the ``targets`` too, for as
    long as its present schedule. Services without windows on that weekday are left out.

    Raises InvalidSetup (``nothing_to_copy``) when all are.
    """
    weeks = {}
    for one in office_services:
        present = schedule_in_force(session, one, valid_from)
        windows = present.dated.windows if present else ()
        of_source = [window for window in windows if window.weekday == source]
        if present is None or not of_source:
            continue
        kept = [window for window in windows if window.weekday not in targets or window.weekday == source]
        copied = [replace(window, weekday=day) for day in targets if day != source for window in of_source]
        weeks[one] = NewSchedule(present.name, valid_from, present.valid_until, (*kept, *copied))
    return _any(weeks)


def weeks_of_office(session: Session, office_services: Collection[int], from_office_id: int, valid_from: date) -> Weeks:
    """The week that each service has at another office, places and all, by the clock on the wall of either. Services
    without hours there are left out.

    Raises InvalidSetup (``nothing_to_copy``) when all are.
    """
    weeks = {}
    for one in office_services:
        there = session.scalars(
            select(OfficeService.id).where(
                OfficeService.office_id == from_office_id,
                OfficeService.service_id == session.get_one(OfficeService, one).service_id,
                OfficeService.active,
            )
        ).one_or_none()
        model = schedule_in_force(session, there, valid_from) if there else None
        if model is not None and model.windows:
            weeks[one] = NewSchedule(model.name, valid_from, model.valid_until, model.dated.windows)
    return _any(weeks)


def _any(weeks: Weeks) -> Weeks:
    if not weeks:
        raise InvalidSetup(reason="nothing_to_copy")
    return weeks


def _own_quotas(windows: Sequence[Window], own: Sequence[Window]) -> dict[tuple[int, Share], int]:
    """Of each weekday and share of ``windows``: what ``own`` gives it, else the most that it gives any day."""
    given: Counter[tuple[int, Share]] = Counter()
    for window in own:
        given[window.weekday, window.share] += window.capacity
    most = {share: max((places for (_, of), places in given.items() if of is share), default=0) for share in Share}
    keys = {(window.weekday, window.share) for window in windows}
    return {key: given.get(key, most[key[1]]) for key in keys}
