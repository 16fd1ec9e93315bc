"""Somebody's place in the queue in words: by the server for the page, by `static/js/place-in-queue.js` from then on.

tests/harness/hall_cases.py holds both to one table.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from queue_app.domain.visits import VisitState
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .state import HallState

# The script fills the same ones: named here once, so that it says nothing else.
WORDS = {
    "called": _l("Dipanggil ke loket %(counter)s. Silakan menuju loket."),
    "serving": _l("Sedang dilayani di loket %(counter)s."),
    "first": _l("Anda yang berikutnya. Bersiaplah di dekat loket."),
    "nearly": _l("Hampir giliran Anda. Orang di depan Anda: %(ahead)s. Bersiaplah."),
    "ahead": _l("Orang di depan Anda: %(ahead)s."),
    "soon": _l("Sebentar lagi."),
    "about": _l("Sekitar %(high)s menit lagi."),
    "within": _l("Kurang dari %(high)s menit lagi."),
    "between": _l("Sekitar %(low)s sampai %(high)s menit lagi."),
    "from": _l("Paling cepat %(low)s menit lagi; bisa lebih dari satu jam."),
    "hour": _l("Lebih dari satu jam lagi."),
    "beyond": _l("Lebih dari %(low)s menit lagi."),
    "unsure": _l("Lamanya belum dapat diperkirakan."),
    "lost": _l("Koneksi terputus. Ini keadaan pukul %(time)s."),
}
SOON, HOUR = 5, 60  # minutes
TITLES = {"called": _l("Loket %(counter)s! %(number)s"), "nearly": _l("Hampir giliran: %(number)s")}
# Of those whom the hall does not show: no counter has them, and they stand in no queue.
ELSEWHERE = {
    VisitState.WAITING: _l("Menunggu dipanggil."),
    VisitState.CALLED: _l("Dipanggil. Silakan menuju petugas."),
    VisitState.IN_SERVICE: _l("Sedang dilayani."),
    VisitState.HELD: _l("Ditunda sebentar. Tunggu di dekat loket; petugas memanggil lagi."),
    VisitState.ABSENT: _l("Sudah dipanggil, tetapi belum datang ke loket. Lapor ke meja depan untuk antre lagi."),
    VisitState.SERVED: _l("Pelayanan selesai. Terima kasih."),
    VisitState.DAY_ENDED: _l(
        "Hari pelayanan sudah berakhir sebelum Anda selesai dilayani. Mohon maaf. "
        "Anda dijamin mendapat tempat lagi: pesan jadwal baru, atau minta kepada petugas."
    ),
}
NOT_HERE = _l("Belum tercatat hadir. Sesudah tiket dipindai di meja depan, urutan Anda tampak di sini.")
UNKNOWN = _l("Nomor ini tidak sedang menunggu hari ini. Periksa lagi, atau tanyakan kepada petugas.")


@dataclass(frozen=True)
class PlaceInQueue:
    """``sentences``: the first says where, a second one how long. ``kind``: the word's name; "" when elsewhere.
    ``counter``: where somebody is called to, in the largest letters of the page: their own number they know.
    """

    number: str
    kind: str
    sentences: tuple[str, ...]
    counter: int | None = None

    @property
    def waits(self) -> bool:
        return self.kind in {"first", "nearly", "ahead"}


def place_in_queue(hall: HallState, number: str, *, elsewhere: object) -> PlaceInQueue:
    """``elsewhere``: what is said of somebody whom the hall does not show."""
    for call in hall.calls:
        if call.number == number:
            kind = "called" if call.state == VisitState.CALLED else "serving"
            counter = call.counter if kind == "called" else None
            return PlaceInQueue(number, kind, (str(WORDS[kind]) % {"counter": call.counter},), counter)
    for queue in hall.lines:
        if number in queue.numbers:
            ahead = queue.numbers.index(number)
            kind = "first" if ahead == 0 else "nearly" if ahead <= hall.nearly else "ahead"
            wait = () if queue.stopped else (_wait(queue.waits, ahead),)
            return PlaceInQueue(number, kind, (str(WORDS[kind]) % {"ahead": ahead}, *wait))
    return PlaceInQueue(number, "", (str(elsewhere),))


@dataclass(frozen=True)
class QueueToday:
    """A service in words: the number called last and where, and how many wait."""

    name: str
    called: str
    waiting: str


def queues_today(hall: HallState) -> list[QueueToday]:
    """Of each service that is given now, or that somebody waits for; `static/js/queues.js` goes on with it."""
    last = {call.service: call for call in reversed(hall.recent)}
    said = _("%(number)s ke loket %(counter)s")
    return [
        QueueToday(
            name=queue.name,
            called=said % asdict(last[queue.service]) if queue.service in last else _("belum ada yang dipanggil"),
            waiting=_("%(count)s menunggu") % {"count": len(queue.numbers)},
        )
        for queue in hall.lines
    ]


def _wait(waits: list[tuple[int, int]], ahead: int) -> str:
    if not waits:
        return str(WORDS["unsure"])
    low, high = waits[min(ahead, len(waits) - 1)]
    return str(WORDS[_word(low, high, beyond=ahead >= len(waits))]) % {"low": low, "high": high}


def _word(low: int, high: int, *, beyond: bool) -> str:
    """As a person would say it who has looked at the clock."""
    if low >= HOUR:
        return "hour"
    if beyond:
        return "beyond" if low else "unsure"
    if high <= SOON:
        return "soon"
    if high > HOUR:
        return "from" if low else "unsure"  # anything from now to hours says nothing
    if low == 0:
        return "within"
    return "about" if high - low <= SOON else "between"


def words_for_script() -> dict[str, dict[str, str]]:
    return {name: {key: str(text) for key, text in words.items()} for name, words in _FOR_SCRIPT.items()}


_FOR_SCRIPT = {"say": WORDS, "title": TITLES}
