"""The answer to a scan at the front desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .booking import PARTY_MAX, TicketState
from .clock import office_date

UNDO_ADMISSION_WITHIN = timedelta(minutes=2)
SAME_SCAN_WITHIN = timedelta(seconds=2)  # two scans of one ticket by the same person


class ScanResult(StrEnum):
    CHECKED_IN = "checked_in"
    LATE = "late"  # checked in, to be served after the others
    ALREADY = "already"
    TOO_EARLY = "too_early"
    WRONG_DAY = "wrong_day"
    WRONG_OFFICE = "wrong_office"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    DAY_CLOSED = "day_closed"  # or their hour was taken out of it
    LOST = "lost"  # genuine, but given out in a time whose data was lost
    UNKNOWN = "unknown"


class IdentityResult(StrEnum):
    """What the comparison with the document showed, and with it what happens next."""

    MATCHES = "matches"
    TYPING_ERROR = "typing_error"  # the right person, wrongly typed: served, and the counter corrects it
    OTHER_PERSON = "other_person"  # not admitted; the ticket stays with its owner


ADMITTING = frozenset({ScanResult.CHECKED_IN, ScanResult.LATE})


@dataclass(frozen=True)
class ArrivalRules:
    """Minutes before a window from which, and after its end until which, a person counts as on time."""

    early_minutes: int
    late_minutes: int


def judge_arrival(
    *,
    state: TicketState,
    ticket_office: int,
    desk_office: int,
    day: date,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    rules: ArrivalRules,
    given: bool,
    now: datetime,
) -> ScanResult:
    """Decide a scan. A dead ticket is said to be dead first: sending its owner to another office would be cruel, and so
    would be to another day that the office has closed. ``given``: neither day nor hour was taken out, or whoever is
    in the hall was served all the same.
    """
    if state is TicketState.CANCELLED:
        return ScanResult.CANCELLED
    if state is TicketState.RESCHEDULED:
        return ScanResult.RESCHEDULED
    if not given:
        return ScanResult.DAY_CLOSED
    if ticket_office != desk_office:
        return ScanResult.WRONG_OFFICE
    if day != office_date(now, zone):
        return ScanResult.WRONG_DAY
    if state is TicketState.CHECKED_IN:
        return ScanResult.ALREADY
    if now < starts_at - timedelta(minutes=rules.early_minutes):
        return ScanResult.TOO_EARLY
    if now > ends_at + timedelta(minutes=rules.late_minutes):
        return ScanResult.LATE
    return ScanResult.CHECKED_IN


def nonces_of(nonce: str) -> tuple[str, ...]:
    """Of a scan: one for each person of the largest party; the first is the scan's own."""
    return (nonce, *(f"{nonce}.{position}" for position in range(1, PARTY_MAX)))


def nonce_of_scan(nonce: str) -> str:
    """The scan's own, by that of any of its persons."""
    return nonce.partition(".")[0]
