"""The receipt printers of the office: list, add, try out, take out of use."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.printing import HOST_MAX, NAME_MAX
from queue_app.domain.roles import Permission
from queue_app.queries.printing.printing import printers_of
from queue_app.services.printing.printers import add_printer, deactivate_printer
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.office_form import IntegerField, OfficeForm, RadioInput
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.printing.receipts import print_trial
from queue_app.web.printing.words import words_for
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

RAW_PRINTING = 9100  # the port on which receipt printers take what is to be printed

LINES = {
    48: _l("80 mm, 48 huruf sebaris (paling umum)"),
    42: _l("80 mm, 42 huruf sebaris (misalnya Epson TM-T88II sampai V, Star TSP600)"),
    32: _l("58 mm, 32 huruf sebaris"),
}


class PrinterForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_printer": "host"}

    name = StringField(
        _l("Nama printer"),
        description=_l("Supaya petugas tahu yang mana, misalnya Meja depan 1."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=NAME_MAX), can_be_printed],
        widget=GovTextInput(),
    )
    host = StringField(
        _l("Alamat"),
        description=_l("Alamat IP atau nama mesin, misalnya 192.168.1.50. Tanpa http:// dan tanpa garis miring."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=HOST_MAX)],
        widget=GovTextInput(),
    )
    port = IntegerField(
        _l("Porta"), default=RAW_PRINTING, validators=[InputRequired(), NumberRange(1, 65535)], widget=GovTextInput()
    )
    columns = SelectField(
        _l("Kertas dan panjang baris"),
        description=_l("Kalau barisan angka di halaman uji turun ke baris kedua, pilih baris yang lebih pendek."),
        coerce=int,
        choices=[SelectChoice(columns, text) for columns, text in LINES.items()],
        default=48,
        widget=RadioInput(),
    )


@bp.get("/printer")
@requires(Permission.MANAGE_DEVICES)
def printers() -> str:
    return _page(PrinterForm(formdata=None))


@bp.post("/printer")
@requires(Permission.MANAGE_DEVICES)
def new_printer() -> Response | tuple[str, int]:
    form = PrinterForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                printer = add_printer(
                    session,
                    office_id=g.staff.office_id,
                    name=form.name.data,
                    host=form.host.data,
                    port=form.port.data,
                    columns=form.columns.data,
                    actor=actor(),
                    now=now(),
                )
                name = printer.name
            flash(_("Printer %(name)s ditambahkan. Cetak halaman uji.") % {"name": name}, "success")
            return redirect(url_for(".printers"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "name" if refusal.details.get("reason") == "name" else None)
    return _page(form), 422


@bp.post("/printer/<int:printer_id>/uji")
@requires(Permission.MANAGE_DEVICES)
def try_printer(printer_id: int) -> Response:
    outcome = print_trial(printer_id, office_id=g.staff.office_id, actor=actor())
    words = words_for(outcome.state, outcome.problem)
    flash(f"{words.short}. {words.advice}", "success" if words.kind == "success" else "important")
    return redirect(url_for(".printers"), 303)


@bp.post("/printer/<int:printer_id>/nonaktifkan")
@requires(Permission.MANAGE_DEVICES)
def remove_printer(printer_id: int) -> Response:
    with unit_of_work() as session:
        printer = deactivate_printer(session, printer_id, office_id=g.staff.office_id, actor=actor(), now=now())
        name = printer.name
    flash(_("Printer %(name)s tidak dipakai lagi.") % {"name": name}, "success")
    return redirect(url_for(".printers"), 303)


def _page(form: PrinterForm) -> str:
    return render_template(
        "admin/printers.html", form=form, printers=printers_of(db.session(), g.staff.office_id, active=True)
    )
