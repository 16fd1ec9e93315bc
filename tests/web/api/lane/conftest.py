"""A program whose key is known, and what the lane has done with its requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from queue_app.adapters.measures import LANE
from queue_app.adapters.tally import own
from tests.web.api.program import Program

Outcomes = Callable[[], Counter[str]]


@pytest.fixture
def known(program: Program) -> Program:
    """Recognised by Flask a moment ago, as every program in the rush."""
    recognise(program)
    return program


def recognise(program: Program) -> None:
    program.get("/bookings/0000-0000")


@pytest.fixture
def outcomes() -> Outcomes:
    """By outcome, since the last look."""
    seen: Counter[str] = Counter()

    def look() -> Counter[str]:
        now = Counter(
            {of: number for (measure, *labels), number in own.counts.items() if measure == LANE for of in labels}
        )
        rise = now - seen
        seen.clear()
        seen.update(now)
        return rise

    look()
    return look
