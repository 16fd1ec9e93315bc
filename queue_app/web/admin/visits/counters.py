"""The counters of the office, and the numbers in the published rule of who is called next."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from queue_app.db import db, unit_of_work
from queue_app.domain.calling import CallingRules
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.models import Counter, Office
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.visits.counters import counters_of
from queue_app.services.visits.counters import create_counter, set_counter
from queue_app.services.visits.rules import update_calling_rules
from queue_app.services.visits.seats import send_away
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.forms.office_form import IntegerField, OfficeForm
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l


class CounterForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"counter_number_taken": "number"}

    number = IntegerField(_l("Nomor loket"), validators=[InputRequired(), NumberRange(1, 99)], widget=GovTextInput())
    services = SelectMultipleField(
        _l("Layanan di loket ini"),
        coerce=int,
        validators=[InputRequired(_l("Pilih paling sedikit satu layanan."))],
        widget=GovCheckboxesInput(),
    )
    active = BooleanField(_l("Dipakai"), default=True, widget=GovCheckboxInput())


RULES = {
    "regular_per_priority": (_l("Orang biasa sebelum satu orang prioritas"), 0, 20),
    "appointments_per_walk_in": (_l("Orang dengan pemesanan sebelum satu orang tanpa pemesanan"), 0, 20),
    "calls_before_skip": (_l("Panggilan sebelum boleh dilewati"), 1, 5),
    "skip_back": (_l("Yang dilewati mundur berapa orang"), 1, 30),
    "skips_before_absent": (_l("Dilewati berapa kali sebelum dianggap tidak hadir"), 0, 5),
    "more_time_back": (_l("“Perlu waktu lagi” mundur berapa orang"), 1, 30),
    "nearly": (_l("“Hampir giliran” mulai berapa orang lagi"), 1, 20),
}


class CallingRulesForm(ReasonForm):
    """One field for each number of the rule."""


for _name, (_label, _least, _most) in RULES.items():
    _field = IntegerField(_label, validators=[InputRequired(), NumberRange(_least, _most)], widget=GovTextInput())
    setattr(CallingRulesForm, _name, _field)


@bp.get("/loket")
@requires(Permission.MANAGE_COUNTERS)
def counters() -> str:
    return render_template(
        "admin/counters.html",
        counters=counters_of(db.session(), g.staff.office_id, all_of_them=True),
        rules=[(label, getattr(_rules(), name)) for name, (label, _least, _most) in RULES.items()],
    )


@bp.route("/loket/baru", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def new_counter() -> str | Response | tuple[str, int]:
    form = _with_services(CounterForm())
    if not form.is_submitted():
        taken = [one.number for one in counters_of(db.session(), g.staff.office_id, all_of_them=True)]
        form.number.data = max(taken, default=0) + 1
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                create_counter(
                    session,
                    office_id=g.staff.office_id,
                    number=form.number.data,
                    service_ids=form.services.data,
                    actor=actor(),
                    now=now(),
                )
            flash(_("Loket %(number)s dibuat.") % {"number": form.number.data}, "success")
            return redirect(url_for(".counters"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return _form_page(form, _("Loket baru"))


@bp.route("/loket/<int:counter_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def edit_counter(counter_id: int) -> str | Response | tuple[str, int]:
    counter = _counter(counter_id)
    present: dict[str, Any] = {
        "number": counter.number,
        "services": [service.id for service in counter.services],
        "active": counter.active,
    }
    form = _with_services(CounterForm(data=present))
    form.number.data = counter.number  # painted over the door: another number is another counter
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                set_counter(
                    session,
                    counter_id,
                    office_id=g.staff.office_id,
                    service_ids=form.services.data,
                    active=form.active.data,
                    actor=actor(),
                    now=now(),
                )
            flash(_("Perubahan disimpan."), "success")
            return redirect(url_for(".counters"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return _form_page(form, _("Loket %(number)s") % {"number": present["number"]}, counter_id)


@bp.route("/loket/<int:counter_id>/kosongkan", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def free_counter(counter_id: int) -> str | Response | tuple[str, int]:
    """For an officer who went home without leaving the counter."""
    counter, form = _counter(counter_id), ReasonForm()
    title = _("Kosongkan loket %(number)s") % {"number": counter.number}
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                reason = form.reason.data
                send_away(session, counter_id, office_id=g.staff.office_id, reason=reason, actor=actor(), now=now())
            flash(_("Loket dikosongkan."), "success")
            return redirect(url_for(".counters"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return _form_page(form, title)


@bp.route("/aturan-panggilan", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def edit_calling_rules() -> str | Response | tuple[str, int]:
    form = CallingRulesForm(data=_rules().__dict__)
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                wanted = CallingRules(**{name: form[name].data for name in RULES})
                reason = form.reason.data
                update_calling_rules(session, g.staff.office_id, wanted, reason=reason, actor=actor(), now=now())
            flash(_("Perubahan disimpan."), "success")
            return redirect(url_for(".counters"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return _form_page(form, _("Aturan panggilan"))


def _form_page(form: OfficeForm, title: str, counter_id: int | None = None) -> tuple[str, int]:
    fields = [
        field for field in form if field.name not in {"csrf_token", "active"} or (field.name == "active" and counter_id)
    ]
    if counter_id:
        fields = [field for field in fields if field.name != "number"]
    fields.sort(key=lambda field: field.name == "reason")  # asked for at the end
    page = render_template("admin/counter_form.html", form=form, title=title, fields=fields)
    return page, 422 if form.is_submitted() else 200


def _with_services(form: CounterForm) -> CounterForm:
    offerings = services_of(db.session(), g.staff.office_id)
    form.services.choices = [(one.service_id, in_language(one.service, "name")) for one in offerings]
    return form


def _rules() -> CallingRules:
    return db.session.get_one(Office, g.staff.office_id).calling_rules


def _counter(counter_id: int) -> Counter:
    counter = db.session.get(Counter, counter_id)
    if counter is None or counter.office_id != g.staff.office_id:
        raise NotFound()
    return counter
