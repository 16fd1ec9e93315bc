"""Attempts to book that got no place, by reason: the demand that the quota did not meet."""

from __future__ import annotations

from enum import StrEnum

from queue_app.domain.errors import BookingClosed, DayClosed, NotOpenYet, SlotFull


class RefusalReason(StrEnum):
    """Under the codes of the refusals themselves."""

    FULL = SlotFull.code
    NOT_OPEN_YET = NotOpenYet.code
    BOOKING_CLOSED = BookingClosed.code
    DAY_CLOSED = DayClosed.code
