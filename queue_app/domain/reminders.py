"""The kinds of messages, and the hours at which reminders are due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from .clock import office_date, office_instant

DAY_BEFORE_AT = time(17, 0)
SAME_DAY_AT = time(6, 0)


class MessageKind(StrEnum):
    CONFIRMATION = "confirmation"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    CODE_AGAIN = "code_again"  # to whoever lost the booking code, at the address that was given
    DAY_CLOSED = "day_closed"  # their day or hour was taken out; another place is offered
    SENT_HOME = "sent_home"  # the same, on the day itself
    DAY_OPENED = "day_opened"  # the closure was taken back
    HOUR_CUT = "hour_cut"  # too many for their hour since its places were cut: they may move, and need not
    DATA_CODE = "data_code"  # the one-time code of somebody who wants to see what is kept about them
    BREACH = "breach"  # the protection of their data has failed (UU 27/2022 Pasal 46)
    SURVEY = "survey"  # to whoever was served: how was it?
    REMINDER_DAY_BEFORE = "reminder_day_before"
    REMINDER_SAME_DAY = "reminder_same_day"


OF_CLOSURES = (MessageKind.DAY_CLOSED, MessageKind.SENT_HOME, MessageKind.DAY_OPENED)
# What the law itself wants sent: even while the use of somebody's data is suspended.
ABOUT_DATA = (MessageKind.DATA_CODE, MessageKind.BREACH)
REMINDERS = (MessageKind.REMINDER_DAY_BEFORE, MessageKind.REMINDER_SAME_DAY)


def reminder_due(kind: MessageKind, day: date, zone: str) -> datetime:
    """H-1 at 17.00 and the morning of the day at 06.00, office time."""
    if kind is MessageKind.REMINDER_DAY_BEFORE:
        return office_instant(day - timedelta(days=1), DAY_BEFORE_AT, zone)
    return office_instant(day, SAME_DAY_AT, zone)


def latest_reminders(zone: str, *, now: datetime) -> list[tuple[MessageKind, date, datetime]]:
    """For each day of service ahead the latest reminder whose moment has come: (kind, day, due at).

    After an outage only that one: two reminders in one minute help nobody.
    """
    today = office_date(now, zone)
    found = []
    for day in (today, today + timedelta(days=1)):
        due = [(kind, day, reminder_due(kind, day, zone)) for kind in REMINDERS]
        found += [reminder for reminder in due if reminder[2] <= now][-1:]
    return found
