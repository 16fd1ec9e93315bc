"""The places of a day: how a quota is spread over its hours, and who is too many in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


def spread_quota(quota: int, windows: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Spread a day's quota over its windows, given as (weight, booked), in order of time.

    In proportion to the weights (the scheduled capacities), and never below what is booked; a window of weight 0 gets
    nothing more, unless all have it. The sum is ``quota`` exactly, or the booked places when they are more.
    """
    result = [booked for _, booked in windows]
    weights = [weight for weight, _ in windows]
    if not any(weights):
        weights = [1] * len(windows)
    open_windows = [index for index, weight in enumerate(weights) if weight > 0]
    for _ in range(max(0, quota - sum(result)) if open_windows else 0):
        # Give one place after the other to the window that is furthest below its proportional share.
        neediest = min(open_windows, key=lambda index: ((result[index] + 1) / weights[index], index))
        result[neediest] += 1
    return tuple(result)


def in_proportion(quota: int, part: int, whole: int) -> int:
    """``quota`` × ``part`` / ``whole``; half a place is rounded up."""
    return (quota * part * 2 + whole) // (whole * 2)


@dataclass(frozen=True)
class QuotaHour:
    """A window of a day. ``weight``: the places that the schedule gives it; ``over``: it has ended."""

    weight: int
    booked: int
    capacity: int
    over: bool


def spread_over_day(quota: int, hours: Sequence[QuotaHour]) -> tuple[int, ...]:
    """Spread a day's quota over its hours, given in order of time, and add nothing to those that are over.

    Those keep their places, also unused ones, so that two more are two more people; only a quota that cannot be reached
    otherwise takes those too. The sum is ``quota`` exactly, unless all hours are over, or more are booked.
    """
    gone = [hour for hour in hours if hour.over]
    coming = [hour for hour in hours if not hour.over]
    left_to_gone = quota - sum(hour.booked for hour in coming)
    kept = min(sum(hour.capacity for hour in gone), left_to_gone)
    of_gone = iter(spread_quota(kept, [(hour.capacity, hour.booked) for hour in gone]))
    of_coming = iter(spread_quota(quota - kept, [(hour.weight, hour.booked) for hour in coming]))
    return tuple(next(of_gone if hour.over else of_coming) for hour in hours)


def who_is_over(places: int, parties: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Of parties (id, persons) in one hour, in the order of their booking, those who do not fit into ``places``.

    Who booked first stays, a party stays or goes together, and a later one that fits beside them stays too.
    """
    over = []
    for party, persons in parties:
        if persons <= places:
            places -= persons
        else:
            over.append(party)
    return tuple(over)
