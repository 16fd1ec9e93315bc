"""When an office is open, in words, and of which of its services."""

from datetime import time

from queue_app.domain.opening_hours import hours_in_words, hours_of_office
from queue_app.domain.setup import DayHours, windows_of_week

LONG = [DayHours(day, time(8), time(15), time(12), time(13)) for day in range(4)]
SHORT = DayHours(4, time(8), time(11))


def test_opening_hours_are_told_in_both_languages() -> None:
    assert hours_in_words([SHORT, *LONG]) == (
        "Senin–Kamis 08.00–15.00 (istirahat 12.00–13.00)\nJumat 08.00–11.00",
        "Monday to Thursday 08:00–15:00 (break 12:00–13:00)\nFriday 08:00–11:00",
    )
    assert hours_in_words([]) == ("", "")


def test_days_with_a_gap_between_them_are_told_apart() -> None:
    assert hours_in_words([DayHours(0, time(8), time(9)), DayHours(2, time(8), time(9))])[0] == (
        "Senin 08.00–09.00\nRabu 08.00–09.00"
    )


def test_an_office_is_open_while_any_of_its_counters_is() -> None:
    morning = windows_of_week([DayHours(0, time(8), time(11))], 60, 10)
    afternoon = windows_of_week([DayHours(0, time(10), time(15)), DayHours(1, time(9), time(10))], 60, 10)
    assert hours_of_office([morning, afternoon]) == (DayHours(0, time(8), time(15)), DayHours(1, time(9), time(10)))


def test_a_service_of_day_and_night_does_not_keep_the_counters_open() -> None:
    counters = windows_of_week([*LONG, SHORT], 60, 50)
    machine = windows_of_week([DayHours(day, time(0), time(23)) for day in range(7)], 60, 500)
    assert list(hours_of_office([machine, counters])) == [*LONG, SHORT]
    assert len(hours_of_office([machine])) == 7
    assert hours_of_office([]) == ()
