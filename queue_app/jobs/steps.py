"""The sweeps that only touch the database: each does what is due and not yet done, and returns how much that was."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.adapters.file_sender import FileSender
from queue_app.adapters.holiday_library import known_holidays
from queue_app.db import unit_of_work
from queue_app.models import OfficeService
from queue_app.services.access import attempts, sessions_ahead
from queue_app.services.arrivals import no_shows
from queue_app.services.booking import offers
from queue_app.services.calendar import carrying_out, days, proposals, releases
from queue_app.services.privacy import breaches
from queue_app.services.records import audit, outbox, retention
from queue_app.services.surveys import invitations
from queue_app.services.visits import day_end

from .context import keyring, now, reading, settings, stop_requested

BATCH = 500  # rows a transaction: nobody at a counter waits for a sweep


def propose_holidays() -> int:
    """Of all years in which days can be made, before they are."""
    moment = now()
    known = known_holidays(proposals.years_ahead(moment))
    with unit_of_work() as session:
        return proposals.propose_holidays(session, known, now=moment)


def make_days() -> int:
    """One transaction for each service of an office, and none where nothing is missing."""
    moment = now()
    with reading() as session:
        offerings = session.scalars(select(OfficeService).where(OfficeService.active).order_by(OfficeService.id))
        lacking = [
            offering.id
            for offering in offerings
            if offering.days_made_until is None
            or offering.days_made_until < days.days_needed_until(offering, now=moment)
        ]
    made = 0
    for offering_id in lacking:
        if stop_requested():
            break
        with unit_of_work() as session:
            made += days.make_days(session, session.get_one(OfficeService, offering_id), now=moment)
    return made


def release_shares() -> int:
    """One transaction for each release of a day: who books meanwhile waits for no more than that."""
    moment = now()
    with reading() as session:
        due = releases.due_releases(session, now=moment)
    moved = 0
    for release_id, service_day_id in due:
        if stop_requested():
            break
        with unit_of_work() as session:
            moved += releases.release_day(session, release_id, service_day_id, now=moment)
    return moved


def queue_reminders() -> int:
    return _in_batches(lambda session: outbox.queue_due_reminders(session, now=now(), limit=BATCH))


def queue_survey_invitations() -> int:
    return _in_batches(lambda session: invitations.queue_invitations(session, now=now(), limit=BATCH))


def carry_out_closures() -> int:
    """Offer places to those whom a closure concerns, closure by closure; and take them back where it was revoked."""
    with reading() as session:
        waiting = carrying_out.closures_to_carry_out(session)
    return sum(_carry_out(closure_id) for closure_id in waiting)


def _carry_out(closure_id: int) -> int:
    return _in_batches(lambda session: carrying_out.carry_out(session, closure_id, now=now()))


def lapse_offers() -> int:
    return _in_batches(lambda session: offers.lapse_offers(session, now=now(), limit=BATCH))


def mark_no_shows() -> int:
    return _in_batches(lambda session: no_shows.mark_no_shows(session, now=now(), limit=BATCH))


def end_days() -> int:
    """Two transactions, one for visits and one for counters: at a counter they are locked the other way round."""
    ended = _in_batches(lambda session: day_end.end_visits(session, now=now(), limit=BATCH))
    with unit_of_work() as session:
        return ended + day_end.free_counters(session, now=now())


def seal_audit() -> int:
    try:
        return _in_batches(lambda session: audit.seal_entries(session, keyring=keyring(), now=now(), limit=BATCH))
    except IntegrityError:
        return 0  # another process seals at this very moment: that is as good


def forget_attempts() -> int:
    with unit_of_work() as session:
        return attempts.purge(session, now=now())


def end_sessions_ahead() -> int:
    moment, idle = now(), settings().staff_idle
    with reading() as session:
        if not sessions_ahead.there_are_some(session, idle=idle, now=moment):
            return 0
    with unit_of_work() as session:
        return sessions_ahead.end(session, idle=idle, now=moment)


def purge() -> int:
    """Empty what is past its retention, the files of the outbox included."""
    keep = settings().retention
    removed = FileSender(settings().outbox_folder).remove_before(now() - keep)
    with unit_of_work() as session:
        retention.record_deletion(session, {"outbox_file": removed}, before=now() - keep, now=now())
    with reading() as session:
        overdue = retention.overdue_bookings(session, retention=keep, now=now())
    for start in range(0, max(len(overdue), 1), BATCH):
        if stop_requested():
            break
        with unit_of_work() as session:
            removed += retention.purge(session, retention=keep, now=now(), among=overdue[start : start + BATCH])
    return removed


def tell_of_breaches() -> int:
    """Give everybody whom a failure of data protection concerns their notice, breach by breach."""
    with reading() as session:
        waiting = list(breaches.breaches_to_spread(session))
    return sum(_spread(breach_id) for breach_id in waiting)


def _spread(breach_id: int) -> int:
    return _in_batches(lambda session: breaches.spread(session, breach_id, now=now(), limit=BATCH))


def _in_batches(sweep: Callable[[Session], int]) -> int:
    """Repeat a bounded sweep, each time in its own transaction, until it finds nothing more to do."""
    total = 0
    while not stop_requested():
        with unit_of_work() as session:
            done = sweep(session)
        if not done:
            break
        total += done
    return total
