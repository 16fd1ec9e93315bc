"""Results of the satisfaction survey: by period and service, on a page and as files."""

from __future__ import annotations

from flask import Response, g, render_template

from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Permission
from queue_app.domain.surveys import Period, PeriodKind, people_wanted, quarters_of
from queue_app.models import Office
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.surveys.results import Results, results
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.figures.figure_words import cell_written
from queue_app.web.admin.figures.report_table import Table
from queue_app.web.admin.records.table_files import KINDS, table_file
from queue_app.web.request import today
from queue_app.web.surveys.survey_words import grade_word

from .period_form import Chosen, PeriodForm, key_of, period_form, period_word
from .result_tables import by_element, by_service, over_time, single_answers


@bp.get("/angka/survei")
@requires(Permission.VIEW_FIGURES)
def survey_results() -> str | tuple[str, int]:
    form, chosen = _asked()
    found = _results(chosen) if chosen else None
    page = render_template(
        "admin/surveys/results.html",
        form=form,
        chosen=chosen,
        found=found,
        asks=db.session().get_one(Office, g.staff.office_id).survey_by_message,
        word=period_word(chosen.period) if chosen else "",
        grade_word=grade_word,
        wanted=people_wanted(found.served) if found else 0,
        quarters=[(one, period_word(one), key_of(one)) for one in quarters_of(chosen.period)] if chosen else [],
        today=today(),
        tables=_tables(chosen, found) if chosen and found else [],
        file_types=KINDS,
        number=cell_written,
    )
    return page if chosen else (page, 422)


@bp.get("/angka/survei/<table>/<file_type>")
@requires(Permission.VIEW_FIGURES)
def download_survey(table: str, file_type: str) -> Response:
    _form, chosen = _asked()
    if chosen is None or file_type not in KINDS:
        raise NotFound()
    tables = [*_tables(chosen, _results(chosen)), *_single(chosen.period)]
    found = next((one for one in tables if one.name == table), None)
    if found is None:
        raise NotFound()
    name = f"survei-{found.name}-{key_of(chosen.period)}"
    return table_file(file_type, name, found.columns, found.by_column(), sheet=found.title)


def _asked() -> tuple[PeriodForm, Chosen | None]:
    return period_form(services_of(db.session(), g.staff.office_id), today())


def _results(chosen: Chosen) -> Results:
    period = chosen.period
    return results(db.session(), g.staff.office_id, period.first, period.last, service_id=chosen.service_id)


def _tables(chosen: Chosen, found: Results) -> list[Table]:
    elements = [by_element(found.total)] if found.total.is_told else []
    services = [by_service(found)] if found.total.people else []
    return [*elements, *services, over_time(db.session(), g.staff.office_id, chosen)]


def _single(period: Period) -> list[Table]:
    is_closed = period.kind is PeriodKind.QUARTER and today() >= period.closed_from
    return [single_answers(db.session(), g.staff.office_id, period)] if is_closed else []
