"""What makes nobody get a place that is free: the rules of the service by the clock, or a closed day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import OfficeService, Slot
from queue_app.services.calendar import closing
from tests.harness.factories import TESTER

Change = Callable[[Session, Slot, datetime], None]


@dataclass(frozen=True)
class Reason:
    """``says``, ``says_english``: words of the page for people. ``begin``, ``end``: what an administrator does."""

    code: str
    page: str
    says: tuple[str, ...]
    says_english: str
    begin: Change
    end: Change


def rules(**changes: object) -> Change:
    def change(session: Session, slot: Slot, _now: datetime) -> None:
        session.rollback()  # what was read before belongs to an older snapshot
        of_slot = OfficeService.office_id == slot.office_id, OfficeService.service_id == slot.service_id
        offering = session.scalars(select(OfficeService).where(*of_slot)).one()
        for name, value in changes.items():
            setattr(offering, name, value)
        session.commit()

    return change


def _close(session: Session, slot: Slot, now: datetime) -> None:
    session.rollback()
    closing.close_day(session, slot.service_day_id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=now)
    session.commit()


def _reopen(session: Session, slot: Slot, now: datetime) -> None:
    session.rollback()
    closing.open_day(session, slot.service_day_id, reason="Listrik menyala", actor=TESTER, now=now)
    session.commit()


# The slot is of Tuesday 24 November, and it is Monday, nine o'clock.
NOT_OPEN_YET = Reason(
    "not_open_yet",
    "belum-dibuka",
    ("Pemesanan belum dibuka", "baru dibuka Senin, 23 November 2026 pukul 10.00 WIB", "Isian Anda masih"),
    "Booking is not open yet",
    rules(opens_days_before=1, opens_at=time(10)),
    rules(opens_days_before=30, opens_at=time(7)),
)
BOOKING_CLOSED = Reason(
    "booking_closed",
    "sudah-ditutup",
    ("Pemesanan sudah ditutup", "ditutup Senin, 23 November 2026 pukul 08.00 WIB", "Isian Anda masih"),
    "Booking has closed",
    rules(closes_at=time(8)),
    rules(closes_at=time(16)),
)
DAY_CLOSED = Reason(
    "day_closed",
    "hari-tutup",
    ("Hari itu tutup", "Tidak ada pelayanan pada hari itu", "Isian Anda masih"),
    "Closed on that day",
    _close,
    _reopen,
)
REASONS = (NOT_OPEN_YET, BOOKING_CLOSED, DAY_CLOSED)
EACH = pytest.mark.parametrize("why", REASONS, ids=[reason.code for reason in REASONS])


def claims(slot: Slot) -> tuple[str, str]:
    """How people and programs claim its places."""
    return f"POST /slots/{slot.id}/bookings", f"POST /api/v1/slots/{slot.id}/bookings"
