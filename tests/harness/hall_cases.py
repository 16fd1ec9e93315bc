"""What the pages of the hall say: one table for the server, which writes them, and for the scripts, which go on.

Each case is a hall as `hall_now` gives it, and what has to stand on the page then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from queue_app.web.hall.state import CallShown, HallState, OutOfOrderShown, QueueShown, StopShown, Told

CARD, FAMILY = "KTP_REKAM", "KK"
UNKNOWN = "Nomor ini tidak sedang menunggu hari ini. Periksa lagi, atau tanyakan kepada petugas."
NEAR = "Bersiaplah di dekat loket."


def a_call(number: int, counter: int = 1, *, service: str = CARD, state: str = "called") -> CallShown:
    """The higher the number, the later the call."""
    return CallShown(f"A-{number:03d}", counter, service, state, f"2026-11-24T02:{number:02d}:00.000+00:00")


def queue(
    *numbers: int, service: str = CARD, waits: Sequence[tuple[int, int]] = (), stopped: bool = False
) -> QueueShown:
    return QueueShown(service, service, tuple(f"A-{number:03d}" for number in numbers), list(waits), stopped)


def a_hall(
    *queues: QueueShown,
    calls: Sequence[CallShown] = (),
    recent: Sequence[CallShown] = (),
    stops: Sequence[StopShown] = (),
    out_of_order: Sequence[tuple[str, str]] = (),
    nearly: int = 3,
    announcements: Sequence[Told] = (),
) -> HallState:
    aside = [OutOfOrderShown(*one) for one in out_of_order]
    return HallState(list(calls), list(recent), list(queues), aside, list(stops), nearly, list(announcements))


def a_stop(text: str, *services: str) -> StopShown:
    return StopShown(text, closed=False, services=services)


EMPTY = a_hall()
# What stands there before: all of it has to go.
ANOTHER = a_hall(
    queue(97, 98),
    recent=[a_call(96, 9), a_call(95, 9)],
    stops=[a_stop("Listrik sedang padam.")],
    out_of_order=[("A-094", CARD)],
    announcements=[Told("Pintu barat ditutup.", important=False)],
)


@dataclass(frozen=True)
class Shown:
    """What stands on a display; "" and nothing for what is hidden."""

    number: str = ""
    counter: str = "Belum ada panggilan"
    before: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    stop: str = ""
    aside: str = ""
    news: tuple[str, ...] = ()


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
    to: str = ""


@dataclass(frozen=True)
class OnPhone:
    hall: HallState
    said: Said
    number: str = field(default="A-010", kw_only=True)


_NINE = [a_call(number, number % 3 + 1) for number in range(29, 20, -1)]
_FIVE_BEFORE = ("A-028 Loket 2", "A-027 Loket 1", "A-026 Loket 3", "A-025 Loket 2", "A-024 Loket 1")
_BOTH = [a_call(14, 2, service=FAMILY), a_call(13, state="in_service"), a_call(12, state="served")]
_TWO_STOPS = [a_stop("Alat rusak.", CARD), a_stop("Listrik padam di B.", FAMILY, "AKTA")]
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
        a_hall(queue(31), stops=[a_stop("Server pusat sedang terganggu.")]),
        Shown(following=("A-031",), stop="Server pusat sedang terganggu."),
    ),
    "disruptions of two services": OnDisplay(a_hall(stops=_TWO_STOPS), Shown(stop="Alat rusak. Listrik padam di B.")),
    "a disruption of another service": OnDisplay(
        a_hall(stops=_TWO_STOPS), Shown(stop="Listrik padam di B."), services="KK"
    ),
    "out of turn": OnDisplay(
        a_hall(out_of_order=[("A-012", CARD), ("A-013", FAMILY)]),
        Shown(aside="Dilayani di luar urutan, dengan alasan yang tercatat: A-012, A-013"),
    ),
    "out of turn for another service": OnDisplay(a_hall(out_of_order=[("A-012", CARD)]), Shown(), services="KK"),
    "announcements": OnDisplay(
        a_hall(announcements=[Told("Pintu timur.", True), Told("Besok libur.", False)]),
        Shown(news=("Pintu timur.", "Besok libur.")),
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

# Minutes from and to, and what a person would say: of the first place, and of one that is farther than is told.
SAID_WAITS = {
    (0, 5): ("Sebentar lagi.", "Lamanya belum dapat diperkirakan."),
    (0, 20): ("Kurang dari 20 menit lagi.", "Lamanya belum dapat diperkirakan."),
    (5, 10): ("Sekitar 10 menit lagi.", "Lebih dari 5 menit lagi."),
    (10, 25): ("Sekitar 10 sampai 25 menit lagi.", "Lebih dari 10 menit lagi."),
    (45, 60): ("Sekitar 45 sampai 60 menit lagi.", "Lebih dari 45 menit lagi."),
    (40, 75): ("Paling cepat 40 menit lagi; bisa lebih dari satu jam.", "Lebih dari 40 menit lagi."),
    (60, 95): ("Lebih dari satu jam lagi.", "Lebih dari satu jam lagi."),
    (0, 90): ("Lamanya belum dapat diperkirakan.", "Lamanya belum dapat diperkirakan."),
}
_UNSURE = "Lamanya belum dapat diperkirakan."
_WAITS = [(0, 5), (5, 10), (5, 15)]
_TO_FOUR = Said(
    "called",
    "Dipanggil ke loket 4. Silakan menuju loket.",
    calls="Di loket sekarang: A-010 loket 4",
    to="LOKET 4",
)
ON_PHONE = {
    "nothing": OnPhone(EMPTY, Said()),
    "somebody else's": OnPhone(a_hall(queue(1, 2, 3)), Said()),
    "called": OnPhone(a_hall(queue(11), calls=[a_call(10, 4)]), _TO_FOUR),
    "served": OnPhone(
        a_hall(calls=[a_call(12, 2), a_call(10, 4, state="in_service")]),
        Said("serving", "Sedang dilayani di loket 4.", calls="Di loket sekarang: A-012 loket 2, A-010 loket 4"),
    ),
    "the calls of one's own service": OnPhone(
        a_hall(queue(10), calls=[a_call(12, 2), a_call(13, 3, service=FAMILY)]),
        Said("first", f"Anda yang berikutnya. {NEAR}", _UNSURE, calls="Di loket sekarang: A-012 loket 2"),
    ),
    "first": OnPhone(
        a_hall(queue(10, 11, waits=_WAITS)),
        Said("first", f"Anda yang berikutnya. {NEAR}", "Sebentar lagi."),
    ),
    "first of another queue": OnPhone(
        a_hall(queue(1, 2, waits=_WAITS), queue(10, service=FAMILY)),
        Said("first", f"Anda yang berikutnya. {NEAR}", _UNSURE),
    ),
    "nearly": OnPhone(
        a_hall(queue(8, 10, waits=_WAITS)),
        Said("nearly", "Hampir giliran Anda. Orang di depan Anda: 1. Bersiaplah.", "Sekitar 10 menit lagi."),
    ),
    "nearly at the edge": OnPhone(
        a_hall(queue(7, 8, 10, waits=_WAITS), nearly=2),
        Said("nearly", "Hampir giliran Anda. Orang di depan Anda: 2. Bersiaplah.", "Sekitar 5 sampai 15 menit lagi."),
    ),
    "beyond the edge": OnPhone(
        a_hall(queue(7, 8, 10, waits=_WAITS), nearly=1),
        Said("ahead", "Orang di depan Anda: 2.", "Sekitar 5 sampai 15 menit lagi."),
    ),
    "nobody knows how long": OnPhone(a_hall(queue(5, 6, 7, 8, 10)), Said("ahead", "Orang di depan Anda: 4.", _UNSURE)),
    "a disruption": OnPhone(
        a_hall(queue(8, 10, stopped=True), stops=[a_stop("Listrik sedang padam.")]),
        Said("nearly", "Hampir giliran Anda. Orang di depan Anda: 1. Bersiaplah.", stop="Listrik sedang padam."),
    ),
    "a disruption of one's own service": OnPhone(
        a_hall(queue(10, stopped=True), queue(8, service=FAMILY), stops=_TWO_STOPS),
        Said("first", f"Anda yang berikutnya. {NEAR}", stop="Alat rusak."),
    ),
    "a disruption of another service": OnPhone(
        a_hall(queue(10, waits=_WAITS, service="SUKET"), stops=_TWO_STOPS),
        Said("first", f"Anda yang berikutnya. {NEAR}", "Sebentar lagi."),
    ),
    **{
        f"{low} to {high} minutes": OnPhone(
            a_hall(queue(10, waits=[(low, high)])), Said("first", f"Anda yang berikutnya. {NEAR}", said)
        )
        for (low, high), (said, _beyond) in SAID_WAITS.items()
    },
    **{
        f"farther than {low} to {high} minutes": OnPhone(
            a_hall(queue(5, 6, 7, 8, 10, waits=[(low, high)])), Said("ahead", "Orang di depan Anda: 4.", beyond)
        )
        for (low, high), (_said, beyond) in SAID_WAITS.items()
    },
}
