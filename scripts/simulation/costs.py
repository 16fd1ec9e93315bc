"""The figures that the simulation goes by: costs as measured, the crowd and the machines as assumed.

Processor times are microseconds of `scripts/bench` on PostgreSQL, as docs/scale.md lists them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """``late_refusal``: somebody who was let in before the slot was known to be full, and goes all the way to hear it;
    so does the one of each process who asks again while it is full. ``…_database``: of the database's processor.
    """

    page: float = 67
    refusal: float = 62  # out of a process's memory
    acceptance: float = 440
    acceptance_database: float = 293
    late_refusal: float = 1800  # of a request through Flask under load; fitted to the rush
    late_refusal_database: float = 150
    flush: float = 3000  # of the disk, for all commits that wait
    group: int = 64  # claims of one process in one transaction; 1 without groups
    ask_again: float = 0.5  # seconds that a process believes that a slot is full
    patience: float = 5.0  # seconds after which the program says "later" (503)


@dataclass(frozen=True)
class Crowd:
    """Who comes. ``a_thousand``: visitors of a day for a thousand residents.

    The busiest office that is known had 12,000 to 13,000 visitors a day, in a city of some 1.4 million: 9. Everywhere
    else it was less. ``prepared`` have their page open and press at the hour (``burst``: the mean of seconds after it);
    the others come over minutes (``tail``), and only those within ``window`` seconds are looked at.
    """

    a_thousand: float = 9.0
    prepared: float = 0.4
    burst: float = 2.0
    tail: float = 300.0
    window: float = 120.0
    filling_in: float = 20.0  # seconds between the page and the button, of those who are not prepared
    tries: int = 4  # claims of one person
    again: float = 0.5  # share of those refused who try another hour
    think: float = 3.0  # seconds before that, and its page
    later: float = 15.0  # seconds after "later" until the next try
    greedy: bool = False  # who got a place goes on, as a program for measuring does

    def __post_init__(self) -> None:
        if not 0 <= self.prepared <= 1 or not 0 <= self.again <= 1 or self.tries < 1:
            raise ValueError("shares are from 0 to 1, and everybody tries once at least")


@dataclass(frozen=True)
class Hardware:
    """What there is in all layouts alike. The same cores are divided among the installations."""

    cores_an_office: int = 2  # as the smallest installation has, database included
    largest_database: int = 64  # cores that one PostgreSQL has at most
    most_connections: int = 500  # of one PostgreSQL
    connections_a_machine: int = 30  # of four workers and a scheduler, as `queue_app/db.py` counts them
    cores_a_machine: int = 4
    processes_an_office: int = 0  # that a balancer sends the requests of one office to; 0: any of them
    places: int = 300  # of an office at an opening
    slots: int = 8
