"""The services of the office: the way to their schedules and days, and their texts and times."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import BeforeDay
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import OfficeService
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.calendar.holidays import undecided_years
from queue_app.queries.calendar.offices import services_of, stopped_services_of
from queue_app.services.calendar.offerings import OfferingChange, update_offering
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import OfferingForm
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _

STANDARD = ("steps_id", "steps_en", "minutes", "legal_basis")  # of service, as the office publishes it


@bp.get("/layanan")
@requires(Permission.EDIT_QUOTA)
def quota() -> str:
    return render_template(
        "admin/offerings.html",
        offerings=services_of(db.session(), g.staff.office_id),
        stopped=stopped_services_of(db.session(), g.staff.office_id),
        undecided=undecided_years(db.session(), today()),
        may_decide=administers_every_office(db.session(), g.staff.staff_id),
    )


@bp.route("/layanan/<int:office_service_id>/ubah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def edit_offering(office_service_id: int) -> str | Response | tuple[str, int]:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    form = OfferingForm(data=_present(offering))
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                changed = update_offering(
                    session, office_service_id, _change(form), reason=form.reason.data, actor=actor(), now=now()
                )
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".quota"), 303)
        except DomainError as refusal:
            field = "opens_days" if refusal.details.get("reason") == "booking_times" else None
            form.refuse(refusal, field)
            offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/offering_edit.html", offering=offering, form=form), status


def _present(of: OfficeService) -> dict[str, object]:
    return {
        "who_id": of.who_id,
        "who_en": of.who_en,
        "requirements_id": of.requirements_id,
        "requirements_en": of.requirements_en,
        "opens_days": of.opens_days_before,
        "opens_at": of.opens_at,
        "closes_days": of.closes_days_before,
        "closes_at": of.closes_at,
        "changes_days": of.changes_close_days_before,
        "changes_at": of.changes_close_at,
        "early_minutes": of.early_minutes,
        "late_minutes": of.late_minutes,
        "walk_ins_per_day": of.walk_ins_per_day,
        "releases_at": of.releases_at,
        **{name: getattr(of, name) for name in STANDARD},
    }


def _change(form: OfferingForm) -> OfferingChange:
    return OfferingChange(
        who_id=form.who_id.data,
        who_en=form.who_en.data,
        requirements_id=form.requirements_id.data,
        requirements_en=form.requirements_en.data,
        opens=BeforeDay(form.opens_days.data, form.opens_at.data),
        closes=BeforeDay(form.closes_days.data, form.closes_at.data),
        changes_close=BeforeDay(form.changes_days.data, form.changes_at.data),
        early_minutes=form.early_minutes.data,
        late_minutes=form.late_minutes.data,
        walk_ins_per_day=form.walk_ins_per_day.data,
        releases_at=form.releases_at.data,
        **{name: form[name].data for name in STANDARD},
    )
