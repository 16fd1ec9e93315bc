"""An office's week, letters and address, before anything is stored."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.calendar import QUOTA_MAX, Share, Window, check_windows
from queue_app.domain.setup import (
    LETTERS,
    RESERVED,
    WINDOW_MINUTES,
    DayHours,
    InvalidSetup,
    free_letter,
    hours_of_windows,
    scaled_windows,
    slug_of,
    windows_of_week,
)

LONG = [DayHours(day, time(8), time(15), time(12), time(13)) for day in range(4)]
SHORT = DayHours(4, time(8), time(11))


def reason(call: object, *args: object) -> str:
    with pytest.raises(InvalidSetup) as refused:
        call(*args)  # type: ignore[operator]  # any function of the module
    return refused.value.details["reason"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Disdukcapil Kota Jayapura", "disdukcapil-kota-jayapura"),
        ("  UPTD  Wilayah III (Muara Tami) ", "uptd-wilayah-iii-muara-tami"),
        ("Kantor Désa Ciamis", "kantor-desa-ciamis"),
        ("K" * 90, "k" * 60),
    ],
)
def test_a_name_becomes_an_address(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize(("name", "why"), [("!!!", "name"), ("", "name"), ("Petugas", "name_taken")])
def test_an_address_needs_letters_and_is_no_word_of_the_site(name: str, why: str) -> None:
    assert reason(slug_of, name) == why
    assert "petugas" in RESERVED


def test_a_letter_is_the_wanted_one_or_the_next_free() -> None:
    assert free_letter("J", []) == "J"
    assert free_letter("A", ["A", "B"]) == "C"
    assert reason(free_letter, "A", LETTERS) == "no_letter"


def test_a_week_becomes_windows_with_the_whole_quota_on_each_day() -> None:
    windows = windows_of_week([*LONG, SHORT], 60, 50)
    by_day = {day: [window for window in windows if window.weekday == day] for day in range(7)}
    assert [len(by_day[day]) for day in range(7)] == [6, 6, 6, 6, 3, 0, 0]
    assert {sum(window.capacity for window in by_day[day]) for day in range(5)} == {50}
    assert not [window for window in windows if window.starts_at == time(12)]


def test_what_is_left_at_the_end_is_a_shorter_window_with_fewer_places() -> None:
    windows = windows_of_week([DayHours(0, time(8), time(9, 30))], 60, 30)
    assert [(one.starts_at, one.ends_at, one.capacity) for one in windows] == [
        (time(8), time(9), 20),
        (time(9), time(9, 30), 10),
    ]


@given(
    opens=st.integers(0, 20),
    span=st.integers(1, 3),
    minutes=st.integers(*WINDOW_MINUTES),
    quota=st.integers(0, 300),
)
def test_any_week_is_one_that_a_schedule_takes(opens: int, span: int, minutes: int, quota: int) -> None:
    windows = windows_of_week([DayHours(6, time(opens), time(opens + span, 59))], minutes, quota)
    check_windows(windows)
    assert sum(window.capacity for window in windows) == quota


@pytest.mark.parametrize(
    ("hours", "minutes", "quota", "why"),
    [
        ([], 60, 10, "no_hours"),
        ([DayHours(0, time(9), time(9))], 60, 10, "hours"),
        ([DayHours(7, time(9), time(10))], 60, 10, "hours"),
        ([DayHours(0, time(8), time(9)), DayHours(0, time(10), time(11))], 60, 10, "hours"),
        ([DayHours(0, time(8), time(15), time(12))], 60, 10, "break"),
        ([DayHours(0, time(8), time(15), time(7), time(9))], 60, 10, "break"),
        ([DayHours(0, time(8), time(15), time(13), time(12))], 60, 10, "break"),
        (LONG, 14, 10, "minutes"),
        (LONG, 241, 10, "minutes"),
        (LONG, 60, QUOTA_MAX + 1, "quota"),
        (LONG, 60, -1, "quota"),
    ],
)
def test_a_week_that_cannot_be_is_refused(hours: list[DayHours], minutes: int, quota: int, why: str) -> None:
    assert reason(windows_of_week, hours, minutes, quota) == why


def test_a_shorter_day_has_as_much_less_as_it_is_shorter() -> None:
    def of_day(windows: tuple[Window, ...], weekday: int) -> int:
        return sum(window.capacity for window in windows if window.weekday == weekday)

    windows = windows_of_week([*LONG, SHORT], 60, 50, by_length=True)
    assert [of_day(windows, day) for day in range(5)] == [50, 50, 50, 50, 25]
    assert of_day(windows_of_week([*LONG, SHORT], 60, 1, by_length=True), 4) == 1  # rounded half up
    assert of_day(windows_of_week([SHORT], 60, 50, by_length=True), 4) == 50


def test_windows_give_their_hours_back() -> None:
    week = [*LONG, SHORT]
    assert list(hours_of_windows(windows_of_week(week, 60, 50))) == week
    assert hours_of_windows([]) == ()


def test_copied_hours_hold_another_quota() -> None:
    source = (
        Window(0, time(8), time(9), Share.PUBLIC, 4),
        Window(0, time(9), time(11), Share.PUBLIC, 8),
        Window(0, time(8), time(9), Share.ASSISTED, 2),
        Window(1, time(8), time(9), Share.PUBLIC, 5),
    )
    copied = scaled_windows(source, {(0, Share.PUBLIC): 30, (0, Share.ASSISTED): 0})
    assert {(one.weekday, one.starts_at, one.share): one.capacity for one in copied} == {
        (0, time(8), Share.PUBLIC): 10,
        (0, time(9), Share.PUBLIC): 20,
        (0, time(8), Share.ASSISTED): 0,
        (1, time(8), Share.PUBLIC): 5,
    }
