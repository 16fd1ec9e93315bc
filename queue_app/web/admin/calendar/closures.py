"""Close a day, see who is affected, and open it again."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import service_day_at
from queue_app.queries.calendar.days import affected_counts, affected_tickets
from queue_app.services.calendar.closing import close_day, open_day
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import CloseDayForm, ReasonForm
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _


@bp.route("/hari/tutup/<int:service_day_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def close(service_day_id: int) -> str | Response | tuple[str, int]:
    """Write the reason, see how many people it touches, confirm."""
    service_day_at(db.session(), service_day_id, g.staff.office_id)
    form = CloseDayForm()
    confirm = False
    if form.validate_on_submit():
        confirm = request.form.get("step") in {"preview", "confirm"}
        if request.form.get("step") == "confirm":
            try:
                with unit_of_work() as session:
                    close_day(
                        session,
                        service_day_id,
                        reason_id=form.reason_id.data,
                        reason_en=form.reason_en.data or "",
                        actor=actor(),
                        now=now(),
                    )
                flash(_("Hari ditutup. Warga melihat alasannya; tidak ada yang dapat memesan lagi."), "success")
                return redirect(url_for(".affected", service_day_id=service_day_id), 303)
            except DomainError as refusal:
                form.refuse(refusal)
                confirm = False
    day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    page = render_template(
        "admin/day_close.html",
        day=day,
        offering=offering,
        form=form,
        confirm=confirm,
        affected=affected_counts(db.session(), [day.id]).get(day.id, 0),
    )
    return page, 422 if form.is_submitted() and not confirm and request.form.get("step") != "edit" else 200


@bp.get("/hari/terdampak/<int:service_day_id>")
@requires(Permission.EDIT_QUOTA)
def affected(service_day_id: int) -> str:
    day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    return render_template(
        "admin/affected.html", day=day, offering=offering, tickets=affected_tickets(db.session(), day.id)
    )


@bp.route("/hari/buka/<int:service_day_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def reopen(service_day_id: int) -> str | Response | tuple[str, int]:
    service_day_at(db.session(), service_day_id, g.staff.office_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                open_day(session, service_day_id, reason=form.reason.data, actor=actor(), now=now())
            flash(_("Hari dibuka lagi."), "success")
            return redirect(url_for(".day_quota", service_day_id=service_day_id), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/day_open.html", day=day, offering=offering, form=form), status
