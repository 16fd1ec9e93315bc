"""The calendar inside the program: `holidays`, with its estimates named as such, and only those."""

from datetime import date

from queue_app.adapters.holiday_library import known_holidays


def test_in_a_year_with_joint_leave_nothing_is_an_estimate() -> None:
    """The decree of September 2026 names all days of 2027; the library marks three of them still."""
    of_2027 = {known.date: known for known in known_holidays([2027])}
    assert not any(known.estimated for known in of_2027.values())
    eid = of_2027[date(2027, 3, 10)]
    assert (eid.name_id, eid.name_en) == ("Hari Raya Idul Fitri", "Eid al-Fitr")
    assert of_2027[date(2027, 3, 9)].name_id == "Cuti Bersama Hari Raya Idul Fitri"


def test_without_a_decree_the_moons_dates_are_estimates_and_the_suns_are_not() -> None:
    of_2028 = {known.date: known for known in known_holidays([2028])}
    assert of_2028[date(2028, 1, 26)].estimated
    assert of_2028[date(2028, 1, 26)].name_id == "Tahun Baru Imlek"
    assert not of_2028[date(2028, 8, 17)].estimated
    assert not any("(" in name for known in of_2028.values() for name in (known.name_id, known.name_en))


def test_several_years_come_in_order_and_once() -> None:
    dates = [known.date for known in known_holidays([2028, 2026, 2028])]
    assert dates == sorted(set(dates))
    assert {day.year for day in dates} == {2026, 2028}
