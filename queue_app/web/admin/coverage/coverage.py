"""The coverage of recording by kecamatan, and taking over a new table of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Response, flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from queue_app.adapters.table_export import Cell
from queue_app.db import db, unit_of_work
from queue_app.domain.coverage import CLASSES, CoverageTable, class_of
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.queries.coverage.table import coverage_of, recorded_since
from queue_app.services.coverage.take_over import take_over
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.figures.figure_words import written
from queue_app.web.admin.records.table_files import KINDS, table_file
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

LONGEST = 20_000  # characters: a hundred lines have half as many


class CoverageForm(OfficeForm):
    rows = TextAreaField(
        _l("Tabel cakupan"),
        description=_l(
            "Salin dari CSV atau lembar kerja, dengan baris judul: kode, nama, wajib, terekam, tanggal. Misalnya: "
            "33.14.10,Sragen,58200,57610,2026-10-31"
        ),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=LONGEST)],
        widget=GovTextArea(),
    )

    refusal_fields: ClassVar[dict[str, str]] = {"invalid_coverage": "rows"}


@bp.get("/angka/cakupan")
@requires(Permission.VIEW_FIGURES)
def coverage() -> str:
    table = coverage_of(db.session(), g.staff.office_id)
    return render_template(
        "admin/coverage/coverage.html",
        table=table,
        since=recorded_since(db.session(), g.staff.office_id, table.counted_on) if table else 0,
        class_of=class_of,
        classes=CLASSES,
        columns=_counts(),
        number=lambda value: "–" if value is None else written(float(value)),
        file_types=KINDS,
    )


@bp.route("/angka/cakupan/baru", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def new_coverage() -> str | AnyResponse | tuple[str, int]:
    form = CoverageForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                table = take_over(session, g.staff.office_id, form.rows.data, actor=actor(), now=now())
            flash(_("%(count)s kecamatan disimpan.") % {"count": len(table.kecamatan)}, "success")
            return redirect(url_for(".coverage"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template("admin/coverage/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/angka/cakupan/berkas/<file_type>")
@requires(Permission.VIEW_FIGURES)
def download_coverage(file_type: str) -> Response:
    table = coverage_of(db.session(), g.staff.office_id)
    if table is None or file_type not in KINDS:
        raise NotFound()
    columns = (_("Kode"), _("Kecamatan"), *_counts())
    rows: Any = (dict(zip(columns, row, strict=True)) for row in _rows(table))
    return table_file(file_type, f"cakupan-{table.counted_on}", columns, rows, sheet=_("Cakupan perekaman"))


def _counts() -> tuple[str, ...]:
    return _("Wajib KTP-el"), _("Terekam"), _("Belum terekam"), _("Cakupan (%)")


def _rows(table: CoverageTable) -> Sequence[tuple[Cell, ...]]:
    return [
        (one.code, one.name, one.obliged, one.recorded, one.missing, None if one.share is None else float(one.share))
        for one in table.kecamatan
    ]
