"""One's own second factor: enrol an authenticator, recovery codes, turn it off."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from queue_app.adapters.qr import address_svg
from queue_app.db import db, unit_of_work
from queue_app.domain.account_errors import WrongCode
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.services.access import recovery_codes
from queue_app.services.access import second_factor as service
from queue_app.services.access.own_account import end_sessions
from queue_app.services.access.recovery_codes import RecoveryCodes
from queue_app.services.access.time_codes import address_of
from queue_app.web.access.cookies import cookie
from queue_app.web.access.rules import STAFF_COOKIE, before_enrolment, requires, safe_next
from queue_app.web.forms import typed_before
from queue_app.web.forms.typed_before import TypedBefore
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.head import site
from queue_app.web.site.language import gettext as _

from .forms import FirstCodeForm, PresentPasswordForm
from .log_in import bp
from .own_account import own, password_again

Answer = str | Response | tuple[str, int]


@bp.route("/akun/kode-masuk", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
@before_enrolment
def enrol() -> Answer:
    """Two steps: begin, and prove it by a first code. Nothing is on before that, however often one begins."""
    if request.method == "POST" and (sent_on := safe_next(request.args.get("form"))):
        return _start(PresentPasswordForm(formdata=None), typed_before.of_this_request(sent_on)), 403
    typed = typed_before.opened(request.form.get("typed_before"))
    if request.form.get("step") == "begin":
        return _begin(typed)
    if request.form.get("step") == "confirm":
        return _confirm(typed)
    if _pending() is not None:
        return _shown(FirstCodeForm(formdata=None), typed)
    return _start(PresentPasswordForm(formdata=None), typed)


@bp.route("/akun/kode-cadangan", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def renew_recovery_codes() -> Answer:
    _require_on()
    made: list[RecoveryCodes] = []

    def renew(form: PresentPasswordForm) -> None:
        codes, proof = recovery_codes.new_codes(), form.proof
        with unit_of_work() as session:
            recovery_codes.renew(session, proof, codes, now=now())
        made.append(codes)

    explanation = _("Kode cadangan yang lama langsung tidak berlaku lagi.")
    page = password_again(renew, _("Buat kode cadangan baru"), explanation)
    return _codes(made[0]) if made else page


@bp.route("/akun/kode-masuk/matikan", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def turn_off_second_factor() -> Answer:
    _require_on()

    def turn_off(form: PresentPasswordForm) -> None:
        with unit_of_work() as session:
            service.turn_off(session, form.proof, now=now())
        flash(_("Kode masuk dimatikan. Kata sandi Anda saja yang ditanyakan."), "success")

    explanation = _("Setelah itu siapa pun yang tahu kata sandi Anda dapat masuk.")
    return password_again(turn_off, _("Matikan kode masuk"), explanation)


def _begin(typed: TypedBefore | None) -> Answer:
    form = PresentPasswordForm()
    if not g.staff.must_enrol:  # who must has just logged in
        if not form.validate():
            return _start(form, typed), 422
        try:
            form.prove(own().username)
        except DomainError as refusal:
            form.refuse(refusal)
            return _start(form, typed), status_of(refusal)
    with unit_of_work() as session:
        service.begin(session, g.staff.staff_id, keyring=keyring(), now=now())
    if typed is None:
        return redirect(url_for(".enrol", next=_target()), 303)
    return _shown(FirstCodeForm(formdata=None), typed)


def _confirm(typed: TypedBefore | None) -> Answer:
    form, who = FirstCodeForm(), g.staff.staff_id
    if _pending() is None:  # confirmed in another tab, or shown too long ago
        return redirect(url_for(".enrol" if g.staff.must_enrol else ".own_account"), 303)
    if not form.validate():
        return _shown(form, typed), 422
    digits = form.time_code.data or ""
    at: dict[str, Any] = {"keyring": keyring(), "now": now()}
    try:
        service.require_right(db.session(), who, digits, **at)
        codes = recovery_codes.new_codes()
        with unit_of_work() as session:
            service.confirm(session, who, digits, codes, **at)
            # Whoever else knows the password may be in with it alone.
            end_sessions(session, who, actor=actor(), now=now(), keep=cookie(STAFF_COOKIE))
    except WrongCode as refusal:
        form.refuse(refusal)
        return _shown(form, typed), 422
    return _codes(codes, typed, enrolled=True)


def _start(form: PresentPasswordForm, typed: TypedBefore | None) -> str:
    return _page("staff/enrol.html", typed, form=form, on=service.is_on(db.session(), g.staff.staff_id))


def _shown(form: FirstCodeForm, typed: TypedBefore | None) -> str:
    secret = _pending() or ""
    address = address_of(secret, username=own().username, issuer=site().title)
    return _page(
        "staff/enrol_code.html",
        typed,
        form=form,
        code=Markup(address_svg(address, title=_("Kode QR untuk aplikasi kode"))),
        address=address,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        server_time=now(),
    )


def _codes(codes: RecoveryCodes, typed: TypedBefore | None = None, *, enrolled: bool = False) -> str:
    shown = {"codes": codes.shown, "made_at": now(), "enrolled": enrolled}
    return _page("staff/recovery_codes.html", typed, typed=typed, **shown)


def _page(template: str, kept: TypedBefore | None, **values: object) -> str:
    sealed = kept.sealed() if kept else None
    return render_template(template, title=_("Kode masuk"), kept=sealed, target=_target(), **values)


def _require_on() -> None:
    if not service.is_on(db.session(), g.staff.staff_id):
        raise NotFound()


def _target() -> str | None:
    return safe_next(request.args.get("next"))


def _pending() -> str | None:
    return service.pending_secret(db.session(), g.staff.staff_id, keyring=keyring(), now=now())
