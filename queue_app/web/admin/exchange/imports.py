"""Tables that come from elsewhere: looked at row by row, and then carried out, all of one or nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, g, render_template, url_for
from sqlalchemy.orm import Session

from queue_app.adapters.pdf.characters import unprintable
from queue_app.adapters.table_export import XLSX_TYPE
from queue_app.adapters.table_import import read_table
from queue_app.adapters.table_template import csv_template, xlsx_template
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.exchange.columns import COLUMNS, NIK, ImportKind
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.exchange.rows import Sheet, rows_of
from queue_app.domain.roles import Permission
from queue_app.queries.access.permitted import offices_permitted
from queue_app.queries.access.staff import administers_every_office
from queue_app.services.exchange.bookings import Importer, import_bookings
from queue_app.services.exchange.holidays import import_holidays
from queue_app.services.exchange.offered import import_services
from queue_app.services.exchange.report import ImportRefused, Report, record_import
from queue_app.services.exchange.staff import import_staff
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.admin.records.table_files import KINDS as FILE_TYPES
from queue_app.web.forms.email_field import read_email
from queue_app.web.request import actor, keyring, now, settings, today
from queue_app.web.site.contact import forget_contacts

from .import_form import ImportForm
from .import_words import ACTS, KINDS, problem_said, problems_said, remark, told

Answer = str | tuple[str, int]


class _OnlyLooked(Exception):
    """Nothing of this transaction may stay: it was done to see what it would do."""


@bp.get("/impor")
@requires(Permission.EXCHANGE_DATA)
def imports() -> str:
    return render_template(
        "admin/exchange/imports.html", kinds=KINDS, all_offices=administers_every_office(db.session(), g.staff.staff_id)
    )


@bp.route("/impor/<kind>", methods=["GET", "POST"])
@requires(Permission.EXCHANGE_DATA)
def import_table(kind: str) -> Answer:
    wanted = _kind(kind)
    form = ImportForm(wanted)
    if not form.validate_on_submit():
        return _page(wanted, form), 422 if form.is_submitted() else 200
    content = form.content()
    try:
        sheet, reason = rows_of(wanted, read_table(content)), form.given_reason()
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(wanted, form), 422
    digest = keyring().request_digest(hashlib.sha256(content).hexdigest()).hex()
    run = form.run.data and form.seen.data == digest
    try:
        report = _carry_out(wanted, sheet, form, reason, run=run)
    except ImportRefused as refused:
        form.complain(problems_said(len(refused.report.problems)), "file")
        return _page(wanted, form, sheet=sheet, report=refused.report), 422
    form.seen.data = digest
    return _page(wanted, form, sheet=sheet, report=report, ran=run)


@bp.get("/impor/<kind>/templat/<file_type>")
@requires(Permission.EXCHANGE_DATA)
def import_template(kind: str, file_type: str) -> Response:
    wanted = _kind(kind)
    headings = [column.heading for column in COLUMNS[wanted]]
    if file_type not in FILE_TYPES:
        raise NotFound()
    if file_type == "xlsx":
        answer = Response(xlsx_template(headings, remark(wanted), sheet=wanted.value), content_type=XLSX_TYPE)
    else:
        answer = Response("".join(csv_template(headings, remark(wanted))), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"templat-{wanted}.{file_type}")
    return answer


def _kind(typed: str) -> ImportKind:
    if typed not in set(ImportKind):
        raise NotFound()
    if typed == ImportKind.HOLIDAYS:
        refuse_unless_all_offices()
    return ImportKind(typed)


def _carry_out(kind: ImportKind, sheet: Sheet, form: ImportForm, reason: str, *, run: bool) -> Report:
    """What each row does. Only where it is to ``run`` does it stay: a look does the same, and takes it all back.

    Raises ImportRefused.
    """
    if kind in (ImportKind.SERVICES, ImportKind.HOLIDAYS):
        _complain_of_signs(sheet)
    report = Report(())
    try:
        with unit_of_work() as session:
            report = _import(session, kind, sheet, form, reason)
            if not run:
                raise _OnlyLooked()
            by: dict[str, Any] = {"reason": reason or None, "actor": actor(), "now": now()}
            record_import(session, kind, report, g.staff.office_id, **by)
    except _OnlyLooked:
        return report
    forget_contacts()
    return report


def _import(session: Session, kind: ImportKind, sheet: Sheet, form: ImportForm, reason: str) -> Report:
    me, moment = g.staff.staff_id, now()
    offices = offices_permitted(session, me, Permission.EXCHANGE_DATA)
    by: dict[str, Any] = {"actor": actor(), "now": moment}
    match kind:
        case ImportKind.STAFF:
            return import_staff(session, sheet.rows, offices=offices, invited_by=me, now=moment)
        case ImportKind.SERVICES:
            every = administers_every_office(session, me)
            return import_services(session, sheet.rows, offices=offices, may_add_own=every, reason=reason, **by)
        case ImportKind.HOLIDAYS:
            return import_holidays(session, sheet.rows, offices=offices, reason=reason, today=today(), **by)
    importer = Importer(offices, keyring(), actor(), tells=form.tells.data)
    return import_bookings(session, sheet.rows, importer, read_email=read_email, now=moment)


def _complain_of_signs(sheet: Sheet) -> None:
    """These texts are printed; what no printer of ours can show is told of now."""
    for row in sheet.rows:
        for column, cell in row.cells():
            if isinstance(cell, str) and (signs := unprintable(cell)):
                row.complain(CellRefused(reason="unprintable", signs=" ".join(signs)), column)


def _page(kind: ImportKind, form: ImportForm, *, sheet: Sheet | None = None, **result: Any) -> str:
    return render_template(
        "admin/exchange/import.html",
        kind=kind,
        words=KINDS[kind],
        form=form,
        columns=COLUMNS[kind],
        sheet=sheet,
        acts=ACTS,
        told=told,
        said=problem_said,
        link=lambda token: settings().public_url + url_for("staff.invitation", token=token),
        with_nik=any(column.heading == NIK for column in COLUMNS[kind]),
        **result,
    )
