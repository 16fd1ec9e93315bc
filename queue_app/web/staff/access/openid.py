"""Logging in by the operator's provider of identities: there, back again, and once the question whose account it is."""

from __future__ import annotations

import logging

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.account_errors import WrongCode
from queue_app.domain.errors import DomainError
from queue_app.domain.openid import Identity, IdentityRefused, ProviderAway
from queue_app.domain.roles import Permission
from queue_app.services.access import provider_accounts, second_factor
from queue_app.services.access.passwords import Proof, still_proven
from queue_app.services.access.second_factor import TypedCode
from queue_app.web.access.passwords import verified
from queue_app.web.access.rules import public, requires, safe_next
from queue_app.web.access.second_step import forget_attempts, read_counted, use_code
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import now, settings
from queue_app.web.site.language import gettext as _

from . import openid_steps
from .code_page import code_page
from .forms import CodeForm, LinkForm, LogInForm
from .log_in import begin_session, bp, enter, log_in_page
from .own_account import Answer, password_again

log = logging.getLogger(__name__)


@bp.get("/masuk/openid")
@public
def to_provider() -> Answer:
    """A link and not a form: the policy of the pages lets no form end at another host."""
    target = safe_next(request.args.get("next"))
    try:
        return redirect(openid_steps.begin(target), 303)
    except ProviderAway as fault:
        return _away(fault)


@bp.get("/masuk/openid/kembali")
@public
def back_from_provider() -> Answer:
    try:
        identity, target = openid_steps.finish()
    except ProviderAway as fault:
        return _away(fault)
    except IdentityRefused as refusal:
        log.warning("log-in by the provider refused: %s", refusal)
        return _told(_("Masuk lewat penyedia akun tidak berhasil. Ulangi dari awal."), 422)
    try:
        proof = provider_accounts.proof_of(db.session(), identity)
    except DomainError as refusal:
        log.warning("log-in by the provider refused: %s", refusal.code)
        return _told(message_for(refusal), status_of(refusal))
    if proof is None:
        form = LinkForm(formdata=None)
        form.username.data = identity.named
        return _link_page(form, openid_steps.sealed(identity), target)
    return _log_in(proof, identity, target)


@bp.post("/masuk/openid/hubungkan")
@public
def link_account() -> Answer:
    """The one time that the account's own password is asked for, and its code where it has one."""
    target, kept = safe_next(request.args.get("next")), request.form.get("identity")
    identity = openid_steps.opened(kept)
    if identity is None or kept is None:
        return _told(_("Masuk lewat penyedia akun tidak berhasil. Ulangi dari awal."), 422)
    form, status = LinkForm(), 422
    if form.validate():
        try:
            return _link(form, identity, target)
        except DomainError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    return _link_page(form, kept, target), status


@bp.route("/akun/openid", methods=["GET", "POST"])
@requires(Permission.OWN_SESSION)
def unlink_provider() -> Answer:
    issuer = openid_steps.provider().settings.issuer

    def unlink(form: object) -> None:
        with unit_of_work() as unit:
            provider_accounts.unlink(unit, form.proof, issuer, now=now())  # type: ignore[attr-defined]  # of a form that was proven
        flash(_("Akun Anda tidak terhubung lagi dengan penyedia akun."), "success")

    explanation = _("Sesudah itu Anda masuk dengan kata sandi, atau menghubungkannya lagi.")
    return password_again(unlink, _("Putuskan penyedia akun"), explanation)


def _log_in(proof: Proof, identity: Identity, target: str | None) -> Answer:
    with unit_of_work() as unit:
        still_proven(unit, proof)
        asks = second_factor.is_on(unit, proof.staff_id) and not identity.second_factor
        token = None if asks else _begin(unit, proof, identity)
    if token is None:
        return code_page(CodeForm(formdata=None), proof, target, None)
    return enter(token, proof.staff_id, target or url_for(".home"))


def _link(form: LinkForm, identity: Identity, target: str | None) -> Response:
    """Raises WrongCredentials, TooManyAttempts, WrongCode, AlreadyLinked."""
    proof = verified(form.username.data, form.password.data)
    code = _typed_code(form, proof)
    with unit_of_work() as unit:
        if code is not None:
            use_code(unit, proof, code)
        provider_accounts.link(unit, proof, identity, now=now())
        token = _begin(unit, proof, identity)
    if code is not None:
        forget_attempts(proof)
    return enter(token, proof.staff_id, target or url_for(".home"))


def _typed_code(form: LinkForm, proof: Proof) -> TypedCode | None:
    """None for an account without a second factor. Raises WrongCode, TooManyAttempts."""
    if not second_factor.is_on(db.session(), proof.staff_id):
        return None
    if not form.time_code.data:
        raise WrongCode()
    return read_counted(proof, form.time_code.data)


def _begin(unit: Session, proof: Proof, identity: Identity) -> str:
    return begin_session(unit, proof.staff_id, by_provider=True, vouched=identity.second_factor)


def _away(fault: ProviderAway) -> tuple[str, int]:
    log.warning("the provider of identities is away: %s", fault)
    if settings().password_log_in:
        return _told(_("Penyedia akun tidak menjawab. Coba lagi sebentar lagi, atau masuk dengan kata sandi."), 503)
    return _told(_("Penyedia akun tidak menjawab. Coba lagi sebentar lagi."), 503)


def _told(sentence: str, status: int) -> tuple[str, int]:
    form = LogInForm(formdata=None)
    form.complain(sentence)
    return log_in_page(form, typed=None, expired=False), status


def _link_page(form: LinkForm, kept: str, target: str | None) -> str:
    return render_template(
        "staff/link_account.html",
        title=_("Hubungkan akun"),
        form=form,
        kept=kept,
        provider=openid_steps.provider_label(),
        action=url_for(".link_account", next=target),
    )
