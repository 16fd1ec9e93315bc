"""Logging in and out, and the start page: for all staff."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.account_errors import PasswordsNotTaken
from queue_app.domain.errors import DomainError, NotFound, TooManyAttempts
from queue_app.domain.roles import Permission
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.calendar.holidays import undecided_years
from queue_app.queries.records.clock_trust import is_doubted
from queue_app.queries.rosters.week import own_shifts
from queue_app.services.access import second_factor
from queue_app.services.access import staff as staff_service
from queue_app.services.access.passwords import still_proven
from queue_app.web.access.cookies import cookie, give_cookie, take_cookie
from queue_app.web.access.passwords import remember_browser, verified
from queue_app.web.access.rules import STAFF_COOKIE, current_staff, public, requires, safe_next
from queue_app.web.forms import typed_before
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.forms.typed_before import TypedBefore
from queue_app.web.request import now, settings, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.menu import doors

from .code_page import code_page
from .forms import CodeForm, LogInForm
from .openid_steps import provider_label

bp = Blueprint("staff", __name__, url_prefix="/petugas")


@bp.get("/")
@requires(Permission.OWN_SESSION)
def home() -> str:
    answers = g.staff.may(Permission.EDIT_QUOTA)
    return render_template(
        "staff/home.html",
        title=_("Beranda petugas"),
        groups=doors(),
        undecided=undecided_years(db.session(), today()) if answers else (),
        may_decide=answers and administers_every_office(db.session(), g.staff.staff_id),
        own_shifts=own_shifts(db.session(), g.staff.staff_id, today(), today() + timedelta(days=6)),
        clock_doubted=g.staff.may(Permission.CONFIRM_CLOCK) and is_doubted(db.session().connection()),
    )


@bp.route("/masuk", methods=["GET", "POST"])
@public
def log_in() -> str | Response | tuple[str, int]:
    target = safe_next(request.args.get("next"))
    typed = typed_before.opened(request.form.get("typed_before"))
    if request.method == "POST" and (sent_on := safe_next(request.args.get("form"))):
        return log_in_page(LogInForm(formdata=None), typed=typed_before.of_this_request(sent_on), expired=True), 401
    if request.method == "GET" and current_staff() is not None:
        return redirect(target or url_for(".home"), 303)
    form = LogInForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _log_in(form, target, typed)
        except DomainError as refusal:
            form.refuse(refusal)
            status = 429 if isinstance(refusal, TooManyAttempts) else 422
    # A cookie without anybody behind it: the time-out has struck, or somebody logged out elsewhere.
    expired = request.method == "GET" and cookie(STAFF_COOKIE) is not None
    return log_in_page(form, typed=typed, expired=expired, waits=status == 429), status


@bp.post("/keluar")
@public  # whoever was logged out by the clock presses this button too
def log_out() -> Response:
    if token := cookie(STAFF_COOKIE):
        with unit_of_work() as unit:
            staff_service.end_session(unit, token, now=now())
    session.clear()
    flash(_("Anda sudah keluar."), "success")
    response = redirect(url_for(".log_in"), 303)
    take_cookie(response, STAFF_COOKIE)
    return response


@bp.post("/kantor")
@requires(Permission.OWN_SESSION)
def switch_office() -> Response:
    office_id = request.form.get("office", type=row_number)
    if office_id is None:
        raise NotFound()
    with unit_of_work() as unit:
        staff_service.switch_office(unit, cookie(STAFF_COOKIE) or "", office_id)
    return redirect(url_for(".home"), 303)


def log_in_page(form: LogInForm, *, typed: TypedBefore | None, expired: bool, waits: bool = False) -> str:
    return render_template(
        "staff/log_in.html",
        title=_("Masuk"),
        form=form,
        expired=expired,
        waits=waits,
        action=url_for(".log_in", next=safe_next(request.args.get("next"))),
        provider=provider_label(),
        to_provider=url_for(".to_provider", next=safe_next(request.args.get("next"))),
        takes_passwords=settings().password_log_in,
        kept=typed.sealed() if typed else None,
    )


def _log_in(form: LogInForm, target: str | None, typed: TypedBefore | None) -> Response | str:
    """Raises PasswordsNotTaken, WrongCredentials, TooManyAttempts."""
    if not settings().password_log_in:
        raise PasswordsNotTaken()
    proof = verified(form.username.data, form.password.data)
    with unit_of_work() as unit:
        still_proven(unit, proof)  # locked: nobody enrols between this look and the beginning of a session
        token = None if second_factor.is_on(unit, proof.staff_id) else begin_session(unit, proof.staff_id)
    if token is None:
        return code_page(CodeForm(formdata=None), proof, target, typed)
    return enter(token, proof.staff_id, target or url_for(".home"), typed)


def begin_session(unit: Session, staff_id: int, *, by_provider: bool = False, vouched: bool = False) -> str:
    """In the place of the one that the browser has; the token of its cookie."""
    moment = now()
    if old := cookie(STAFF_COOKIE):
        staff_service.end_session(unit, old, now=moment)
    return staff_service.start_session(unit, staff_id, now=moment, by_provider=by_provider, vouched=vouched)


def enter(token: str, staff_id: int, target: str, typed: TypedBefore | None = None) -> Response:
    session.clear()  # nothing that was planted before counts any more
    g.pop("csrf_token", None)
    response = make_response(typed.page() if typed else redirect(target, 303))
    give_cookie(response, STAFF_COOKIE, token)
    remember_browser(response, staff_id)
    return response
