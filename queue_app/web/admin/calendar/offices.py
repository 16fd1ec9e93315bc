"""The office's own data, which stand on the pages of citizens: address, opening hours, telephone, complaints."""

from __future__ import annotations

from collections import UserString
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from queue_app.adapters.language import ENGLISH
from queue_app.db import db, unit_of_work
from queue_app.domain.contact import ADDRESS_MAX, PHONE_MAX, read_office_phone, read_web_address
from queue_app.domain.errors import DomainError
from queue_app.domain.opening_hours import hours_in_words
from queue_app.domain.phones import parse_phone
from queue_app.domain.roles import Permission
from queue_app.domain.setup import DayHours
from queue_app.models import Office
from queue_app.queries.calendar.schedules import hours_by_schedules
from queue_app.services.calendar.offices import OfficeChange, update_office
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.people import message_for
from queue_app.web.request import actor, now, today
from queue_app.web.site.contact import forget_contacts
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

FIELDS = tuple(OfficeChange.__dataclass_fields__)


def _as_domain_reads(read: Callable[[str], str]) -> Callable[[Any, Field], None]:
    def check(_form: Any, field: Field) -> None:
        try:
            read(field.data)
        except DomainError as refusal:
            raise ValidationError(message_for(refusal)) from None

    return check


def _text(label: UserString, most: int, *checks: Any, hint: UserString | str = "") -> StringField:
    first = () if InputRequired in map(type, checks) else (Optional(),)
    return StringField(
        label,
        description=hint,
        filters=[trimmed],
        validators=[*first, Length(max=most), *checks],
        widget=GovTextInput(),
    )


def _hours(label: UserString) -> TextAreaField:
    hint = _l("Satu baris satu keterangan, misalnya: Senin–Kamis 08.00–15.00.")
    return TextAreaField(
        label, description=hint, filters=[trimmed], validators=[Optional(), Length(max=500)], widget=GovTextArea()
    )


class OfficeDataForm(ReasonForm):
    name = _text(_l("Nama kantor"), 100, InputRequired())
    address = _text(_l("Alamat"), ADDRESS_MAX, InputRequired())
    map_url = _text(
        _l("Tautan peta"),
        ADDRESS_MAX,
        _as_domain_reads(read_web_address),
        hint=_l("Cari kantor di peta di internet, lalu salin tautannya, misalnya https://maps.app.goo.gl/contoh."),
    )
    opening_hours_id = _hours(_l("Jam buka"))
    opening_hours_en = _hours(_l("Jam buka, dalam bahasa Inggris"))
    phone = _text(
        _l("Telepon"),
        PHONE_MAX,
        _as_domain_reads(read_office_phone),
        hint=_l("Dengan kode wilayah, misalnya (021) 345 678."),
    )
    whatsapp = _text(
        _l("WhatsApp"),
        PHONE_MAX,
        _as_domain_reads(parse_phone),
        hint=_l("Nomor HP kantor untuk pertanyaan dan pengaduan, bukan nomor pribadi."),
    )
    email = _text(_l("Email"), 254, Email(_l("Tulis alamat email yang benar, misalnya nama@contoh.id.")))
    complaint_url = _text(
        _l("Kanal pengaduan"),
        ADDRESS_MAX,
        _as_domain_reads(read_web_address),
        hint=_l("Alamat web, misalnya https://www.lapor.go.id untuk SP4N-LAPOR!."),
    )

    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}


@bp.route("/kantor", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def office() -> str | Response | tuple[str, int]:
    found = db.session().get_one(Office, g.staff.office_id)
    form = OfficeDataForm(data={name: getattr(found, name) or "" for name in FIELDS})
    taken_over = takes_hours_over(form)
    if not taken_over and form.validate_on_submit():
        try:
            change = OfficeChange(**{name: form[name].data or "" for name in FIELDS})
            with unit_of_work() as session:
                changed = update_office(
                    session, g.staff.office_id, change, reason=form.reason.data, actor=actor(), now=now()
                )
            forget_contacts()
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".office"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    page = render_template("admin/office.html", form=form, map_url=found.map_url, scheduled=hours_by_schedules_said())
    return page, 422 if form.is_submitted() and not taken_over else 200


def takes_hours_over(form: OfficeDataForm) -> bool:
    """Whether the hours of the schedules were asked for: then they stand in the form, to be looked at and saved."""
    if request.form.get("step") != "hours":
        return False
    if scheduled := _hours_by_schedules():
        form.opening_hours_id.data, form.opening_hours_en.data = hours_in_words(scheduled)
    return True


def hours_differ(office: Office) -> bool:
    """Whether citizens read other hours than those that can be booked."""
    scheduled = hours_in_words(_hours_by_schedules())
    written = office.opening_hours_id, office.opening_hours_en
    return any(words and hours and words != hours for words, hours in zip(written, scheduled, strict=True))


def hours_by_schedules_said() -> list[str]:
    """Beside the words that an office has typed, which nothing holds to its schedules."""
    return hours_said(_hours_by_schedules())


def _hours_by_schedules() -> tuple[DayHours, ...]:
    return hours_by_schedules(db.session(), g.staff.office_id, today())


def hours_said(hours: Sequence[DayHours]) -> list[str]:
    """Line by line, in the language of the page."""
    return hours_in_words(hours)[current_language() == ENGLISH].splitlines()
