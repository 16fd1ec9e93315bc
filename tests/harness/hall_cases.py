"""What the pages of the hall say: one table for the server, which writes them, and for the scripts, which go on.

Each case is a hall as `hall_now` gives it, and what has to stand on the page then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from queue_app.web.hall.state import CallShown, HallState, QueueShown, StopShown

CARD, FAMILY = "KTP_REKAM", "KK"
UNKNOWN = "Nomor ini tidak sedang menunggu hari ini. Periksa lagi, atau tanyakan kepada petugas."
NEAR = "Bersiaplah di dekat loket."


def a_call(number: int, counter: int = 1, *, service: str = CARD, state: str = "called") -> CallShown:
    """The higher the number, the later the call."""
    return CallShown(f"A-{number:03d}", counter, service, state, f"2026-11-24T02:{number:02d}:00.000+00:00")


def queue(*numbers: int, service: str = CARD, waits: Sequence[tuple[int, int]] = ()) -> QueueShown:
    return QueueShown(service, service, tuple(f"A-{number:03d}" for number in numbers), list(waits))


def a_hall(
    *queues: QueueShown,
    calls: Sequence[CallShown] = (),
    recent: Sequence[CallShown] = (),
    stop: str = "",
    nearly: int = 3,
) -> HallState:
    said = StopShown(stop, closed=False) if stop else None
    return HallState(list(calls), list(recent), list(queues), said, nearly)


EMPTY = a_hall()
# What stands there before: all of it has to go.
ANOTHER = a_hall(queue(97, 98), recent=[a_call(96, 9), a_call(95, 9)], stop="Listrik sedang padam.")


@dataclass(frozen=True)
class Shown:
    """What stands on a display; "" and nothing for what is hidden."""

    number: str = ""
    counter: str = "Belum ada panggilan"
    before: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    stop: str = ""


@dataclass(frozen=True)
class OnDisplay:
    hall: HallState
    shown: Shown
    services: str = ""


@dataclass(frozen=True)
class Said:
    """What a telephone says of a number, and of the counters; "" for what is hidden."""

    kind: str = ""
    where: str = UNKNOWN
    wait: str = ""
    calls: str = ""
    stop: str = ""


@dataclass(frozen=True)
class OnPhone:
    hall: HallState
    said: Said
    number: str = field(default="A-010", kw_only=True)


_NINE = [a_call(number, number % 3 + 1) for number in range(29, 20, -1)]
_FIVE_BEFORE = ("A-028 Loket 2", "A-027 Loket 1", "A-026 Loket 3", "A-025 Loket 2", "A-024 Loket 1")
_BOTH = [a_call(14, 2, service=FAMILY), a_call(13, state="in_service"), a_call(12, state="served")]
ON_DISPLAY = {
    "nothing": OnDisplay(EMPTY, Shown()),
    "one call": OnDisplay(a_hall(recent=[a_call(8, 2)]), Shown("A-008", "Loket 2")),
    "more calls than are shown": OnDisplay(
        a_hall(recent=_NINE),
        Shown(
            "A-029", "Loket 3", ("A-028 Loket 2", "A-027 Loket 1", "A-026 Loket 3", "A-025 Loket 2", "A-024 Loket 1")
        ),
    ),
    "served or not": OnDisplay(
        a_hall(recent=_BOTH), Shown("A-014", "Loket 2", before=("A-013 Loket 1", "A-012 Loket 1"))
    ),
    "one service": OnDisplay(
        a_hall(queue(31, 32), queue(33, service=FAMILY), recent=_BOTH),
        Shown("A-013", "Loket 1", ("A-012 Loket 1",), ("A-031", "A-032")),
        services="ktp-rekam",
    ),
    "another service": OnDisplay(
        a_hall(queue(31, 32), queue(33, service=FAMILY), recent=_BOTH),
        Shown("A-014", "Loket 2", (), ("A-033",)),
        services="KK",
    ),
    "no service": OnDisplay(a_hall(queue(31), recent=_BOTH), Shown(), services="AKTA"),
    "three of a queue": OnDisplay(a_hall(queue(31, 32, 33, 34)), Shown(following=("A-031", "A-032", "A-033"))),
    "six of all": OnDisplay(
        a_hall(queue(31, 32), queue(41, 42, 43, 44, service=FAMILY), queue(51, 52, 53, service="AKTA")),
        Shown(following=("A-031", "A-032", "A-041", "A-042", "A-043", "A-051")),
    ),
    "a disruption": OnDisplay(
        a_hall(queue(31), stop="Server pusat sedang terganggu."),
        Shown(following=("A-031",), stop="Server pusat sedang terganggu."),
    ),
}

ON_BOARD = {
    "nothing": (EMPTY, ()),
    "nobody was called": (a_hall(queue(31, 32)), ("KTP_REKAM belum ada yang dipanggil · 2 menunggu",)),
    "one service": (
        a_hall(queue(31), calls=[a_call(29, 3)], recent=[a_call(29, 3), a_call(28)]),
        ("KTP_REKAM A-029 ke loket 3 · 1 menunggu",),
    ),
    "each with its own": (
        a_hall(queue(31, 32), queue(service=FAMILY), recent=_BOTH),
        ("KTP_REKAM A-013 ke loket 1 · 2 menunggu", "KK A-014 ke loket 2 · 0 menunggu"),
    ),
    "calls of a service that is over": (a_hall(recent=_BOTH), ()),
}

_WAITS = [(0, 4), (3, 9), (6, 14)]
_UNSURE = "Lamanya belum dapat diperkirakan."
ON_PHONE = {
    "nothing": OnPhone(EMPTY, Said()),
    "somebody else's": OnPhone(a_hall(queue(1, 2, 3)), Said()),
    "called": OnPhone(
        a_hall(queue(11), calls=[a_call(10, 4)]),
        Said("called", "Dipanggil ke loket 4. Silakan menuju loket.", calls="Di loket sekarang: A-010 loket 4"),
    ),
    "served": OnPhone(
        a_hall(calls=[a_call(12, 2), a_call(10, 4, state="in_service")]),
        Said("serving", "Sedang dilayani di loket 4.", calls="Di loket sekarang: A-012 loket 2, A-010 loket 4"),
    ),
    "first": OnPhone(
        a_hall(queue(10, 11, waits=_WAITS)),
        Said("first", f"Anda yang berikutnya. {NEAR}", "Perkiraan paling lama 4 menit lagi."),
    ),
    "first of another queue": OnPhone(
        a_hall(queue(1, 2, waits=_WAITS), queue(10, service=FAMILY)),
        Said("first", f"Anda yang berikutnya. {NEAR}", _UNSURE),
    ),
    "nearly": OnPhone(
        a_hall(queue(8, 10, waits=_WAITS)),
        Said("nearly", "Hampir giliran Anda. Orang di depan Anda: 1. Bersiaplah.", "Perkiraan 3–9 menit lagi."),
    ),
    "nearly at the edge": OnPhone(
        a_hall(queue(7, 8, 10, waits=_WAITS), nearly=2),
        Said("nearly", "Hampir giliran Anda. Orang di depan Anda: 2. Bersiaplah.", "Perkiraan 6–14 menit lagi."),
    ),
    "beyond the edge": OnPhone(
        a_hall(queue(7, 8, 10, waits=_WAITS), nearly=1),
        Said("ahead", "Orang di depan Anda: 2.", "Perkiraan 6–14 menit lagi."),
    ),
    "farther than is told": OnPhone(
        a_hall(queue(5, 6, 7, 8, 10, waits=_WAITS)),
        Said("ahead", "Orang di depan Anda: 4.", "Perkiraan lebih dari 6 menit lagi."),
    ),
    "nobody knows how long": OnPhone(a_hall(queue(5, 6, 7, 8, 10)), Said("ahead", "Orang di depan Anda: 4.", _UNSURE)),
    "a disruption": OnPhone(
        a_hall(queue(8, 10, waits=_WAITS), stop="Listrik sedang padam."),
        Said("nearly", "Hampir giliran Anda. Orang di depan Anda: 1. Bersiaplah.", stop="Listrik sedang padam."),
    ),
}
