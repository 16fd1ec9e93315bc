"""Doubts about the quota advice in words: all that was taken for granted, and why some are not served although counters
are idle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from flask import url_for

from queue_app.adapters.language import format_time
from queue_app.domain.quota_advice import Advice
from queue_app.domain.quota_inputs import USUAL_MINUTES, USUAL_RECORDING, DayFacts, Doubt
from queue_app.domain.rosters import monday_of
from queue_app.domain.simulation.day import DayPlan
from queue_app.domain.unserved import Cause, Unserved, uneven, unserved
from queue_app.domain.without_roster import WORKS
from queue_app.web.admin.figures.figure_words import written
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _

from .advice_words import AN_HOUR, percent


@dataclass(frozen=True)
class Remark:
    """One doubt: what was taken for granted, in one sentence and its details, and where what is so is entered."""

    text: str
    details: Sequence[str] = ()
    address: str = ""
    link: str = ""


def estimate(doubts: Collection[Doubt]) -> str:
    """The mark of a number that is none to go by."""
    return _("Perkiraan tanpa jadwal petugas") if Doubt.NO_ROSTER in doubts else _("Perkiraan")


def remarks(doubts: Collection[Doubt], facts: DayFacts, services: Collection[int], day: date) -> list[Remark]:
    return [_remark(doubt, facts, services, day) for doubt in doubts]


def _remark(doubt: Doubt, facts: DayFacts, services: Collection[int], day: date) -> Remark:
    match doubt:
        case Doubt.NO_ROSTER:
            text = _(
                "Hari itu belum ada petugas yang dijadwalkan. Dianggap: satu petugas di tiap loket yang dipakai, "
                "paling lama %(hours)s jam sehari."
            )
            return Remark(
                text % {"hours": written(WORKS / AN_HOUR)},
                [*_hours(facts, services), *_people(facts, services)],
                url_for("admin.roster", minggu=monday_of(day).isoformat()),
                _("Isi jadwal petugas"),
            )
        case Doubt.NO_TIMES:
            number = sum(facts.services[one].is_guessed for one in services)
            text = ngettext(
                "Lama satu layanan belum diukur dan belum ditulis kantor. Dianggap %(recording)s menit untuk "
                "perekaman, %(other)s menit untuk yang lain.",
                "Lama %(number)s layanan belum diukur dan belum ditulis kantor. Dianggap %(recording)s menit untuk "
                "perekaman, %(other)s menit untuk yang lain.",
                number,
            )
            told = {"number": number, "recording": USUAL_RECORDING, "other": USUAL_MINUTES}
            return Remark(text % told, (), url_for("admin.quota"), _("Isi lama pelayanan di loket"))
        case Doubt.ASKED:
            return Remark(_("Angka dari “Bagaimana kalau …” menggantikan yang sebenarnya."))


def _hours(facts: DayFacts, services: Collection[int]) -> Iterator[str]:
    """Counters that are open in the same hours together."""
    same: defaultdict[tuple[tuple[float, float], ...], list[str]] = defaultdict(list)
    for number, post in zip(facts.numbers, facts.posts, strict=True):
        if post.services & frozenset(services):
            same[post.shifts].append(str(number))
    for shifts, numbers in same.items():
        hours = [f"{_clock(start)}–{_clock(end)}" for start, end in shifts]
        yield _("loket %(number)s: %(hours)s") % {"number": ", ".join(numbers), "hours": ", ".join(hours)}


def _people(facts: DayFacts, services: Collection[int]) -> Iterator[str]:
    counters = len(facts.taking(services))
    if not facts.officers:
        yield _("petugas yang dapat dijadwalkan di kantor ini: belum ada")
    elif facts.officers < counters:
        told = {"officers": facts.officers, "counters": counters}
        yield _("petugas yang dapat dijadwalkan di kantor ini: hanya %(officers)s untuk %(counters)s loket") % told


def _clock(seconds: float) -> str:
    return format_time(time(int(seconds // 3600) % 24, int(seconds % 3600 // 60)), None, current_language())


def idle_beside_unserved(plan: DayPlan, advice: Advice, names: Mapping[int, str], proposal: str) -> list[str]:
    """For the quota of now and the one that is advised, if everybody came. ``proposal``: what that one is called."""
    looks = ((_("Sekarang, semua datang"), advice.current[1]), (proposal, advice.proposed[1]))
    said = []
    for name, seen in looks:
        by_cause: defaultdict[Cause, list[Unserved]] = defaultdict(list)
        for one in unserved(plan, seen):
            by_cause[one.cause].append(one)
        for cause, some in by_cause.items():
            services = "; ".join(_unserved(one, names) for one in sorted(some, key=lambda one: -one.people))
            said.append(f"{name}: {services}. {_why(cause)}")
    return said


def idle_beside_full(advice: Advice) -> str:
    """Of several services that were asked about together; empty where their counters are about as busy."""
    shares = uneven(advice.proposed[1]) if len(advice.by_service) > 1 else None
    if shares is None:
        return ""
    return _(
        "Loket yang paling sibuk menganggur %(least)s, yang paling sepi %(most)s: kuota semua layanan diubah "
        "sebanding, dan layanan yang lebih dahulu penuh menentukan. Pilih satu layanan untuk menghitungnya sendiri."
    ) % {"least": percent(shares[0]), "most": percent(shares[1])}


def _unserved(one: Unserved, names: Mapping[int, str]) -> str:
    told = {"service": names[one.service], "people": written(round(one.people, 1)), "idle": percent(one.idle)}
    return _("%(service)s %(people)s orang (loketnya menganggur %(idle)s)") % told


def _why(cause: Cause) -> str:
    reasons = {
        Cause.KITS: _("Perangkat perekaman lebih sedikit daripada loketnya, sehingga loket menunggu perangkat."),
        Cause.OTHER_SERVICES: _("Loketnya penuh; loket lain yang menganggur tidak melayani layanan itu."),
        Cause.OTHER_HOURS: _(
            "Loketnya menganggur pada jam lain: orang-orang itu datang terlalu banyak sekaligus atau menjelang tutup, "
            "dan empat jam sesudah tutup tidak ada yang dipanggil lagi."
        ),
    }
    return reasons[cause]
