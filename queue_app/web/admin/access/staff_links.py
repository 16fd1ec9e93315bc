"""One-time links for staff: invitations, and new passwords of colleagues. Each link is shown once."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from flask import flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.language import format_instant
from queue_app.db import db, unit_of_work
from queue_app.domain.accounts import INVITATION_LIFETIME, RESET_LIFETIME
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Permission
from queue_app.models import StaffInvitation
from queue_app.queries.access.staff import may_manage
from queue_app.services.access import invitations, password_resets
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import actor, now, settings
from queue_app.web.site.head import site
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .staff import Answer, colleague_of, invitation_form

SHOWN_ONCE = "one_time_link"  # in the session: [what it is for, its id, token], until it was shown
INVITATION, PASSWORD = "invitation", "password"


@bp.route("/petugas/undang", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF)
def invite() -> Answer:
    """Somebody new, at offices that the administrator answers for, and no others."""
    form = invitation_form()
    if not form.is_submitted():
        form.offices.data = [g.staff.office_id]
    if form.validate_on_submit():
        with unit_of_work() as unit:
            invitation, token = invitations.invite(unit, **form.chosen(), invited_by=g.staff.staff_id, now=now())
            invitation_id = invitation.id
        return _show_once(INVITATION, invitation_id, token)
    return render_template("admin/staff_invite.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/petugas/undangan/<int:invitation_id>")
@requires(Permission.MANAGE_STAFF)
def invitation_link(invitation_id: int) -> str:
    """The link, the one time that it can be seen; afterwards how to get another one."""
    invitation = _invitation(invitation_id)
    token = _shown_now(INVITATION, invitation_id)
    link = settings().public_url + url_for("staff.invitation", token=token) if token else None
    until = _until(invitation.made_at, INVITATION_LIFETIME)
    text = _("Halo %(name)s, Anda diundang ke %(title)s. Buat akun Anda paling lambat %(until)s: %(link)s")
    page = _told(text, invitation.name, link, until)
    return render_template("admin/staff_invited.html", invitation=invitation, **page)


@bp.post("/petugas/undangan/<int:invitation_id>/perbarui")
@requires(Permission.MANAGE_STAFF)
def renew_invitation(invitation_id: int) -> Response:
    _invitation(invitation_id)
    with unit_of_work() as unit:
        token = invitations.renew(unit, invitation_id, invited_by=g.staff.staff_id, now=now())
    return _show_once(INVITATION, invitation_id, token)


@bp.post("/petugas/undangan/<int:invitation_id>/cabut")
@requires(Permission.MANAGE_STAFF)
def withdraw_invitation(invitation_id: int) -> Response:
    name = _invitation(invitation_id).name
    with unit_of_work() as unit:
        invitations.withdraw(unit, invitation_id, actor=actor(), now=now())
    flash(_("Undangan untuk %(name)s dicabut. Tautannya tidak berlaku lagi.") % {"name": name}, "success")
    return redirect(url_for(".staff"), 303)


@bp.route("/petugas/<int:staff_id>/kata-sandi", methods=["GET"])
@requires(Permission.MANAGE_STAFF)
def password_link(staff_id: int) -> str:
    """First the question, and once it was answered the link, the one time that it can be seen."""
    colleague = colleague_of(staff_id)
    token = _shown_now(PASSWORD, staff_id)
    link = settings().public_url + url_for("staff.new_password", token=token) if token else None
    until = _until(now(), RESET_LIFETIME)
    text = _("Halo %(name)s, pilih kata sandi baru untuk %(title)s paling lambat %(until)s: %(link)s")
    page = _told(text, colleague.name, link, until)
    return render_template("admin/staff_password.html", colleague=colleague, **page)


@bp.post("/petugas/<int:staff_id>/kata-sandi")
@requires(Permission.MANAGE_STAFF)
def make_password_link(staff_id: int) -> Response:
    if not colleague_of(staff_id).active:
        raise NotFound()
    with unit_of_work() as unit:
        token = password_resets.make_link(unit, staff_id, made_by=g.staff.staff_id, actor=actor(), now=now())
    return _show_once(PASSWORD, staff_id, token)


def _invitation(invitation_id: int) -> StaffInvitation:
    """An open one, at offices that the administrator answers for. Raises NotFound."""
    invitation = db.session().get(StaffInvitation, invitation_id)
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        raise NotFound()
    if not may_manage(db.session(), g.staff.staff_id, invitation):
        raise NotFound()
    return invitation


def _show_once(what: str, subject_id: int, token: str) -> Response:
    session[SHOWN_ONCE] = [what, subject_id, token]
    if what == INVITATION:
        return redirect(url_for(".invitation_link", invitation_id=subject_id), 303)
    return redirect(url_for(".password_link", staff_id=subject_id), 303)


def _shown_now(what: str, subject_id: int) -> str | None:
    *shown_for, token = session.pop(SHOWN_ONCE, (None, None, None))
    return token if shown_for == [what, subject_id] else None


def _until(made_at: datetime, life: timedelta) -> str:
    return format_instant(made_at + life, g.staff.time_zone, current_language())


def _told(text: str, name: str, link: str | None, until: str) -> dict[str, str | None]:
    """What the page shows of a link, with one out of the page into one's own WhatsApp, where the person is chosen."""
    told = text % {"name": name, "title": site().title, "until": until, "link": link}
    return {"link": link, "until": until, "whatsapp": f"https://wa.me/?text={quote(told)}"}
