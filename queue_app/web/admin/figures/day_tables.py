"""Tables of a report by time and by service: quota, demand, absence, and when days were sold out."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from queue_app.adapters.language import format_short_day, format_short_month
from queue_app.adapters.table_export import Cell
from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.figures.histogram import percentile_span
from queue_app.queries.figures.report import Report, Sums
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.weekdays import WEEKDAYS

from .charts import Chart, bar_chart, line_chart
from .figure_words import defined, span_in_minutes, written
from .report_table import MOST_SHOWN, Table, in_minutes, percent, share_of

WEEKS_UP_TO = 200  # days of a range; a longer one is shown by month
HALF, NINE_OF_TEN = 0.5, 0.9
OF_PLACES = ("places", "demand", "absence")


def by_day(report: Report) -> Table:
    days = sorted(report.days.items())
    words = [format_short_day(day, current_language()) for day, _sums in days]
    chart = _chart(words, [sums for _day, sums in days]) if 0 < len(days) <= MOST_SHOWN else None
    rows = [(day, *_numbers(sums)) for day, sums in days]
    return Table("hari", _("Per hari"), defined(*OF_PLACES), (_("Tanggal"), *_columns()), rows, chart)


def by_period(report: Report) -> Table | None:
    """By week or month, where there are too many days for a page."""
    if len(report.days) <= MOST_SHOWN:
        return None
    days = sorted(report.days)
    weekly = (days[-1] - days[0]).days <= WEEKS_UP_TO
    periods: dict[str, Sums] = defaultdict(Sums)
    for day in days:
        monday = day - timedelta(days=day.weekday())
        word = format_short_day(monday, current_language()) if weekly else format_short_month(day, current_language())
        periods[word].update(report.days[day])
    rows = [(word, *_numbers(sums)) for word, sums in periods.items()]
    title, column = (_("Per minggu"), _("Mulai")) if weekly else (_("Per bulan"), _("Bulan"))
    chart = _chart([*periods], [*periods.values()])
    return Table("periode", title, defined(*OF_PLACES), (column, *_columns()), rows, chart)


def by_service(report: Report) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for service_id, service in sorted(report.names.items(), key=lambda one: (one[1].position, one[0])):
        spans = _spans(report, service_id)
        rows.append((in_language(service, "name"), *_numbers(report.services[service_id]), *spans))
    if len(rows) > 1:
        rows.append((_("Semua layanan"), *_numbers(report.total), *_spans(report, None)))
    columns = (_("Layanan"), *_columns(), _("Tunggu, median"), _("Tunggu, persentil 90"))
    definitions = defined(*OF_PLACES, "wait", "percentile", "bars")
    return Table("layanan", _("Per layanan"), definitions, columns, rows)


def by_weekday(report: Report) -> Table:
    weekdays: dict[int, Sums] = defaultdict(Sums)
    for day, sums in report.days.items():
        weekdays[day.weekday()].update(sums)
    rows = [
        (str(WEEKDAYS[number]), sums["booked"], sums["came"], sums["missed"], percent(sums.absence))
        for number, sums in sorted(weekdays.items())
        if sums["came"] + sums["missed"]
    ]
    columns = (_("Hari"), _("Dipesan"), _("Datang"), _("Tidak datang"), _("Ketidakhadiran (%)"))
    title = _("Ketidakhadiran menurut hari")
    return Table("hari-kerja", title, defined("absence"), columns, rows, shares_chart(title, _("Hari"), rows))


def sold_out(report: Report) -> Table:
    """By service: on how many days with public places none was left."""
    first, to_the_end = defaultdict[int, int](int), defaultdict[int, int](int)
    for one in report.full:
        first[one.service_id] += 1
        to_the_end[one.service_id] += one.at is not None
    rows = [
        (
            in_language(service, "name"),
            report.quota_days[service_id],
            first[service_id],
            to_the_end[service_id],
            share_of(to_the_end[service_id], report.quota_days[service_id]),
        )
        for service_id, service in sorted(report.names.items(), key=lambda one: (one[1].position, one[0]))
    ]
    columns = (_("Layanan"), _("Hari dengan kuota"), _("Pernah penuh"), _("Habis sampai akhir"), _("Habis (%)"))
    return Table("habis", _("Hari yang habis"), defined("sold_out"), columns, rows)


def sold_out_days(report: Report, zone: str) -> Table:
    rows = [
        (
            one.day,
            in_language(report.names[one.service_id], "name"),
            _local(one.first_at, zone),
            _local(one.at, zone) if one.at else None,
        )
        for one in report.full
    ]
    columns = (_("Tanggal"), _("Layanan"), _("Pertama penuh"), _("Habis sampai akhir sejak"))
    return Table("saat-habis", _("Saat tempat umum habis"), defined("sold_out"), columns, rows)


def shares_chart(title: str, by: str, rows: list[tuple[str, int, int, int, float | None]]) -> Chart:
    bars = [(row[0], row[4] or 0, f"{written(row[4])}%") for row in rows]
    return bar_chart(title, _("Persen tidak datang, menurut: %(by)s.") % {"by": by}, bars)


def _columns() -> tuple[str, ...]:
    return (
        *(_("Kuota umum"), _("Kuota lain"), _("Ditutup"), _("Tiket"), _("Batal")),
        *(_("Pindah"), _("Dipesan"), _("Datang"), _("Tidak datang"), _("Absen (%)")),
        *(_("Tanpa pemesanan"), _("Dilayani"), _("Tunggu rata-rata (menit)")),
    )


def _numbers(one: Sums) -> tuple[Cell, ...]:
    return (
        *(one["public_quota"], one["kept_quota"], one["closed_places"], one["tickets"], one["cancelled"]),
        *(one["moved"], one["booked"], one["came"], one["missed"], percent(one.absence)),
        *(one["walk_ins"], one["served"], in_minutes(one.mean_wait)),
    )


def _spans(report: Report, service_id: int | None) -> tuple[str, ...]:
    bars = report.bars(Breakdown.WAIT, service_id)
    return tuple(span_in_minutes(percentile_span(bars, share)) for share in (HALF, NINE_OF_TEN))


def _chart(words: list[str], sums: list[Sums]) -> Chart:
    return line_chart(
        _("Kuota, dipesan, datang"),
        _("Garis putus-putus: kuota. Bulat: dipesan. Kotak: datang."),
        words,
        [
            (_("Kuota"), [one.quota for one in sums]),
            (_("Dipesan"), [one["booked"] for one in sums]),
            (_("Datang"), [one["came"] for one in sums]),
        ],
    )


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))
