"""The staff of the office: who they are, what they may, and what helps them to come in again."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from queue_app.db import db, unit_of_work
from queue_app.domain.accounts import INVITATION_LIFETIME
from queue_app.domain.clock import lies_within
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.models import Staff
from queue_app.queries.access.staff import (
    administered_offices,
    may_give_roles,
    may_look_after,
    may_manage,
    open_invitations,
    staff_of,
    with_second_factor,
)
from queue_app.services.access import attempts, colleagues, second_factor
from queue_app.services.access.own_account import end_sessions as end_all_sessions
from queue_app.web.access.role_names import ROLE_NAMES
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import InvitationForm, ReasonForm
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _

from .role_grid import RoleGridForm

Answer = str | Response | tuple[str, int]


@bp.get("/petugas")
@requires(Permission.MANAGE_STAFF)
def staff() -> str:
    session, me, here = db.session(), g.staff.staff_id, g.staff.office_id
    people = staff_of(session, here)
    invited = open_invitations(session, here)
    return render_template(
        "admin/staff.html",
        colleagues=[(row, may_look_after(session, me, row), may_give_roles(session, me, row)) for row in people],
        invited=[
            (row, may_manage(session, me, row), lies_within(row.made_at, INVITATION_LIFETIME, now())) for row in invited
        ],
        life=INVITATION_LIFETIME,
        slowed=attempts.slowed(session, people, keyring=keyring(), now=now()),
        secured=with_second_factor(session, here),
        role_names=ROLE_NAMES,
    )


@bp.route("/petugas/<int:staff_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def edit_staff(staff_id: int) -> Answer:
    colleague = db.session().get(Staff, staff_id)
    if colleague is None or not may_give_roles(db.session(), g.staff.staff_id, colleague):
        raise NotFound()
    form = RoleGridForm(colleague, administered_offices(db.session(), g.staff.staff_id))
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                colleagues.edit_staff(session, staff_id, **form.chosen(), actor=actor(), now=now())
            flash(_("Data %(name)s disimpan.") % {"name": form.chosen()["name"] or colleague.name}, "success")
            return redirect(url_for(".staff"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template(
        "admin/staff_edit.html",
        form=form,
        colleague=colleague,
        role_names=ROLE_NAMES,
        secured=second_factor.is_on(db.session(), staff_id),
    ), 422 if form.is_submitted() else 200


@bp.route("/petugas/<int:staff_id>/nonaktifkan", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def deactivate(staff_id: int) -> Answer:
    done = _("Akun dinonaktifkan. Orangnya sudah dikeluarkan dari semua perangkat.")
    return _with_reason(staff_id, colleagues.deactivate_staff, "admin/staff_deactivate.html", done)


@bp.route("/petugas/<int:staff_id>/aktifkan", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def reactivate(staff_id: int) -> Answer:
    done = _("Akun diaktifkan lagi, dengan peran dan kata sandi yang dulu.")
    return _with_reason(staff_id, colleagues.reactivate_staff, "admin/staff_reactivate.html", done)


@bp.route("/petugas/<int:staff_id>/kode-masuk", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def reset_second_factor(staff_id: int) -> Answer:
    done = _("Kode masuk diatur ulang. Orangnya masuk dengan kata sandi, lalu memasang yang baru.")
    return _with_reason(staff_id, second_factor.reset, "admin/staff_reset_code.html", done)


@bp.post("/petugas/<int:staff_id>/percobaan-baru")
@requires(Permission.MANAGE_STAFF)
def allow_attempts(staff_id: int) -> Response:
    """For somebody whom wrong passwords or codes, their own or a stranger's, make wait at the log-in."""
    name = colleague_of(staff_id).name
    with unit_of_work() as session:
        attempts.allow_again(session, staff_id, keyring=keyring(), actor=actor(), now=now())
    flash(_("%(name)s dapat mencoba masuk lagi sekarang.") % {"name": name}, "success")
    return redirect(url_for(".staff"), 303)


@bp.post("/petugas/<int:staff_id>/keluarkan")
@requires(Permission.MANAGE_STAFF)
def end_sessions(staff_id: int) -> Response:
    """For a device that was lost, or a log-in that somebody forgot: the account stays as it is."""
    name = colleague_of(staff_id).name
    with unit_of_work() as session:
        end_all_sessions(session, staff_id, actor=actor(), now=now())
    flash(_("%(name)s dikeluarkan dari semua perangkat.") % {"name": name}, "success")
    return redirect(url_for(".staff"), 303)


def invitation_form() -> InvitationForm:
    """With the offices that the administrator answers for, and no others."""
    form = InvitationForm()
    offices = administered_offices(db.session(), g.staff.staff_id)
    form.offices.choices = [SelectChoice(office.id, office.name) for office in offices]
    return form


def colleague_of(staff_id: int) -> Staff:
    """Raises NotFound for those whom the administrator may not look after."""
    colleague = db.session().get(Staff, staff_id)
    if colleague is None or not may_look_after(db.session(), g.staff.staff_id, colleague):
        raise NotFound()
    return colleague


def _with_reason(staff_id: int, change: Any, template: str, done: str) -> Answer:
    colleague = colleague_of(staff_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                change(session, staff_id, reason=form.reason.data, actor=actor(), now=now())
            flash(done, "success")
            return redirect(url_for(".staff"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            colleague = colleague_of(staff_id)
    return render_template(template, form=form, colleague=colleague), 422 if form.is_submitted() else 200
