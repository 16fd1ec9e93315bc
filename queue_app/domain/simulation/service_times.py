"""How long services take in a simulated day: as they were measured, or as the office says they do."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate

from queue_app.domain.figures.histogram import A_MINUTE, MINUTES

FEWEST = 30  # people: of fewer a histogram tells more of chance than of the service
SHAPE = 4  # of the gamma distribution that stands in for what was not measured: most within half and twice the mean
LAST_BAR = 1.25  # times its lower bound: where the bar without an end is taken to end


@dataclass(frozen=True)
class ServiceTimes:
    """``mean``: seconds. ``bars``: people by the lower bound in minutes, as figures store them; empty where nothing is
    measured, or too little. ``people``: of how many.
    """

    mean: float
    bars: Mapping[int, int] = field(default_factory=dict)
    people: int = 0

    def with_mean(self, mean: float) -> ServiceTimes:
        """The same spread about another mean."""
        return replace(self, mean=mean)

    def drawn(self, chance: random.Random) -> Callable[[], float]:
        """Draws one time after the other, in seconds. Within a bar any value is as likely as another, and all are
        scaled so that their mean is the exact one that figures keep beside the bars.
        """
        if not self.bars:
            return lambda: chance.gammavariate(SHAPE, self.mean / SHAPE)
        lows = sorted(low for low, people in self.bars.items() if people)
        spans = [(low * A_MINUTE, _end(low) * A_MINUTE) for low in lows]
        weights = list(accumulate(self.bars[low] for low in lows))
        middle = sum(self.bars[low] * sum(span) / 2 for low, span in zip(lows, spans, strict=True)) / weights[-1]
        scale = self.mean / middle

        def one() -> float:
            low, high = chance.choices(spans, cum_weights=weights)[0]
            return scale * (low + (high - low) * chance.random())

        return one


def measured_times(seconds: int, people: int, bars: Mapping[int, int]) -> ServiceTimes | None:
    """Of so many ``people`` with so many ``seconds`` in all; None where they are too few to go by."""
    if people < FEWEST or not seconds:
        return None
    return ServiceTimes(seconds / people, dict(bars), people)


def _end(low: int) -> float:
    after = MINUTES.index(low) + 1
    return MINUTES[after] if after < len(MINUTES) else low * LAST_BAR
