"""Which reminder is due when, in office time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from queue_app.domain.errors import ReasonRequired
from queue_app.domain.reasons import REASON_MAX, read_reason
from queue_app.domain.reminders import MessageKind, latest_reminders, reminder_due

EVE, MORNING = MessageKind.REMINDER_DAY_BEFORE, MessageKind.REMINDER_SAME_DAY
DAY = date(2026, 11, 26)
NEXT = DAY + timedelta(days=1)


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)])
def test_reminders_are_due_on_the_eve_at_five_and_in_the_morning_at_six(zone: str, offset: int) -> None:
    utc = ZoneInfo("UTC")
    assert reminder_due(EVE, DAY, zone) == datetime(2026, 11, 25, 17 - offset, tzinfo=utc)
    assert reminder_due(MORNING, DAY, zone) == datetime(2026, 11, 26, 6, tzinfo=utc) - timedelta(hours=offset)


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ("00:00", [(EVE, DAY)]),
        ("05:59", [(EVE, DAY)]),
        ("06:00", [(MORNING, DAY)]),
        ("16:59", [(MORNING, DAY)]),
        ("17:00", [(MORNING, DAY), (EVE, NEXT)]),
        ("23:59", [(MORNING, DAY), (EVE, NEXT)]),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_of_each_day_only_the_latest_reminder_is_due(
    zone: str, clock: str, due: list[tuple[MessageKind, date]]
) -> None:
    now = datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=ZoneInfo(zone))
    assert latest_reminders(zone, now=now) == [(kind, day, reminder_due(kind, day, zone)) for kind, day in due]


def test_a_reason_is_trimmed() -> None:
    assert read_reason("  Listrik \n padam ") == "Listrik padam"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "missing"),
        (" a ", "missing"),
        ("x" * (REASON_MAX + 1), "length"),
        ("NIK 3314 9917 0305 0001 ganda", "personal"),
        ("hubungi 0812-3456-7890", "personal"),
    ],
)
def test_a_reason_says_something_and_names_nobody(typed: str, why: str) -> None:
    with pytest.raises(ReasonRequired) as refusal:
        read_reason(typed)
    assert refusal.value.details == {"why": why}
