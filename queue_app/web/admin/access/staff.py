"""The staff of the office: list, create, deactivate, and let somebody try to log in anew."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission, Role
from queue_app.models import Staff
from queue_app.queries.access.staff import administered_offices, may_look_after, staff_of
from queue_app.services.access import attempts
from queue_app.services.access.own_account import end_sessions as end_all_sessions
from queue_app.services.access.staff import create_staff, deactivate_staff
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ROLE_NAMES, ReasonForm, StaffForm
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _


@bp.get("/petugas")
@requires(Permission.MANAGE_STAFF)
def staff() -> str:
    colleagues = staff_of(db.session(), g.staff.office_id)
    return render_template(
        "admin/staff.html",
        colleagues=[(row, may_look_after(db.session(), g.staff.staff_id, row)) for row in colleagues],
        slowed=attempts.slowed(db.session(), colleagues, keyring=keyring(), now=now()),
        role_names=ROLE_NAMES,
    )


@bp.route("/petugas/baru", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def new_staff() -> str | Response | tuple[str, int]:
    """An account at offices that the administrator answers for, and no others."""
    form = StaffForm()
    offices = administered_offices(db.session(), g.staff.staff_id)
    form.offices.choices = [SelectChoice(office.id, office.name) for office in offices]
    if not form.is_submitted():
        form.offices.data = [g.staff.office_id]
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                create_staff(
                    session,
                    username=form.username.data,
                    name=form.name.data,
                    password=form.password.data,
                    role=Role(form.role.data),
                    office_ids=form.offices.data,
                    actor=actor(),
                    now=now(),
                )
            flash(_("Akun %(username)s dibuat.") % {"username": form.username.data.strip().lower()}, "success")
            return redirect(url_for(".staff"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template("admin/staff_new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/petugas/<int:staff_id>/nonaktifkan", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def deactivate(staff_id: int) -> str | Response | tuple[str, int]:
    colleague = _colleague(staff_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                deactivate_staff(session, staff_id, reason=form.reason.data, actor=actor(), now=now())
            flash(_("Akun dinonaktifkan. Orangnya sudah dikeluarkan dari semua perangkat."), "success")
            return redirect(url_for(".staff"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/staff_deactivate.html", form=form, colleague=colleague), status


@bp.post("/petugas/<int:staff_id>/percobaan-baru")
@requires(Permission.MANAGE_STAFF)
def allow_attempts(staff_id: int) -> Response:
    """For somebody whom wrong passwords, their own or a stranger's, make wait at the log-in."""
    name = _colleague(staff_id).name
    with unit_of_work() as session:
        attempts.allow_again(session, staff_id, keyring=keyring(), actor=actor(), now=now())
    flash(_("%(name)s dapat mencoba masuk lagi sekarang.") % {"name": name}, "success")
    return redirect(url_for(".staff"), 303)


@bp.post("/petugas/<int:staff_id>/keluarkan")
@requires(Permission.MANAGE_STAFF)
def end_sessions(staff_id: int) -> Response:
    """For a device that was lost, or a log-in that somebody forgot: the account stays as it is."""
    name = _colleague(staff_id).name
    with unit_of_work() as session:
        end_all_sessions(session, staff_id, actor=actor(), now=now())
    flash(_("%(name)s dikeluarkan dari semua perangkat.") % {"name": name}, "success")
    return redirect(url_for(".staff"), 303)


def _colleague(staff_id: int) -> Staff:
    colleague = db.session().get(Staff, staff_id)
    if colleague is None or not may_look_after(db.session(), g.staff.staff_id, colleague):
        raise NotFound()
    return colleague
