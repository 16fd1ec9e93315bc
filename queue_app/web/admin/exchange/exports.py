"""Every table that an administrator may take away: what is in it, and the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from flask import Response, g, render_template, request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovTextInput
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from queue_app.adapters.table_export import Row
from queue_app.db import db, end_reading, unit_of_work
from queue_app.domain.clock import office_date
from queue_app.domain.errors import DomainError
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Permission
from queue_app.queries.access.permitted import offices_permitted
from queue_app.queries.exchange.all_tables import TABLES
from queue_app.queries.exchange.table import Scope, Table
from queue_app.services.records.exports import record_export
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.records.table_files import KINDS, table_file
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .export_words import TITLES, said

MOST = 250_000  # rows of a file: more would hold a worker for longer than somebody waits


class ExportForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    table = SelectField(
        _l("Tabel"), choices=[SelectChoice(name, title) for name, title in TITLES.items()], widget=GovSelect()
    )
    file_type = SelectField(
        _l("Bentuk berkas"), choices=[SelectChoice(kind, kind.upper()) for kind in KINDS], widget=GovSelect()
    )
    first = DayField(_l("Dari tanggal"), validators=[Optional()])
    last = DayField(_l("Sampai tanggal"), validators=[Optional()])
    personal = BooleanField(_l("Sertakan NIK, nama, dan kontak yang utuh"), widget=GovCheckboxInput())
    reason = StringField(
        _l("Untuk apa data pribadi itu"),
        description=_l(
            "Hanya bila dicentang di atas. Tercatat dalam jejak audit; jangan tulis nama, NIK, atau nomor HP."
        ),
        filters=[trimmed],
        validators=[Length(max=300)],
        widget=GovTextInput(),
    )

    def validate_last(self, field: DayField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("Tanggal akhir harus sesudah tanggal awal."))

    def scope(self, table: Table) -> Scope:
        """Of the offices that whoever asks answers for."""
        offices = offices_permitted(db.session(), g.staff.staff_id, Permission.EXCHANGE_DATA)
        days = {"first": self.first.data, "last": self.last.data} if table.dated else {}
        personal = bool(table.personal and self.personal.data)
        return Scope({office.id: office.time_zone for office in offices}, keyring(), personal=personal, **days)


@bp.get("/ekspor")
@requires(Permission.EXCHANGE_DATA)
def exports() -> str:
    return _page(ExportForm(formdata=None))


@bp.post("/ekspor")
@requires(Permission.EXCHANGE_DATA)
def export_table() -> Response | tuple[str, int]:
    """That it is taken, by whom and what for, is written down before the first line leaves."""
    form = ExportForm()
    if not form.validate():
        return _page(form), 422
    table = TABLES[form.table.data]
    scope = form.scope(table)
    try:
        reason = read_reason(form.reason.data or "") if scope.personal else None
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(form), 422
    count = table.count(db.session(), scope)
    if count > MOST:
        form.complain(_("Lebih dari %(most)s baris. Persempit tanggalnya.") % {"most": MOST}, "first")
        return _page(form), 422
    _record(form, table, scope, count, reason, at=now())
    day = office_date(now(), g.staff.time_zone)
    name, title = f"{table.name}-{day}", str(TITLES[table.name])
    return table_file(form.file_type.data, name, table.columns, _rows(table, scope), sheet=title)


def _record(form: ExportForm, table: Table, scope: Scope, count: int, reason: str | None, *, at: datetime) -> None:
    days = {name: day.isoformat() for name, day in (("since", scope.first), ("until", scope.last)) if day}
    taken = {"table": table.name, "format": form.file_type.data, "rows": count, **days}
    with unit_of_work() as session:
        what = "table.revealed" if scope.personal else "table.exported"
        record_export(session, what, g.staff.office_id, taken, reason=reason, actor=actor(), now=at)


def _rows(table: Table, scope: Scope) -> Iterator[Row]:
    session = db.session()
    for page in table.pages(session, scope):
        end_reading(session)  # whoever takes it slowly must not keep the database from tidying up
        for cells in page:
            yield dict(zip(table.columns, map(said, cells), strict=True))


def _page(form: ExportForm, **more: Any) -> str:
    if request.method == "GET":
        form.table.data = next(iter(TITLES))
    return render_template("admin/exchange/exports.html", form=form, tables=TABLES, titles=TITLES, **more)
