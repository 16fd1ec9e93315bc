"""The kiosks of the office: create and enrol them, lock one out, choose where it prints."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.kiosks import CODE_LIFETIME, NAME_MAX
from queue_app.domain.roles import Permission
from queue_app.models import Device
from queue_app.queries.access.kiosks import device_at, devices_of
from queue_app.queries.printing.printing import printers_of
from queue_app.services.access import kiosks as device_service
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

SHOWN_ONCE = "enrolment_code"  # in the session: [device id, code], until it was shown


class DeviceForm(OfficeForm):
    refusal_fields = {"invalid_device_name": "name"}

    name = StringField(
        _l("Nama kios"),
        description=_l("Tempat berdirinya, misalnya: Pintu masuk."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=NAME_MAX)],
        widget=GovTextInput(),
    )


@bp.get("/kios")
@requires(Permission.MANAGE_DEVICES)
def devices() -> str:
    office_id = g.staff.office_id
    return render_template(
        "admin/devices.html",
        devices=devices_of(db.session(), office_id),
        printers=printers_of(db.session(), office_id, active=True),
        now=now(),
    )


@bp.route("/kios/baru", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def new_device() -> str | Response | tuple[str, int]:
    form = DeviceForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as unit:
                device, code = device_service.create_device(
                    unit, office_id=g.staff.office_id, name=form.name.data, actor=actor(), now=now()
                )
                device_id = device.id
            return _show_once(device_id, code)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template("admin/device_new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/kios/<int:device_id>/kode")
@requires(Permission.MANAGE_DEVICES)
def device_code(device_id: int) -> str:
    """The code, the one time that it can be seen; afterwards how to get another one."""
    device = _device(device_id)
    shown_for, code = session.pop(SHOWN_ONCE, (None, None))
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    return render_template(
        "admin/device_code.html",
        device=device,
        code=code if shown_for == device.id else None,
        minutes=minutes,
        address=url_for("kiosk.start", office=device.office.slug, _external=True),
    )


@bp.post("/kios/<int:device_id>/kode-baru")
@requires(Permission.MANAGE_DEVICES)
def new_device_code(device_id: int) -> Response:
    with unit_of_work() as unit:
        code = device_service.new_code(unit, device_id, office_id=g.staff.office_id, actor=actor(), now=now())
    return _show_once(device_id, code)


@bp.route("/kios/<int:device_id>/kunci", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def lock_device(device_id: int) -> str | Response | tuple[str, int]:
    return _with_reason(device_id, device_service.lock, "admin/device_lock.html", _("Kios dikunci."))


@bp.route("/kios/<int:device_id>/buka", methods=["GET", "POST"])
@requires(Permission.MANAGE_DEVICES)
def unlock_device(device_id: int) -> str | Response | tuple[str, int]:
    return _with_reason(device_id, device_service.unlock, "admin/device_unlock.html", _("Kios dibuka kembali."))


@bp.post("/kios/<int:device_id>/printer")
@requires(Permission.MANAGE_DEVICES)
def choose_printer(device_id: int) -> Response:
    chosen = request.form.get("printer", type=row_number)  # none: the kiosk prints nowhere
    with unit_of_work() as unit:
        device_service.remember_printer(unit, device_id, chosen, office_id=g.staff.office_id, actor=actor(), now=now())
    flash(_("Printer kios disimpan."), "success")
    return redirect(url_for(".devices"), 303)


def _with_reason(device_id: int, change: object, template: str, done: str) -> str | Response | tuple[str, int]:
    form = ReasonForm()
    device = _device(device_id)
    if form.validate_on_submit():
        try:
            with unit_of_work() as unit:
                change(  # type: ignore[operator]
                    unit, device_id, office_id=g.staff.office_id, reason=form.reason.data, actor=actor(), now=now()
                )
            flash(done, "success")
            return redirect(url_for(".devices"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template(template, form=form, device=device), 422 if form.is_submitted() else 200


def _device(device_id: int) -> Device:
    device = device_at(db.session(), device_id, g.staff.office_id)
    if device is None:
        raise NotFound()
    return device


def _show_once(device_id: int, code: str) -> Response:
    session[SHOWN_ONCE] = [device_id, code]
    return redirect(url_for(".device_code", device_id=device_id), 303)
