"""Counts of an opening: who was answered what, after how long, and what was in use."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """``answers``: seconds and persons of each answer, by its kind. Sums are of persons, however they were grouped."""

    asked: float = 0.0
    answers: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    each_second: dict[int, float] = field(default_factory=dict)
    inside: float = 0.0
    most_inside: float = 0.0
    person_seconds: float = 0.0  # the area under `inside`
    sold: float = 0.0
    late: float = 0.0  # refused by the database, and not out of memory
    sold_after: float = 0.0  # seconds from the opening to the last place given
    use: dict[str, float] = field(default_factory=dict)  # of the first ten seconds, 0 to 1
    most_turns: int = 0  # of one row of a slot, one transaction after the other
    most_flushes: int = 0  # in one second
    ended: float = 0.0

    def count(self, *kinds: str) -> float:
        return sum(weight for kind in kinds or self.answers for _, weight in self.answers.get(kind, ()))

    def percentile(self, share: float) -> float:
        """Seconds within which so many answers had come."""
        every = sorted(one for kind in self.answers.values() for one in kind)
        wanted = share * sum(weight for _, weight in every)
        for seconds, weight in every:
            wanted -= weight
            if wanted <= 0:
                return seconds
        return every[-1][0] if every else 0.0

    @property
    def turned_away(self) -> float:
        """Share of answers that were "later"."""
        return self.count("later") / max(self.count(), 1)
