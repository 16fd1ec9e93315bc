"""When a backup is due, what it is called, and which ones are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from queue_app.domain.backups import backup_name, backups_to_keep, is_backup_due, read_backup_name

ZONE = "Asia/Jakarta"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-11-26T12:00", True),
        ("2026-11-26T02:00", "2026-11-26T12:00", False),
        ("2026-11-26T02:05", "2026-11-27T01:59", False),
        ("2026-11-26T02:05", "2026-11-27T02:00", True),
        ("2026-11-26T14:00", "2026-11-27T02:00", True),  # made late, and in the night all the same
        ("2026-11-24T02:05", "2026-11-26T12:00", True),  # the night was missed
    ],
)
def test_once_a_night_or_as_soon_as_possible(last: str | None, now: str, due: bool) -> None:
    assert is_backup_due(wib(last) if last else None, zone=ZONE, now=wib(now)) is due


def test_a_name_can_be_read_back() -> None:
    assert backup_name(NOON) == "queue-app-20261126T120000Z.zip"
    assert read_backup_name(backup_name(NOON)) == NOON
    for other in (
        "queue-app-20261399T000000Z.zip",
        "queue.db",
        ".queue-app-draft-1",
        "queue-app-20261126T120000Z.zip.1",
    ):
        assert read_backup_name(other) is None


def test_seven_days_and_four_weeks_are_kept() -> None:
    made = [NOON - timedelta(days=days) for days in range(60)]
    kept = sorted(backups_to_keep(made, days=7, weeks=4, zone=ZONE), reverse=True)
    assert kept[:7] == made[:7]
    assert [day.isocalendar().week for day in kept[7:]] == [46, 45], "and the days hold two weeks already"
    assert all(day.isoweekday() == 7 for day in kept[7:])


def test_the_newest_is_kept_whatever_is_set() -> None:
    made = [NOON - timedelta(hours=hours) for hours in range(5)]
    assert backups_to_keep(made, days=0, weeks=0, zone=ZONE) == {NOON}
    assert backups_to_keep([], days=7, weeks=4, zone=ZONE) == frozenset()


def test_of_a_day_the_newest_is_kept_by_the_offices_own_days() -> None:
    late, after_midnight = wib("2026-11-25T23:50"), wib("2026-11-26T00:10")
    assert backups_to_keep([late, after_midnight], days=2, weeks=0, zone=ZONE) == {late, after_midnight}
    assert backups_to_keep([late, late - timedelta(hours=1)], days=2, weeks=0, zone=ZONE) == {late}
