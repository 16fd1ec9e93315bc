"""The satisfaction survey (SKM) of PermenPANRB 14/2017: nine elements, a score of 1 to 4 for each, one index.

The numbers and their sources stand in `docs/rules.md` (R-SURVEY).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from .errors import DomainError
from .figures.openness import FEWEST
from .identity import holds_personal_number

SCORES = (1, 2, 3, 4)
BEST = SCORES[-1]
OF_A_HUNDRED = Fraction(100, BEST)  # 25 for each step of a score
HUNDREDTH = Decimal("0.01")
ANSWER_WITHIN = timedelta(days=14)  # days after the visit
REMARK_MAX = 500


class Element(StrEnum):
    """What is asked about, in the order of the regulation (U1 to U9)."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    SPEED = "speed"
    COST = "cost"
    PRODUCT = "product"
    COMPETENCE = "competence"
    CONDUCT = "conduct"
    COMPLAINTS = "complaints"
    FACILITIES = "facilities"


class Grade(StrEnum):
    """The grade of a service (mutu pelayanan)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


FROM = ((Decimal("88.31"), Grade.A), (Decimal("76.61"), Grade.B), (Decimal("65.00"), Grade.C))


class SurveyChannel(StrEnum):
    """How an answer came in."""

    LINK = "link"
    KIOSK = "kiosk"


class NotServed(DomainError):
    """Only who was served has something to judge (R-SURVEY-2)."""

    code = "not_served"


class SurveyOver(DomainError):
    """The time for an answer has passed (R-SURVEY-2)."""

    code = "survey_over"


class SurveyAnswered(DomainError):
    """The visit has its answer (R-SURVEY-2)."""

    code = "survey_answered"


class InvalidRemark(DomainError):
    """``details['reason']``: personal | long."""

    code = "invalid_remark"


@dataclass(frozen=True)
class Result:
    """Sums of scores of so many people, by element. Of fewer than five nothing is told but how many they are."""

    people: int
    sums: Mapping[Element, int]

    @property
    def is_told(self) -> bool:
        return self.people >= FEWEST

    def mean(self, element: Element) -> Fraction | None:
        return Fraction(self.sums[element], self.people) if self.is_told else None

    @property
    def index(self) -> Decimal | None:
        """Of all elements with equal weight; None of few answers. Nothing is rounded on the way."""
        return as_index(Fraction(sum(self.sums.values()), self.people * len(Element))) if self.is_told else None

    @property
    def grade(self) -> Grade | None:
        return None if self.index is None else grade_of(self.index)

    @property
    def weakest(self) -> Element | None:
        """Where to begin; of several the first of the regulation."""
        return min(Element, key=lambda one: self.sums[one]) if self.is_told else None


def as_index(mean: Fraction) -> Decimal:
    """25.00 to 100.00 of a mean score, halves away from zero."""
    value = mean * OF_A_HUNDRED
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def grade_of(index: Decimal) -> Grade:
    """Of the rounded index: the bounds of the regulation have two decimals, and nothing lies between them."""
    return next((grade for least, grade in FROM if index >= least), Grade.D)


def people_wanted(served: int) -> int:
    """How many answers stand for so many people (Krejcie and Morgan 1970: 95 percent, 5 percent either way)."""
    if not served:
        return 0
    wanted = Fraction("3.841") * served / 4 / (Fraction("0.0025") * (served - 1) + Fraction("3.841") / 4)
    return int(wanted + Fraction(1, 2))


def check_time(day: date, today: date) -> None:
    """Raises SurveyOver."""
    if today - day > ANSWER_WITHIN:
        raise SurveyOver()


def read_remark(typed: str) -> str:
    """One paragraph, perhaps nothing; raises InvalidRemark for what would name somebody."""
    remark = " ".join(typed.split())
    if len(remark) > REMARK_MAX:
        raise InvalidRemark(reason="long")
    if holds_personal_number(remark):
        raise InvalidRemark(reason="personal")
    return remark


class PeriodKind(StrEnum):
    """For how long results are put together."""

    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"


MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.SEMESTER: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole months: ``number`` counts them within the year from 1."""

    year: int
    number: int
    kind: PeriodKind

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def last(self) -> date:
        months = self.number * MONTHS[self.kind]
        return date(self.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)

    @property
    def closed_from(self) -> date:
        """The first day on which nobody can add an answer any more."""
        return self.last + ANSWER_WITHIN + timedelta(days=1)


def period_of(day: date, kind: PeriodKind) -> Period:
    return Period(day.year, (day.month - 1) // MONTHS[kind] + 1, kind)


def periods_back(today: date, kind: PeriodKind, many: int) -> Sequence[Period]:
    """The one that goes on and those before it, the newest first."""
    found = [period_of(today, kind)]
    while len(found) < many:
        found.append(period_of(found[-1].first - timedelta(days=1), kind))
    return found


def quarters_of(period: Period) -> Sequence[Period]:
    """Those that it lies in or is made of, the oldest first."""
    back = periods_back(period.last, PeriodKind.QUARTER, MONTHS[PeriodKind.YEAR] // MONTHS[PeriodKind.QUARTER])
    return [quarter for quarter in reversed(back) if quarter.last >= period.first]
