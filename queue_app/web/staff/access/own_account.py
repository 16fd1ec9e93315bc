"""One's own account: where one is logged in, a new password, and the way out of all other devices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.language import format_instant
from queue_app.db import db, unit_of_work
from queue_app.domain.accounts import needs_second_factor
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.models import Staff
from queue_app.services.access import provider_accounts, second_factor
from queue_app.services.access.own_account import (
    OpenSession,
    change_password,
    end_one,
    end_sessions,
    new_hash,
    open_sessions,
)
from queue_app.services.access.staff import start_session
from queue_app.web.access.cookies import cookie
from queue_app.web.access.rules import STAFF_COOKIE, requires
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now, settings
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .forms import OwnPasswordForm, PresentPasswordForm
from .log_in import bp, enter
from .openid_steps import provider_label

Answer = str | Response | tuple[str, int]


@bp.get("/akun")
@requires(Permission.OWN_SESSION)
def own_account() -> str:
    staff = own()
    return render_template(
        "staff/own_account.html",
        title=_("Akun saya"),
        username=staff.username,
        sessions=_open_sessions(),
        second=second_factor.state_of(db.session(), staff.id),
        provider=provider_label(),
        linked_since=_linked_since(staff.id),
        obliged=needs_second_factor(one.role for one in staff.assignments),
    )


@bp.route("/akun/kata-sandi", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def own_password() -> Answer:
    """Everybody who is logged in to the account is out afterwards, but for the one who changed it."""
    form, status = OwnPasswordForm(), 200
    if form.is_submitted():
        try:
            status = 422
            if form.validate():
                proof, moment = form.prove(own().username), now()
                staff_id = proof.staff_id
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
def end_other_sessions() -> Answer:
    def end(_form: PresentPasswordForm) -> None:
        with unit_of_work() as session:
            end_sessions(session, g.staff.staff_id, actor=actor(), now=now(), keep=cookie(STAFF_COOKIE))
        flash(_("Semua perangkat lain dikeluarkan."), "success")

    explanation = _(
        "Bila Anda lupa keluar di tempat lain, atau menduga ada orang lain yang masuk dengan akun Anda. "
        "Ganti juga kata sandinya."
    )
    return password_again(end, _("Keluarkan perangkat lain"), explanation)


@bp.route("/akun/perangkat/<device>", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def end_one_session(device: str) -> Answer:
    one = next((one for one in _open_sessions() if one.name == device and not one.this), None)
    if one is None:
        raise NotFound()

    def end(_form: PresentPasswordForm) -> None:
        with unit_of_work() as session:
            end_one(session, g.staff.staff_id, device, now=now())
        flash(_("Perangkat itu dikeluarkan."), "success")

    since = format_instant(one.started_at, g.staff.time_zone, current_language())
    explanation = _("Yang masuk sejak %(since)s, di %(office)s.") % {"since": since, "office": one.office_name}
    return password_again(end, _("Keluarkan satu perangkat"), explanation)


def password_again(act: Callable[[PresentPasswordForm], None], title: str, explanation: str) -> Answer:
    """A page that asks for the present password, does it (``form.proof`` tells whose it was), and leads back."""
    form, status = PresentPasswordForm(), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                form.prove(own().username)
                act(form)
                return redirect(url_for(".own_account"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    return render_template("staff/password_again.html", title=title, explanation=explanation, form=form), status


def own() -> Staff:
    return db.session().get_one(Staff, g.staff.staff_id)


def _linked_since(staff_id: int) -> datetime | None:
    chosen = settings().openid
    return provider_accounts.linked_since(db.session(), staff_id, chosen.issuer) if chosen else None


def _open_sessions() -> list[OpenSession]:
    limits = {"idle": settings().staff_idle, "absolute": settings().staff_absolute}
    return open_sessions(db.session(), g.staff.staff_id, cookie(STAFF_COOKIE) or "", now=now(), **limits)
