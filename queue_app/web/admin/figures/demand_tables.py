"""Tables of a report about demand beside the booked: who came again, and attempts that were refused."""

from __future__ import annotations

from collections.abc import Sequence

from queue_app.adapters.table_export import Cell
from queue_app.domain.figures.refusals import RefusalReason
from queue_app.models import Service
from queue_app.queries.figures.refused import ByReason
from queue_app.queries.figures.report import Report
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language

from .figure_words import REFUSALS, defined
from .report_table import Table, share_of


def came_again(report: Report) -> Table:
    rows = []
    for service_id, service in sorted(report.names.items(), key=lambda one: (one[1].position, one[0])):
        sums = report.services[service_id]
        here = sums["came"] + sums["walk_ins"]
        rows.append((in_language(service, "name"), here, sums["again"], share_of(sums["again"], here)))
    columns = (_("Layanan"), _("Hadir"), _("Datang lagi"), _("Bagian (%)"))
    return Table("datang-lagi", _("Datang lagi dalam 30 hari"), defined("again"), columns, rows)


def refused_attempts(refused: Sequence[tuple[Service, ByReason]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (in_language(service, "name"), sum(counts.values()), *(counts[reason] for reason in RefusalReason))
        for service, counts in refused
    ]
    columns = (_("Layanan"), _("Semua"), *(str(REFUSALS[reason]) for reason in RefusalReason))
    attempts = sum(sum(counts.values()) for _service, counts in refused)
    note = _("Sedikitnya %(count)s percobaan memesan ditolak.") % {"count": attempts}
    return Table("ditolak", _("Percobaan yang ditolak"), defined("refused"), columns, rows, note=note)
