"""Pages that one-time links open: an account that is offered, and a new password. Looking at them uses nothing up."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.account_errors import LinkGone
from queue_app.domain.accounts import INVITATION_LIFETIME, RESET_LIFETIME
from queue_app.domain.errors import DomainError
from queue_app.services.access import invitations, password_resets
from queue_app.services.access.own_account import new_hash
from queue_app.services.access.staff import start_session
from queue_app.web.access.cookies import take_cookie
from queue_app.web.access.role_names import ROLE_NAMES
from queue_app.web.access.rules import STAFF_COOKIE, public
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now
from queue_app.web.site.language import gettext as _

from .forms import InvitedForm, NewPasswordForm
from .log_in import bp, enter

Answer = str | Response | tuple[str, int]


@bp.route("/undangan/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Answer:
    form, status = InvitedForm(), 200
    try:
        invited = invitations.opened(db.session(), token, now=now())
        if form.is_submitted():
            status = 422
            if form.validate():
                return _accept(token, form)
    except LinkGone as gone:
        return _gone(gone, INVITATION_LIFETIME.total_seconds())
    except DomainError as refusal:
        form.refuse(refusal)
        invited = invitations.opened(db.session(), token, now=now())
    held = sorted({(one.office.name, str(ROLE_NAMES[one.role])) for one in invited.roles})
    page = {"title": _("Buat akun Anda"), "name": invited.name, "held": held}
    return render_template("staff/invitation.html", form=form, **page), status


@bp.route("/kata-sandi-baru/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> Answer:
    form, status = NewPasswordForm(), 200
    try:
        staff = password_resets.opened(db.session(), token, now=now())
        username = staff.username
        if form.is_submitted():
            status = 422
            if form.validate():
                new = new_hash(db.session(), staff.id, form.password.data or "")
                with unit_of_work() as session:
                    password_resets.set_password(session, token, new, keyring=keyring(), now=now())
                flash(_("Kata sandi baru tersimpan. Masuk dengan nama pengguna dan kata sandi itu."), "success")
                answer = redirect(url_for(".log_in"), 303)
                take_cookie(answer, STAFF_COOKIE)  # its session has just ended: no word of a time-out beside this one
                return answer
    except LinkGone as gone:
        return _gone(gone, RESET_LIFETIME.total_seconds())
    except DomainError as refusal:
        form.refuse(refusal)
    return render_template("staff/new_password.html", title=_("Kata sandi baru"), form=form, username=username), status


def _accept(token: str, form: InvitedForm) -> Response:
    """Raises LinkGone, InvalidUsername, UsernameTaken, WeakPassword; then nothing was used up."""
    moment = now()
    with unit_of_work() as session:
        staff = invitations.accept(
            session, token, username=form.username.data or "", password=form.password.data or "", now=moment
        )
        staff_token, staff_id = start_session(session, staff.id, now=moment), staff.id
    return enter(staff_token, staff_id, url_for(".home"))


def _gone(gone: LinkGone, seconds: float) -> tuple[str, int]:
    """What it was, why it is good no longer, and what to do."""
    why = gone.details["why"]
    hours = int(seconds // 3600)
    return render_template("staff/link_gone.html", title=_("Tautan ini tidak berlaku lagi"), why=why, hours=hours), (
        404 if why == "unknown" else status_of(gone)
    )
