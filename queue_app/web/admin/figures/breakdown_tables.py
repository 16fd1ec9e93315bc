"""Tables of a report by a breakdown: channels, lead, priority, outcomes, waits and service times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queue_app.adapters.table_export import Cell
from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.figures.histogram import DAYS, MINUTES, percentile_span, span_of
from queue_app.domain.visits import MAY_COME_AGAIN
from queue_app.queries.figures.report import Report
from queue_app.web.booking.way_words import WAYS
from queue_app.web.site.language import gettext as _

from .charts import Chart, bar_chart
from .day_tables import HALF, NINE_OF_TEN, shares_chart
from .figure_words import ENDS, PRIORITIES, defined, span_in_minutes, written
from .report_table import Table, in_minutes, share_of


def by_channel(report: Report) -> Table:
    title = _("Saluran")
    rows = _by_word(report, Breakdown.CHANNEL, WAYS)
    columns = (title, _("Orang"), _("Bagian (%)"), _("Datang"), _("Tidak datang"))
    return Table("saluran", title, defined("channel"), columns, rows, _people_chart(title, rows))


def by_priority(report: Report) -> Table:
    title = _("Prioritas")
    rows = _by_word(report, Breakdown.PRIORITY, PRIORITIES)
    columns = (title, _("Orang"), _("Bagian (%)"), _("Datang"), _("Tidak datang"))
    return Table("prioritas", title, defined("channel"), columns, rows, _people_chart(title, rows))


def by_outcome(report: Report) -> Table:
    title = _("Hasil layanan")
    rows = [row[:3] for row in _by_word(report, Breakdown.OUTCOME, ENDS)]
    again = sum(report.breakdown(Breakdown.OUTCOME)[outcome].people for outcome in MAY_COME_AGAIN)
    everybody = sum(tally.people for tally in report.breakdown(Breakdown.OUTCOME).values())
    told = {"count": again, "share": written(share_of(again, everybody))}
    note = _("Dijamin datang lagi: %(count)s orang (%(share)s%%).") % told
    columns = (title, _("Orang"), _("Bagian (%)"))
    return Table("hasil", title, defined("outcome"), columns, rows, _people_chart(title, rows), note)


def by_lead(report: Report) -> Table:
    title = _("Ketidakhadiran menurut jarak pemesanan")
    tallies = report.breakdown(Breakdown.LEAD)
    rows = [
        (_days(low), one.people, one.came, one.missed, share_of(one.missed, one.came + one.missed))
        for low in DAYS
        if (one := tallies.get(str(low)))
    ]
    columns = (_("Jarak pemesanan"), _("Dipesan"), _("Datang"), _("Tidak datang"), _("Ketidakhadiran (%)"))
    return Table("jarak", title, defined("lead", "absence"), columns, rows, shares_chart(title, columns[0], rows))


def waits(report: Report) -> Table:
    mean, bars = report.total.mean_wait, report.bars(Breakdown.WAIT)
    return _histogram("tunggu", _("Waktu tunggu"), "wait", mean, bars)


def service_times(report: Report) -> Table:
    mean, bars = report.total.mean_service, report.bars(Breakdown.SERVICE_TIME)
    return _histogram("lama-layanan", _("Lama layanan"), "service_time", mean, bars)


def _histogram(name: str, title: str, definition: str, mean: float | None, bars: Mapping[int, int]) -> Table:
    everybody = sum(bars.values())
    rows: list[tuple[Cell, ...]] = [
        (span_in_minutes(span_of(low, MINUTES)), people, share_of(people, everybody))
        for low in MINUTES
        if (people := bars.get(low, 0))
    ]
    half, most = (span_in_minutes(percentile_span(bars, share)) for share in (HALF, NINE_OF_TEN))
    told = {"mean": written(in_minutes(mean)), "half": half, "most": most}
    note = _("Rata-rata %(mean)s menit, median %(half)s, persentil 90 %(most)s.") % told
    definitions = defined(definition, "percentile", "bars")
    return Table(name, title, definitions, (title, _("Orang"), _("Bagian (%)")), rows, _people_chart(title, rows), note)


def _by_word(report: Report, which: Breakdown, words: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    """In the order of the words; a word that nobody falls under has no row."""
    tallies = report.breakdown(which)
    everybody = sum(tally.people for tally in tallies.values())
    return [
        (str(word), one.people, share_of(one.people, everybody), one.came, one.missed)
        for key, word in words.items()
        if (one := tallies.get(key))
    ]


def _people_chart(title: str, rows: Sequence[tuple[Cell, ...]]) -> Chart | None:
    if not rows:
        return None
    bars = [(str(row[0]), float(row[1]), f"{row[1]}") for row in rows if isinstance(row[1], int)]
    return bar_chart(title, _("Jumlah orang."), bars)


def _days(low: int) -> str:
    span = span_of(low, DAYS)
    if span.high is None:
        return _("%(number)s hari atau lebih") % {"number": low}
    if span.high == low + 1:
        return _("%(number)s hari") % {"number": low}
    return _("%(low)s–%(high)s hari") % {"low": low, "high": span.high - 1}
