"""Reports over any range of days, on a page and as files."""

from __future__ import annotations

from datetime import date

from flask import Response, g, render_template, url_for

from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Permission
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.figures.refused import refused
from queue_app.queries.figures.report import report
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.records.table_files import KINDS, table_file
from queue_app.web.request import today

from .breakdown_tables import by_channel, by_lead, by_outcome, by_priority, service_times, waits
from .day_tables import by_day, by_period, by_service, by_weekday, sold_out, sold_out_days
from .demand_tables import came_again, refused_attempts
from .figure_words import cell_written
from .range_form import Range, RangeForm, presets, range_form
from .report_table import Table
from .work_tables import by_counter, by_officer


@bp.get("/angka/laporan")
@requires(Permission.VIEW_FIGURES)
def figures_report() -> str | tuple[str, int]:
    form = _form()
    chosen = _range(form)
    tables = _tables(chosen) if chosen else []
    page = render_template(
        "admin/figures/report.html",
        form=form,
        chosen=chosen,
        presets=[(word, url_for(".figures_report", **one.address()), one == chosen) for word, one in presets(today())],
        tables=tables,
        today=today(),
        file_types=KINDS,
        number=cell_written,
    )
    return page if chosen else (page, 422)


@bp.get("/angka/laporan/<table>/<file_type>")
@requires(Permission.VIEW_FIGURES)
def download_figures(table: str, file_type: str) -> Response:
    chosen = _range(_form())
    found = next((one for one in _tables(chosen) if one.name == table), None) if chosen else None
    if chosen is None or found is None or file_type not in KINDS:
        raise NotFound()
    name = f"angka-{found.name}-{chosen.first}-{chosen.last}"
    return table_file(file_type, name, found.columns, found.by_column(), sheet=found.title)


def _form() -> RangeForm:
    return range_form(services_of(db.session(), g.staff.office_id), today())


def _range(form: RangeForm) -> Range | None:
    if not form.validate():
        return None
    first: date = form.dari.data
    return Range(first, form.sampai.data, form.layanan.data)


def _tables(chosen: Range) -> list[Table]:
    asked = (db.session(), g.staff.office_id, chosen.first, chosen.last)
    found = report(*asked, service_id=chosen.service_id)
    attempts = refused(*asked, service_id=chosen.service_id)
    made = (
        *(by_period(found), by_day(found), by_service(found), sold_out(found), sold_out_days(found, g.staff.time_zone)),
        *(refused_attempts(attempts), came_again(found)),
        *(by_weekday(found), by_lead(found), waits(found), service_times(found), by_channel(found)),
        *(by_priority(found), by_outcome(found)),
        *((by_counter(found), by_officer(found)) if chosen.service_id is None else ()),  # they serve them all
    )
    return [table for table in made if table is not None and table.rows]
