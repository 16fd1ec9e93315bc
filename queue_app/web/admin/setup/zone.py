"""Another time zone for the office, after a look at what it moves."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Office
from queue_app.services.setup.zone import change_zone, preview_zone
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import reason_field
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.zones import zone_field
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _


class ZoneForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "zone"}

    zone = zone_field()


class ConfirmZoneForm(ZoneForm):
    refusal_fields: ClassVar[dict[str, str]] = {**ZoneForm.refusal_fields, "reason_required": "reason"}

    reason = reason_field()


@bp.route("/kantor/zona", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def zone() -> str | Response | tuple[str, int]:
    """Choose, see what it does, confirm with a reason."""
    office = db.session().get_one(Office, g.staff.office_id)
    confirming = request.form.get("step") == "confirm"
    form = ConfirmZoneForm() if confirming else ZoneForm(data={"zone": office.time_zone})
    if not form.is_submitted():
        return _page(form)
    valid = form.validate()
    if form.zone.errors:
        return _page(form), 422
    try:
        if not confirming:
            return _preview(ConfirmZoneForm(reason=None))
        if not valid:
            return _preview(form), 422
        with unit_of_work() as session:
            reason = form.reason.data
            change_zone(session, g.staff.office_id, form.zone.data, reason=reason, actor=actor(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return (_preview(form) if refusal.code == "reason_required" else _page(form)), 422
    flash(_("Zona waktu diubah. Jam pada jam dinding tetap sama."), "success")
    return redirect(url_for(".office"), 303)


def _page(form: ZoneForm) -> str:
    return render_template("admin/setup/zone.html", form=form)


def _preview(form: ZoneForm) -> str:
    effect = preview_zone(db.session(), g.staff.office_id, form.zone.data, now=now())
    return render_template("admin/setup/zone_preview.html", form=form, effect=effect, zone=form.zone.data)
