"""Why counters of a simulated day are idle while people are served by nobody, or others are full (`docs/rules.md`
R-ADVICE-7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from .simulation.day import DayPlan, Outlook

BUSY = 0.1  # of its hours: a counter that is idle for less is taken to be full, since nobody comes to the minute
UNEVEN = 0.3  # of their hours: by how much more one counter is idle than another
FEWEST = 0.05  # people a day, in the mean: fewer are shown as none


class Cause(StrEnum):
    KITS = "kits"  # there are fewer of them than counters that record
    OTHER_SERVICES = "other_services"  # the counters for it are full, and those that are idle do not take it
    OTHER_HOURS = "other_hours"  # its own counters are idle, at hours at which these people are not there


@dataclass(frozen=True)
class Unserved:
    """``people``: of a service, a day in the mean. ``idle``: the share of their hours in which the counters that take
    it have nobody.
    """

    service: int
    people: float
    idle: float
    cause: Cause


def unserved(plan: DayPlan, seen: Outlook) -> Iterator[Unserved]:
    """Of each service that leaves somebody unserved; nothing where no counter is idle: then the day is simply full."""
    if seen.idle < BUSY:
        return
    for service, people in sorted(seen.left_of.items()):
        if people < FEWEST:
            continue
        own = [idle for idle, post in zip(seen.idle_at, plan.posts, strict=True) if service in post.services]
        yield Unserved(service, people, fmean(own), _cause(plan, service, own))


def uneven(seen: Outlook) -> tuple[float, float] | None:
    """The idle shares of the busiest counter and of the idlest one, where they are far apart."""
    least, most = min(seen.idle_at, default=0.0), max(seen.idle_at, default=0.0)
    return (least, most) if most - least >= UNEVEN else None


def _cause(plan: DayPlan, service: int, own: Collection[float]) -> Cause:
    if plan.services[service].needs_kit and plan.kits is not None and plan.kits < len(own):
        return Cause.KITS
    return Cause.OTHER_SERVICES if fmean(own) < BUSY else Cause.OTHER_HOURS
