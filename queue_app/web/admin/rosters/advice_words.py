"""The quota advice in words: what it was reckoned from, what came out, and why it is not more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queue_app.domain.figures.histogram import A_MINUTE
from queue_app.domain.quota_advice import Advice, Limit
from queue_app.domain.quota_inputs import Assumptions, DayFacts, ServiceFacts
from queue_app.domain.simulation.day import Outlook
from queue_app.web.admin.figures.charts import Chart, bar_chart
from queue_app.web.admin.figures.figure_words import minutes, written
from queue_app.web.site.language import gettext as _

AN_HOUR, HUNDRED = 3600, 100
Known = tuple[str, str]  # a value, and where it is from


@dataclass(frozen=True)
class Case:
    """A row of the table: one quota on one kind of day."""

    name: str
    quota: int
    seen: Outlook

    def cells(self) -> Sequence[str]:
        seen = self.seen
        return (
            *(str(self.quota), str(round(seen.came)), minutes(seen.wait), minutes(seen.most_wait)),
            *(minutes(seen.overtime), percent(seen.idle), written(round(seen.left, 1))),
        )


def cases(advice: Advice, proposal: str) -> list[Case]:
    """``proposal``: what the advised quota is called."""
    (now, now_all), (then, then_all) = advice.current, advice.proposed
    return [
        Case(_("Sekarang"), advice.now, now),
        Case(_("Sekarang, semua datang"), advice.now, now_all),
        Case(proposal, advice.places, then),
        Case(_("%(quota)s, semua datang") % {"quota": proposal}, advice.places, then_all),
    ]


def columns() -> Sequence[str]:
    return (
        *(
            _("Kuota umum"),
            _("Yang datang, semua layanan"),
            _("Menunggu, rata-rata"),
            _("Sembilan dari sepuluh paling lama"),
        ),
        *(_("Selesai sesudah tutup"), _("Loket menganggur"), _("Tidak terlayani")),
    )


def charts(rows: Sequence[Case]) -> Iterator[Chart]:
    """The same as the table, side by side; a bar says its number alone, and its title of what."""
    of_minutes = {
        _("Sembilan dari sepuluh menunggu paling lama, menit"): [row.seen.most_wait for row in rows],
        _("Orang terakhir selesai sesudah tutup, menit"): [row.seen.overtime for row in rows],
    }
    numbers = {title: [round(one / A_MINUTE) for one in seconds] for title, seconds in of_minutes.items()}
    numbers[_("Jam loket tanpa orang, persen")] = [round(HUNDRED * row.seen.idle) for row in rows]
    for title, of_rows in numbers.items():
        bars = [(row.name, number, str(number)) for row, number in zip(rows, of_rows, strict=True)]
        yield bar_chart(title, ", ".join(f"{name}: {read}" for name, _number, read in bars), bars)


def why(limit: Limit, wanted: Assumptions) -> str:
    targets = wanted.targets
    reasons = {
        Limit.WAIT: _("Dengan lebih banyak tempat, sembilan dari sepuluh orang menunggu lebih dari %(most)s.")
        % {"most": minutes(targets.wait)},
        Limit.OVERTIME: _("Dengan lebih banyak tempat, orang terakhir selesai lebih dari %(most)s sesudah loket tutup.")
        % {"most": minutes(targets.overtime)},
        Limit.UNSERVED: _("Dengan lebih banyak tempat, ada yang pulang tanpa dilayani."),
        Limit.OTHERS: _(
            "Sasaran tidak tercapai juga tanpa satu tempat pun: hari itu sudah terlalu penuh untuk loketnya."
        ),
        Limit.OVERBOOKING: _("Tambahan lebih dari ini tidak diberikan, berapa pun yang biasanya tidak datang."),
        Limit.NOTHING: _("Loket masih sanggup melayani lebih banyak daripada yang dihitung di sini."),
    }
    return reasons[limit]


def service_time(facts: ServiceFacts, wanted: Assumptions) -> Known:
    if wanted.seconds is not None:
        return minutes(wanted.seconds), typed()
    if facts.times:
        mean = _("%(number)s menit") % {"number": written(round(facts.times.mean / A_MINUTE, 1))}
        return mean, _("diukur dari %(people)s kunjungan") % {"people": facts.times.people}
    if facts.stated:
        return minutes(facts.unmeasured * A_MINUTE), _("menurut standar pelayanan kantor, belum terukur")
    return minutes(facts.unmeasured * A_MINUTE), _("dianggap, karena belum terukur")


def absence(facts: ServiceFacts, wanted: Assumptions) -> Known:
    if wanted.absence is not None:
        return percent(wanted.absence), typed()
    if facts.absence is None:
        return percent(0), _("dianggap semua datang, karena belum terukur")
    return percent(facts.absence), _("dari %(people)s pemesan") % {"people": facts.came + facts.missed}


def walk_ins(facts: ServiceFacts) -> Known:
    if not facts.days:
        return _("tidak ada"), _("belum terukur")
    number = _("%(number)s orang sehari") % {"number": written(round(facts.walk_ins, 1))}
    return number, _("rata-rata %(days)s hari") % {"days": facts.days}


def counters(facts: DayFacts, services: Sequence[int], wanted: Assumptions) -> Known:
    here = facts.taking(services)
    if wanted.counters is not None and here:
        return str(wanted.counters), typed()
    hours = sum(post.open_seconds for post in here) / AN_HOUR
    numbers = [str(number) for number, post in zip(facts.numbers, facts.posts, strict=True) if post in here]
    said = _("%(counters)s, bersama-sama %(hours)s jam") % {
        "counters": _("loket %(number)s") % {"number": ", ".join(numbers)} if numbers else _("tidak ada"),
        "hours": written(round(hours, 1)),
    }
    if facts.rostered:
        return said, _("menurut jadwal petugas")
    return said, _("dianggap, karena jadwal petugas hari itu kosong")


def kits(facts: DayFacts, wanted: Assumptions) -> Known:
    if wanted.kits is not None:
        return str(wanted.kits), typed()
    if facts.kits is None:
        return _("satu di setiap loket perekaman"), _("data kantor")
    return str(facts.kits), _("data kantor")


def percent(share: float) -> str:
    return f"{round(HUNDRED * share)} %"


def typed() -> str:
    return _("diisi di atas")
