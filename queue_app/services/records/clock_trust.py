"""Believe the clock or not, and remember the last time that was believed (`docs/rules.md` R-CLOCK-1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from queue_app.domain.clock import Clock
from queue_app.domain.clock_trust import SECOND_CLOCK_WITHIN, ClockReading, Doubt, doubt_of
from queue_app.domain.roles import Actor
from queue_app.models import ClockTrust
from queue_app.queries.records.clock_trust import ONLY, clock_trust, database_time

from . import audit
from .upsert import insert_if_absent

WRITTEN_EVERY = timedelta(minutes=1)
SECOND_CLOCK = "Jam perangkat petugas menunjukkan waktu yang sama"  # as the audit says it


def read_clock(clock: Clock) -> ClockReading:
    return ClockReading(clock.now(), clock.steady(), clock.boot, clock.is_synchronised())


def observe(session: Session, clock: Clock) -> Doubt | None:
    """What is doubtful about the clock just now, written down; None, and its time is the newest that is believed.

    While it is doubted the last good time stays, so that a clock which was put right is believed by itself.
    """
    reading, row = read_clock(clock), clock_trust(session)
    if row is None:
        insert_if_absent(session, ClockTrust, ["id"], id=ONLY, at=reading.at, steady=reading.steady, boot=reading.boot)
        row = session.get_one(ClockTrust, ONLY, populate_existing=True)
    doubt = _doubt(session, clock, reading, row)
    if doubt is None and (row.doubt or row.boot != reading.boot or abs(reading.at - row.at) >= WRITTEN_EVERY):
        _believe(row, reading)
    elif doubt is not row.doubt:
        row.doubt, row.told = doubt, reading.at
    session.flush()
    return doubt


def confirm_clock(session: Session, clock: Clock, *, actor: Actor, reason: str) -> Doubt | None:
    """Somebody, or a second clock, says that the time is right: believe it from now on.

    Returns what is doubtful all the same: that the database's clock tells another time, no confirming can help.
    """
    reading = read_clock(clock)
    row = clock_trust(session)
    before = {"time": row.at.isoformat()} if row else None
    if row is None:
        row = ClockTrust(id=ONLY)
        session.add(row)
    _believe(row, reading)
    session.flush()
    after = {"time": reading.at.isoformat()}
    audit.record(
        session,
        "clock.confirmed",
        "clock",
        ONLY,
        actor=actor,
        now=reading.at,
        before=before,
        after=after,
        reason=reason,
    )
    return observe(session, clock)


def compare_second_clock(session: Session, clock: Clock, told: datetime, *, actor: Actor) -> None:
    """While the clock is doubted, a device of the office whose own one tells the same time settles it."""
    row = clock_trust(session)
    if row is None or row.doubt in (None, Doubt.DATABASE) or abs(told - clock.now()) > SECOND_CLOCK_WITHIN:
        return
    confirm_clock(session, clock, actor=actor, reason=SECOND_CLOCK)


def _doubt(session: Session, clock: Clock, reading: ClockReading, row: ClockTrust) -> Doubt | None:
    told = database_time(session)
    if told is not None and not clock.agrees_with(told):
        return Doubt.DATABASE
    return doubt_of(reading, ClockReading(row.at, row.steady, row.boot))


def _believe(row: ClockTrust, reading: ClockReading) -> None:
    row.at, row.steady, row.boot = reading.at, reading.steady, reading.boot
    row.doubt = row.told = None
