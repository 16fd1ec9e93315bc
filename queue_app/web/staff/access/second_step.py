"""Logging in, the second step: a code, for accounts with a second factor."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.services.access.passwords import Proof
from queue_app.web.access.rules import public, safe_next
from queue_app.web.access.second_step import forget_attempts, opened_proof, read_counted, use_code
from queue_app.web.forms import typed_before
from queue_app.web.forms.typed_before import TypedBefore
from queue_app.web.refusals.status import status_of
from queue_app.web.site.language import ngettext

from .code_page import code_page
from .forms import CodeForm, LogInForm
from .log_in import begin_session, bp, enter, log_in_page


@bp.route("/masuk/kode", methods=["GET", "POST"])
@public
def second_step() -> str | Response | tuple[str, int]:
    target = safe_next(request.args.get("next"))
    if request.method == "GET":
        return redirect(url_for(".log_in", next=target), 303)
    typed = typed_before.opened(request.form.get("typed_before"))
    proof = opened_proof(request.form.get("proof"))
    if proof is None:
        return log_in_page(LogInForm(formdata=None), typed=typed, expired=True), 401
    form, status = CodeForm(), 422
    if form.validate():
        try:
            return _log_in(form, proof, target, typed)
        except DomainError as refusal:
            if refusal.code == "wrong_credentials":  # the password was changed between the two steps
                return log_in_page(LogInForm(formdata=None), typed=typed, expired=True), 401
            form.refuse(refusal)
            status = status_of(refusal)
    return code_page(form, proof, target, typed), status


def _log_in(form: CodeForm, proof: Proof, target: str | None, typed: TypedBefore | None) -> Response:
    """Raises WrongCode, WrongCredentials, TooManyAttempts."""
    code = read_counted(proof, form.time_code.data or "")
    with unit_of_work() as unit:
        left = use_code(unit, proof, code)
        token = begin_session(unit, proof.staff_id, by_provider=proof.by_provider)
    forget_attempts(proof)
    answer = enter(token, proof.staff_id, target or url_for(".home"), typed)
    if left is not None:
        told = ngettext(
            "Anda masuk dengan kode cadangan; sisa satu. Bila HP Anda hilang, pasang lagi kode masuk di Akun saya.",
            "Anda masuk dengan kode cadangan; sisa %(n)s. Bila HP Anda hilang, pasang lagi kode masuk di Akun saya.",
            left,
        )
        flash(told % {"n": left}, "success")
    return answer
