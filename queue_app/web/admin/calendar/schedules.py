"""The weekly schedules of a service: see them, and set a new one after seeing what it would do."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import InvalidSchedule, ReasonRequired
from queue_app.domain.roles import Permission
from queue_app.models import OfficeService
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.calendar.schedules import is_over, leading, schedules
from queue_app.queries.calendar.withdrawn import withdrawn_tickets
from queue_app.services.calendar.preview import preview_schedule
from queue_app.services.calendar.schedule import set_schedule
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.weekdays import WEEKDAYS

from .schedule_form import SHARES, ConfirmScheduleForm, ScheduleForm

PREVIEWED_DAYS = 40  # rows of the preview; more are counted


@bp.get("/jadwal/<int:office_service_id>")
@requires(Permission.EDIT_QUOTA)
def schedule(office_service_id: int) -> str:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    rows = schedules(db.session(), offering.id)
    return render_template(
        "admin/schedule.html",
        offering=offering,
        schedules=rows,
        in_force=leading(rows, today()),
        over=[row for row in rows if is_over(row, rows, today())],
        weekdays=WEEKDAYS,
        shares=SHARES,
    )


@bp.get("/jadwal/<int:office_service_id>/ubah")
@requires(Permission.EDIT_QUOTA)
def edit_schedule(office_service_id: int) -> str:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    # Tomorrow is the first possible day; one more leaves people who booked for tomorrow their times.
    start = today() + timedelta(days=2)
    form = ScheduleForm(formdata=None)
    form.fill(leading(schedules(db.session(), offering.id), start), start)
    return _edit_page(offering, form)


@bp.post("/jadwal/<int:office_service_id>/ubah")
@requires(Permission.EDIT_QUOTA)
def set_new_schedule(office_service_id: int) -> str | Response | tuple[str, int]:
    """Three steps on one address: fill in, see what it does, confirm. Everything typed travels along."""
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    step = request.form.get("step")
    confirming = step == "confirm"
    form = ConfirmScheduleForm() if confirming else ScheduleForm()
    if step in {"add", "edit"}:
        form.add_rows()
        return _edit_page(offering, form)
    if not form.validate_on_submit():
        only_reason = confirming and set(form.errors) == {"reason"}
        return (_preview_page(offering, form) if only_reason else _edit_page(offering, form)), 422
    try:
        if not confirming:
            return _preview_page(offering, ConfirmScheduleForm(reason=None))
        with unit_of_work() as session:
            set_schedule(session, offering.id, form.schedule(), reason=form.reason.data, actor=actor(), now=now())
    except ReasonRequired as refusal:
        form.refuse(refusal, "reason")
        return _preview_page(offering, form), 422
    except InvalidSchedule as refusal:
        form.refuse_schedule(refusal)
        return _edit_page(offering, form), 422
    flash(_("Jadwal baru disimpan. Hari-hari yang sudah ada mengikutinya."), "success")
    too_many = withdrawn_tickets(db.session(), office_id=offering.office_id, service_id=offering.service_id, now=now())
    page = ".withdrawn" if too_many else ".schedule"
    return redirect(url_for(page, office_service_id=office_service_id), 303)


def _edit_page(offering: OfficeService, form: ScheduleForm) -> str:
    return render_template("admin/schedule_edit.html", offering=offering, form=form)


def _preview_page(offering: OfficeService, form: ConfirmScheduleForm) -> str:
    return render_template(
        "admin/schedule_preview.html",
        offering=offering,
        form=form,
        posted=[(name, value) for name, value in request.form.items(multi=True) if _travels(name)],
        effect=preview_schedule(db.session(), offering.id, form.schedule(), now=now()),
        limit=PREVIEWED_DAYS,
    )


def _travels(name: str) -> bool:
    return name in {"name", "valid_from", "valid_until"} or name.startswith("windows-")
