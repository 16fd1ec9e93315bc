"""Tables of the survey: by element, by service, over time, and the answers one by one of closed quarters."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy.orm import Session

from queue_app.adapters.table_export import Cell
from queue_app.domain.figures.openness import FEWEST
from queue_app.domain.surveys import Element, Period, Result, as_index, grade_of, people_wanted, periods_back
from queue_app.queries.surveys import singly
from queue_app.queries.surveys.results import Results, results
from queue_app.web.admin.figures.charts import bar_chart
from queue_app.web.admin.figures.figure_words import written
from queue_app.web.admin.figures.report_table import Table
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.surveys.survey_words import QUESTIONS, grade_word

from .period_form import Chosen, period_word

BACK = 6  # periods of the same kind, beside each other
INDEX = _l(
    "Indeks: rata-rata nilai (1–4) sembilan unsur dengan bobot sama (1/9), dikali 25, dibulatkan di akhir ke dua angka "
    "(PermenPANRB 14/2017). Mutu: A mulai 88,31; B mulai 76,61; C mulai 65,00; D di bawahnya."
)
WANTED = _l(
    "Responden minimal: tabel Krejcie dan Morgan (keyakinan 95%, toleransi 5%) untuk jumlah yang dilayani "
    "sampai saat ini, hari ini termasuk."
)
FEW = _l(
    "Indeks dan mutu disebut bila sedikitnya %(fewest)s orang menjawab. Layanan dengan jawaban kurang dari itu ikut "
    "dihitung dalam “Semua layanan” hanya bila bersama-sama sedikitnya %(fewest)s, agar jawabannya tidak terbuka dari "
    "selisihnya."
)


def by_element(result: Result) -> Table:
    rows: list[tuple[Cell, ...]] = []
    bars = []
    for number, element in enumerate(Element, 1):
        mean = result.mean(element) or Fraction(0)
        index = as_index(mean)
        name = str(QUESTIONS[element].name)
        means = rounded(mean, 3), rounded(mean / len(Element), 3)
        rows.append((f"U{number} {name}", *means, float(index), grade_of(index).value))
        bars.append((name, float(index), written(float(index))))
    title = _("Per unsur")
    columns = (_("Unsur"), _("Nilai rata-rata"), _("Tertimbang (1/9)"), _("Dikali 25"), _("Mutu"))
    weakest = QUESTIONS[result.weakest].name if result.weakest else ""
    note = _("Unsur terendah: %(element)s.") % {"element": weakest}
    chart = bar_chart(title, _("Nilai tiap unsur, dari 25 sampai 100."), bars)
    return Table("unsur", title, (str(INDEX),), columns, rows, chart, note)


def by_service(found: Results) -> Table:
    rows = [_numbers(in_language(one.service, "name"), one.result, one.served) for one in found.services]
    if len(rows) > 1:
        rows.append(_numbers(_("Semua layanan"), found.total, found.served))
    columns = (*(_("Layanan"), _("Responden"), _("Dilayani"), _("Responden minimal"), _("Indeks"), _("Mutu")),)
    return Table("layanan", _("Per layanan"), _definitions(), columns, rows, note=_left_out(found))


def over_time(session: Session, office_id: int, chosen: Chosen) -> Table:
    rows: list[tuple[Cell, ...]] = []
    bars = []
    for period in reversed(periods_back(chosen.period.first, chosen.period.kind, BACK)):
        found = results(session, office_id, period.first, period.last, service_id=chosen.service_id)
        rows.append(_numbers(period_word(period), found.total, found.served))
        if found.total.index is not None:
            bars.append((period_word(period), float(found.total.index), written(float(found.total.index))))
    title = _("Dari waktu ke waktu")
    columns = (_("Periode"), _("Responden"), _("Dilayani"), _("Responden minimal"), _("Indeks"), _("Mutu"))
    chart = bar_chart(title, _("Indeks tiap periode, dari 25 sampai 100."), bars) if bars else None
    return Table("waktu", title, _definitions(), columns, rows, chart)


def single_answers(session: Session, office_id: int, quarter: Period) -> Table:
    """As the regulation's work sheet wants them: without day and order, which could tell whose they are."""
    untold = _("kurang dari %(fewest)s jawaban: layanan tidak ditampilkan") % {"fewest": FEWEST}
    rows: list[tuple[Cell, ...]] = [
        (in_language(service, "name") if service else untold, channel, *scores)
        for service, channel, *scores in singly.answers(session, office_id, quarter)
    ]
    elements = [f"U{number}" for number in range(1, len(Element) + 1)]
    return Table("jawaban", _("Jawaban satu per satu"), (), (_("Layanan"), _("Saluran"), *elements), rows)


def rounded(value: Fraction, places: int) -> float:
    return float(round(value, places))


def _left_out(found: Results) -> str:
    """Nothing where the total is made of all answers."""
    if not found.left_out:
        return ""
    told = {"count": found.left_out, "fewest": FEWEST}
    return _("%(count)s jawaban dari layanan dengan kurang dari %(fewest)s jawaban tidak ikut dihitung.") % told


def _definitions() -> tuple[str, ...]:
    return str(INDEX), str(WANTED), str(FEW) % {"fewest": FEWEST}


def _numbers(word: str, result: Result, served: int) -> tuple[Cell, ...]:
    wanted, index = people_wanted(served), result.index
    grade = grade_word(result, wanted) if result.people else None
    return word, result.people, served, wanted, None if index is None else float(index), grade
