"""One's own account: where one is logged in, a new password, and the way out of all other devices."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Staff
from queue_app.services.access.own_account import change_password, end_sessions, new_hash, open_sessions
from queue_app.services.access.staff import start_session
from queue_app.web.access.cookies import cookie
from queue_app.web.access.passwords import verified
from queue_app.web.access.rules import STAFF_COOKIE, requires
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now, settings
from queue_app.web.site.language import gettext as _

from .forms import OwnPasswordForm, PresentPasswordForm
from .log_in import bp, enter


@bp.get("/akun")
@requires(Permission.OWN_SESSION)
def own_account() -> str:
    limits = {"idle": settings().staff_idle, "absolute": settings().staff_absolute}
    sessions = open_sessions(db.session(), g.staff.staff_id, cookie(STAFF_COOKIE) or "", now=now(), **limits)
    return render_template("staff/own_account.html", title=_("Akun saya"), username=_own().username, sessions=sessions)


@bp.route("/akun/kata-sandi", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def own_password() -> str | Response | tuple[str, int]:
    """Everybody who is logged in to the account is out afterwards, but for the one who changed it."""
    form, status = OwnPasswordForm(), 200
    if form.is_submitted():
        try:
            status = 422
            if form.validate():
                proof = verified(_own().username, form.present.data or "")
                staff_id, moment = proof.staff_id, now()
                new = new_hash(db.session(), staff_id, form.password.data or "")
                with unit_of_work() as session:
                    change_password(session, proof, new, now=moment)
                    token = start_session(session, staff_id, now=moment)
                answer = enter(token, staff_id, url_for(".own_account"))
                flash(_("Kata sandi diganti. Semua perangkat lain dikeluarkan."), "success")
                return answer
        except DomainError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    return render_template("staff/own_password.html", title=_("Ganti kata sandi"), form=form), status


@bp.route("/akun/perangkat-lain", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def end_other_sessions() -> str | Response | tuple[str, int]:
    form, status = PresentPasswordForm(), 200
    if form.is_submitted():
        try:
            status = 422
            if form.validate():
                verified(_own().username, form.present.data or "")
                with unit_of_work() as session:
                    here = cookie(STAFF_COOKIE)
                    end_sessions(session, g.staff.staff_id, actor=actor(), now=now(), keep=here)
                flash(_("Semua perangkat lain dikeluarkan."), "success")
                return redirect(url_for(".own_account"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    return render_template("staff/end_other_sessions.html", title=_("Keluarkan perangkat lain"), form=form), status


def _own() -> Staff:
    return db.session().get_one(Staff, g.staff.staff_id)
