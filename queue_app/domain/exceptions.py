"""Exceptions: what was out of the ordinary at an office on one day, judged from what was written down of it.

None of it is proof of anything: each finding is a line that somebody looks at. The thresholds stand here with their
reasons, and the report says each of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

# An officer who stands out does more than three times what the colleagues do: an early shift, or a desk that alone
# books for people, does not reach that. Below ten acts a ratio says nothing.
OUTLIER_TIMES, OUTLIER_LEAST = 3, 10
# A family shares a telephone and is one booking; two or three bookings are neighbours. A broker has many.
BOOKINGS_A_PHONE = 4
# An operator in a village books for a bus of people at most; a partner's program for its customers of a day.
BOOKINGS_AN_OPERATOR, BOOKINGS_A_KEY = 40, 100
# A buyer who waits beside the seller takes the place at once; others find a free place within this only by chance, and
# they have another telephone.
TAKEN_WITHIN = timedelta(minutes=5)
# Somebody who is called has to come to the counter and say what for: that alone takes half a minute, and no service is
# done in a tenth of the time that the office states for it. Once or twice a key was pressed too early, or a paper only
# handed over.
IN_NO_TIME, SHARE_OF_STATED, IN_NO_TIME_LEAST = timedelta(seconds=30), 10, 3
# Officers come an hour before the first window, and clear up for one after the last.
AROUND_HOURS = timedelta(hours=1)


class ExceptionKind(StrEnum):
    BEYOND_QUOTA = "beyond_quota"
    ORDER_CHANGED = "order_changed"
    OUTLYING_BOOKINGS = "outlying_bookings"
    OUTLYING_CANCELLATIONS = "outlying_cancellations"
    ONE_PHONE = "one_phone"
    ONE_OPERATOR = "one_operator"
    PLACE_PASSED_ON = "place_passed_on"
    IN_NO_TIME = "in_no_time"
    ODD_HOUR = "odd_hour"
    DATA_REVEALED = "data_revealed"


# Daily work that is listed all the same: it is nothing to be told of on the start page.
ORDINARY = frozenset({ExceptionKind.DATA_REVEALED})


class Deed(StrEnum):
    """What an entry of the log says, as far as the report asks."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    LEFT = "left"  # moved elsewhere: the former place is free
    BEYOND_QUOTA = "beyond_quota"
    ORDER_CHANGED = "order_changed"
    LOGGED_IN = "logged_in"
    REVEALED = "revealed"
    DONE_IN_NO_TIME = "done_in_no_time"


@dataclass(frozen=True)
class DayAct:
    """One act of the day. ``contact``: of whom it was booked for, to be compared and never shown. ``took``: from the
    first call until a service was done.
    """

    entry_id: int
    at: datetime
    actor: str
    deed: Deed
    ticket_id: int | None = None
    booking_id: int | None = None
    slot_id: int | None = None
    is_move: bool = False
    contact: str | None = field(default=None, repr=False)
    person: bytes | None = field(default=None, repr=False)
    reason: str = ""
    purpose: str = ""
    took: timedelta = timedelta(0)


@dataclass(frozen=True)
class Finding:
    """``acts`` in the order of time. ``count`` and ``usual``: of an outlier, with the median of the colleagues."""

    kind: ExceptionKind
    acts: tuple[DayAct, ...]
    count: int = 0
    usual: float | None = None

    @property
    def actor(self) -> str:
        return self.acts[-1].actor

    @property
    def is_ordinary(self) -> bool:
        return self.kind in ORDINARY


@dataclass(frozen=True)
class StaffTally:
    """How often one of the staff has booked and cancelled for others, with what stands out of it."""

    actor: str
    booked: int
    cancelled: int
    stands_out: frozenset[ExceptionKind] = frozenset()


def staff_tallies(acts: Iterable[DayAct], found: Iterable[Finding]) -> tuple[StaffTally, ...]:
    """Of each who did any, the busiest first."""
    done = [act for act in acts if act.actor.startswith("staff:")]
    booked = Counter(act.actor for act in done if act.deed is Deed.BOOKED and not act.is_move)
    cancelled = Counter(act.actor for act in done if act.deed is Deed.CANCELLED)
    out: defaultdict[str, set[ExceptionKind]] = defaultdict(set)
    for one in found:
        out[one.actor].add(one.kind)
    everybody = sorted(booked | cancelled, key=lambda actor: (-booked[actor] - cancelled[actor], actor))
    return tuple(StaffTally(actor, booked[actor], cancelled[actor], frozenset(out[actor])) for actor in everybody)


def findings(
    acts: Iterable[DayAct], hours: tuple[datetime, datetime] | None, colleagues: Mapping[str, bool]
) -> tuple[Finding, ...]:
    """All of a day, kind by kind. ``hours``: from the first window to the end of the last, None on a closed day.
    ``colleagues``: the actors of the office's staff, and whether they are operators in villages.
    """
    in_time = sorted(acts, key=lambda act: (act.at, act.entry_id))
    by_deed: defaultdict[Deed, list[DayAct]] = defaultdict(list)
    for act in in_time:
        by_deed[act.deed].append(act)
    made = [act for act in by_deed[Deed.BOOKED] if not act.is_move]
    return (
        *(Finding(ExceptionKind.BEYOND_QUOTA, (act,)) for act in by_deed[Deed.BEYOND_QUOTA]),
        *(Finding(ExceptionKind.ORDER_CHANGED, (act,)) for act in by_deed[Deed.ORDER_CHANGED]),
        *outliers(ExceptionKind.OUTLYING_BOOKINGS, made, [who for who, village in colleagues.items() if not village]),
        *outliers(ExceptionKind.OUTLYING_CANCELLATIONS, by_deed[Deed.CANCELLED], list(colleagues)),
        *many_by_one_phone(made),
        *many_by_one_operator(made, colleagues),
        *places_passed_on(in_time),
        *served_in_no_time(by_deed[Deed.DONE_IN_NO_TIME]),
        *(Finding(ExceptionKind.ODD_HOUR, (act,)) for act in by_deed[Deed.LOGGED_IN] if is_odd_hour(act.at, hours)),
        *(Finding(ExceptionKind.DATA_REVEALED, (act,)) for act in by_deed[Deed.REVEALED]),
    )


def outliers(kind: ExceptionKind, acts: Sequence[DayAct], colleagues: Sequence[str]) -> Iterator[Finding]:
    """Who of the colleagues did it more than `OUTLIER_TIMES` as often as the middle one of the others who did it.

    Where nobody else did it there is nobody to compare with: then it is a division of labour.
    """
    theirs = _grouped(acts, lambda act: act.actor if act.actor in colleagues else None)
    for actor, done in theirs.items():
        others = [len(some) for other, some in theirs.items() if other != actor]
        usual = median(others) if others else None
        if usual is not None and len(done) >= OUTLIER_LEAST and len(done) > OUTLIER_TIMES * usual:
            yield Finding(kind, tuple(done), len(done), usual)


def many_by_one_phone(booked: Sequence[DayAct]) -> Iterator[Finding]:
    """Bookings, not people: a party of five is one."""
    for done in _grouped(_each_booking(booked), lambda act: act.contact).values():
        if len(done) >= BOOKINGS_A_PHONE:
            yield Finding(ExceptionKind.ONE_PHONE, tuple(done), len(done))


def many_by_one_operator(booked: Sequence[DayAct], colleagues: Mapping[str, bool]) -> Iterator[Finding]:
    limits = {who: BOOKINGS_AN_OPERATOR for who, village in colleagues.items() if village}
    for actor, done in _grouped(_each_booking(booked), lambda act: act.actor).items():
        most = BOOKINGS_A_KEY if actor.startswith("api-key:") else limits.get(actor)
        if most is not None and len(done) > most:
            yield Finding(ExceptionKind.ONE_OPERATOR, tuple(done), len(done))


def places_passed_on(in_time: Sequence[DayAct]) -> Iterator[Finding]:
    """A place that was given up, and taken within minutes for somebody else by the same telephone, the same member of
    staff or the same program: what a broker does who sells places.

    The same person who takes their own place again has changed their mind, and is none.
    """
    freed: defaultdict[int, list[DayAct]] = defaultdict(list)
    for act in in_time:
        if act.slot_id is None:
            continue
        if act.deed in (Deed.CANCELLED, Deed.LEFT):
            freed[act.slot_id].append(act)
        elif act.deed is Deed.BOOKED:
            for before in freed[act.slot_id]:
                if act.at - before.at <= TAKEN_WITHIN and _is_passed_on(before, act):
                    freed[act.slot_id].remove(before)  # one place is taken once
                    yield Finding(ExceptionKind.PLACE_PASSED_ON, (before, act))
                    break


def is_in_no_time(took: timedelta, stated: int) -> bool:
    """``took``: from the first call for a service until it was done; ``stated``: minutes, 0 where the office states
    none (R-EXCEPTION-2).
    """
    return took < IN_NO_TIME and (not stated or took < timedelta(minutes=stated) / SHARE_OF_STATED)


def served_in_no_time(done: Sequence[DayAct]) -> Iterator[Finding]:
    """Numbers that were waved through, or figures that were made up: by one officer on one day."""
    for some in _grouped(done, lambda act: act.actor).values():
        if len(some) >= IN_NO_TIME_LEAST:
            yield Finding(ExceptionKind.IN_NO_TIME, tuple(some), len(some))


def is_odd_hour(at: datetime, hours: tuple[datetime, datetime] | None) -> bool:
    return hours is None or not hours[0] - AROUND_HOURS <= at <= hours[1] + AROUND_HOURS


def _is_passed_on(before: DayAct, after: DayAct) -> bool:
    if before.booking_id == after.booking_id or (before.person is not None and before.person == after.person):
        return False
    if before.contact is not None and before.contact == after.contact:
        return True
    return before.actor == after.actor and before.actor.startswith(("staff:", "api-key:"))


def _each_booking(booked: Sequence[DayAct]) -> list[DayAct]:
    return list({act.booking_id: act for act in reversed(booked)}.values())[::-1]


def _grouped(acts: Iterable[DayAct], by: Callable[[DayAct], str | None]) -> dict[str, list[DayAct]]:
    groups: defaultdict[str, list[DayAct]] = defaultdict(list)
    for act in acts:
        if (name := by(act)) is not None:
            groups[name].append(act)
    return groups
