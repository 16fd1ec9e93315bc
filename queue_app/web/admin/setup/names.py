"""How a service is called, and where it stands among the others."""

from __future__ import annotations

from typing import ClassVar

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.access.staff import administered_offices
from queue_app.queries.calendar.offices import offices_giving, services_of
from queue_app.services.setup.names import ServiceNames, move_offering, rename_service
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm, reason_field
from queue_app.web.booking.categories import by_category
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language

from .services import OwnServiceForm

NAMES = tuple(ServiceNames.__dataclass_fields__)
WAYS = {"up": -1, "down": 1}


class NamesForm(OwnServiceForm):
    refusal_fields: ClassVar[dict[str, str]] = {**OwnServiceForm.refusal_fields, **ReasonForm.refusal_fields}

    reason = reason_field()


@bp.route("/layanan/<int:office_service_id>/nama", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def offering_name(office_service_id: int) -> str | Response | tuple[str, int]:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    form = NamesForm(data={name: getattr(offering.service, name) for name in NAMES})
    mine = {office.id for office in administered_offices(db.session(), g.staff.staff_id)}
    if form.validate_on_submit():
        names = ServiceNames(**{name: form[name].data for name in NAMES})
        by = {"answers_for": mine, "reason": form.reason.data, "actor": actor(), "now": now()}
        try:
            with unit_of_work() as session:
                changed = rename_service(session, offering.service_id, names, **by)
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".quota"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    giving = offices_giving(db.session(), offering.service_id)
    others = [office for office in giving if office.id not in mine]
    page = render_template("admin/setup/name.html", form=form, offering=offering, giving=giving, others=others)
    return page, 422 if form.is_submitted() else 200


@bp.get("/layanan/urutan")
@requires(Permission.EDIT_QUOTA)
def service_order() -> str:
    groups = by_category(services_of(db.session(), g.staff.office_id))
    return render_template("admin/setup/order.html", groups=groups)


@bp.post("/layanan/<int:office_service_id>/pindah")
@requires(Permission.EDIT_QUOTA)
def move_service(office_service_id: int) -> Response:
    """One place up or down, by a button each."""
    way = WAYS.get(request.form.get("step", ""))
    if way is None:
        abort(400)
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    name = in_language(offering.service, "name")
    with unit_of_work() as session:
        place = move_offering(session, office_service_id, way, actor=actor(), now=now())
    flash(_("%(service)s sekarang nomor %(place)s di kelompoknya.") % {"service": name, "place": place}, "success")
    return redirect(url_for(".service_order", _anchor=f"service-{office_service_id}"), 303)
