"""The first step: the office's own data. And a further office."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Office
from queue_app.queries.access.staff import administered_offices, administers_every_office
from queue_app.services.access.staff import switch_office
from queue_app.services.calendar.offices import OfficeChange, update_office
from queue_app.services.setup.copying import copy_office
from queue_app.services.setup.offices import NewOffice, create_office
from queue_app.web.access.cookies import cookie
from queue_app.web.access.rules import STAFF_COOKIE, requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.admin.calendar.offices import FIELDS, OfficeDataForm, hours_by_schedules_said, takes_hours_over
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.forms.zones import zone_field
from queue_app.web.request import actor, now
from queue_app.web.site.contact import forget_contacts
from queue_app.web.site.head import forget_site
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .logo import logo_field, put_logo, sent_logo
from .steps import REASON, on_to_next, step_page


class OfficeStepForm(OfficeDataForm):
    """Nobody has to say why an office is given its first address. The logo is there for those who may set it."""

    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "logo"}

    reason = None
    logo = logo_field()


class NewOfficeForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "name"}

    name = StringField(
        _l("Nama kantor"),
        description=_l("Misalnya Titik Layanan Distrik Abepura. Nama ini juga menjadi alamat halamannya."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=100), can_be_printed],
        widget=GovTextInput(),
    )
    region = StringField(
        _l("Kabupaten, kota, atau distrik"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=100), can_be_printed],
        widget=GovTextInput(),
    )
    zone = zone_field()
    like = SelectField(_l("Samakan layanan, jam, dan kuota dengan"), coerce=int, default=0, widget=GovSelect())


@bp.route("/persiapan/kantor", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def setup_office() -> str | Response | tuple[str, int]:
    found = db.session().get_one(Office, g.staff.office_id)
    form = OfficeStepForm(data={name: getattr(found, name) or "" for name in FIELDS})
    if not administers_every_office(db.session(), g.staff.staff_id):
        del form.logo
    taken_over = takes_hours_over(form)
    if not taken_over and form.validate_on_submit():
        try:
            change = OfficeChange(**{name: form[name].data or "" for name in FIELDS})
            logo = sent_logo(form.logo) if form.logo else None
            with unit_of_work() as session:
                update_office(session, g.staff.office_id, change, reason=REASON, actor=actor(), now=now())
                if logo:
                    put_logo(session, logo)
            forget_contacts()
            forget_site()
            return on_to_next("office")
        except DomainError as refusal:
            form.refuse(refusal)
    page = step_page("office", form=form, map_url=found.map_url, scheduled=hours_by_schedules_said())
    return page, 422 if form.is_submitted() and not taken_over else 200


@bp.route("/kantor/baru", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def new_office() -> str | Response | tuple[str, int]:
    """A further service point; whoever makes it goes on there, with its set-up."""
    refuse_unless_all_offices()
    form = NewOfficeForm(data={"zone": g.staff.time_zone})
    known = administered_offices(db.session(), g.staff.staff_id)
    form.like.choices = [
        SelectChoice(0, _("Tidak: mulai dari kosong")),
        *(SelectChoice(one.id, one.name) for one in known),
    ]
    if form.validate_on_submit():
        try:
            new = NewOffice(form.name.data, form.zone.data, form.region.data)
            with unit_of_work() as session:
                office = create_office(session, new, actor=actor(), now=now())
                if form.like.data:
                    copy_office(session, form.like.data, office.id, actor=actor(), now=now())
                switch_office(session, cookie(STAFF_COOKIE) or "", office.id)
                name = office.name
            forget_contacts()
            flash(_("%(name)s dibuat. Anda sekarang bekerja di sana.") % {"name": name}, "success")
            return redirect(url_for(".setup_office"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template("admin/setup/new_office.html", form=form), 422 if form.is_submitted() else 200
