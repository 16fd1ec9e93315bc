"""The index and its grades, against published examples; the sample table of Krejcie and Morgan; and periods."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from queue_app.domain.surveys import (
    Element,
    Grade,
    InvalidRemark,
    Period,
    PeriodKind,
    Result,
    SurveyOver,
    as_index,
    check_time,
    grade_of,
    people_wanted,
    period_of,
    periods_back,
    quarters_of,
    read_remark,
)


def result(people: int, *sums: int) -> Result:
    return Result(people, dict(zip(Element, sums, strict=True)))


def test_a_worked_example_that_somebody_else_published() -> None:
    """29 people, sums of nine elements: 955 points of 261 answers."""
    published = result(29, 105, 101, 100, 116, 102, 105, 106, 105, 115)
    assert published.index == Decimal("91.48")
    assert published.grade is Grade.A
    assert published.mean(Element.SPEED) == Fraction(100, 29)
    assert published.weakest is Element.SPEED


def test_the_ends_are_25_and_100() -> None:
    """With the weight cut to 0.111, as some offices do, all fours come to 99.90."""
    assert result(7, *[28] * 9).index == Decimal("100.00")
    assert result(7, *[7] * 9).index == Decimal("25.00")


@pytest.mark.parametrize("people", [0, 1, 4])
def test_of_few_answers_nothing_is_told_but_how_many(people: int) -> None:
    few = result(people, *[people] * 9)
    assert not few.is_told
    assert (few.index, few.grade, few.weakest, few.mean(Element.COST)) == (None, None, None, None)
    five = result(5, *[5] * 9)
    assert (five.index, five.grade, five.weakest) == (Decimal("25.00"), Grade.D, Element.REQUIREMENTS)


@pytest.mark.parametrize(
    ("index", "grade"),
    [
        ("100.00", Grade.A),
        ("88.31", Grade.A),
        ("88.30", Grade.B),
        ("76.61", Grade.B),
        ("76.60", Grade.C),
        ("65.00", Grade.C),
        ("64.99", Grade.D),
        ("25.00", Grade.D),
    ],
)
def test_the_bounds_of_the_grades(index: str, grade: Grade) -> None:
    assert grade_of(Decimal(index)) is grade


@pytest.mark.parametrize(
    ("exact", "rounded"), [("76.605", "76.61"), ("76.6049", "76.60"), ("88.305", "88.31"), ("64.995", "65.00")]
)
def test_what_lies_between_two_grades_is_rounded_first(exact: str, rounded: str) -> None:
    assert as_index(Fraction(exact) / 25) == Decimal(rounded)


@pytest.mark.parametrize(
    ("served", "wanted"),
    [(0, 0), (10, 10), (15, 14), (30, 28), (100, 80), (200, 132), (300, 169), (500, 217), (1000, 278), (2000, 322),
     (10_000, 370), (1_000_000, 384)],
)  # fmt: skip
def test_how_many_answers_are_wanted(served: int, wanted: int) -> None:
    assert people_wanted(served) == wanted


def test_fourteen_days_and_no_more() -> None:
    check_time(date(2026, 11, 9), date(2026, 11, 23))
    with pytest.raises(SurveyOver):
        check_time(date(2026, 11, 8), date(2026, 11, 23))


@pytest.mark.parametrize("typed", ["Hubungi 0812-3456-7890", "NIK saya 3314991703050001", "x" * 501])
def test_a_remark_names_nobody(typed: str) -> None:
    with pytest.raises(InvalidRemark):
        read_remark(typed)


def test_a_remark_is_one_paragraph() -> None:
    assert read_remark("  Cepat,\n\n tapi  panas ") == "Cepat, tapi panas"


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [
        (PeriodKind.MONTH, 2, date(2028, 2, 1), date(2028, 2, 29)),
        (PeriodKind.QUARTER, 4, date(2028, 10, 1), date(2028, 12, 31)),
        (PeriodKind.SEMESTER, 1, date(2028, 1, 1), date(2028, 6, 30)),
        (PeriodKind.YEAR, 1, date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_periods_are_whole_months(kind: PeriodKind, number: int, first: date, last: date) -> None:
    period = Period(2028, number, kind)
    assert (period.first, period.last) == (first, last)
    assert {period_of(day, kind) for day in (first, last)} == {period}


def test_periods_go_back_over_the_year() -> None:
    found = periods_back(date(2026, 5, 3), PeriodKind.QUARTER, 3)
    assert [(one.year, one.number) for one in found] == [(2026, 2), (2026, 1), (2025, 4)]


@pytest.mark.parametrize(
    ("kind", "number", "quarters"),
    [
        (PeriodKind.MONTH, 8, [3]),
        (PeriodKind.QUARTER, 1, [1]),
        (PeriodKind.SEMESTER, 2, [3, 4]),
        (PeriodKind.YEAR, 1, [1, 2, 3, 4]),
    ],
)
def test_the_quarters_of_a_period(kind: PeriodKind, number: int, quarters: list[int]) -> None:
    assert [(one.year, one.number) for one in quarters_of(Period(2026, number, kind))] == [
        (2026, quarter) for quarter in quarters
    ]


def test_a_period_is_closed_when_its_last_day_can_be_answered_no_more() -> None:
    period = Period(2026, 4, PeriodKind.QUARTER)
    check_time(period.last, period.closed_from - timedelta(days=1))
    with pytest.raises(SurveyOver):
        check_time(period.last, period.closed_from)
