"""Every press of a key at a counter: one route each, all of which lead back to the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound, NotYourCounter
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import Outcome
from queue_app.models import Counter, Visit
from queue_app.queries.access.office_rows import visit_at
from queue_app.services.assisted.revisits import book_revisit
from queue_app.services.visits import calling, counters, serving
from queue_app.services.visits.once import undo_here
from queue_app.services.visits.waiting import come_back
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.counter.blueprint import bp
from queue_app.web.forms.once import OnceForm
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _

from . import page
from .forms import OutcomeForm, PauseForm

Answer = Response | tuple[str, int]


@bp.get("/", endpoint="page")
@requires(Permission.SERVE)
def show() -> str:
    return render_template("counter/page.html", etag=page.etag(), **page.facts())


@bp.get("/isi")
@requires(Permission.SERVE)
@in_the_background
def page_now() -> Response:
    """The page alone, for one that keeps itself up to date: asked every few seconds, and mostly answered by 304."""
    response, etag = make_response(), page.etag()
    response.set_etag(etag)
    if not request.if_none_match.contains_weak(etag):
        response.set_data(render_template("counter/now.html", etag=etag, **page.facts()))
    return response.make_conditional(request)


@bp.post("/<int:counter_id>/duduk")
@requires(Permission.SERVE)
def sign_in(counter_id: int) -> Answer:
    here = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
    return _do(lambda session: counters.sign_in(session, counter_id, **here, now=now()))


@bp.post("/keluar")
@requires(Permission.SERVE)
def sign_out() -> Answer:
    return _of_counter(counters.sign_out)


@bp.post("/panggil")
@requires(Permission.SERVE)
def call() -> Answer:
    form = OnceForm()
    if not form.validate_on_submit():
        return _back()

    def press(session: Session) -> None:
        own = {"staff_id": g.staff.staff_id, "nonce": form.nonce.data, "now": now()}
        if calling.call_next(session, _counter().id, **own) is None:
            flash(_("Tidak ada yang menunggu untuk loket ini."), "important")

    return _do(press)


@bp.post("/<int:ticket_id>/panggil-ulang")
@requires(Permission.SERVE)
def recall(ticket_id: int) -> Answer:
    return _with(calling.recall, ticket_id)


@bp.post("/<int:ticket_id>/lewati")
@requires(Permission.SERVE)
def skip(ticket_id: int) -> Answer:
    return _with(calling.skip, ticket_id)


@bp.post("/<int:ticket_id>/mulai")
@requires(Permission.SERVE)
def start(ticket_id: int) -> Answer:
    return _with(serving.start, ticket_id)


@bp.post("/<int:ticket_id>/selesai")
@requires(Permission.SERVE)
def finish(ticket_id: int) -> Answer:
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _back()  # nothing that our own page sends
    return _with(partial(serving.finish, outcome=Outcome(form.outcome.data)), ticket_id, form)


@bp.post("/<int:ticket_id>/tunda")
@requires(Permission.SERVE)
def hold(ticket_id: int) -> Answer:
    return _with(serving.hold, ticket_id)


@bp.post("/<int:ticket_id>/lanjutkan")
@requires(Permission.SERVE)
def resume(ticket_id: int) -> Answer:
    return _with(calling.resume, ticket_id)


@bp.post("/<int:ticket_id>/alihkan")
@requires(Permission.SERVE)
def transfer(ticket_id: int) -> Answer:
    counter, visit = page.own_counter_here(), visit_at(db.session(), ticket_id, g.staff.office_id)
    if counter is None:
        return _refused(NotYourCounter())
    form = page.transfer_form(counter, visit)
    if not form.validate_on_submit():
        if form.nonce.errors or not form.target.data:
            return _back()
        flash(_("Tujuan itu tidak dapat dipilih lagi. Pilih yang lain."), "important")
        return _back()
    kind, _sign, number = form.target.data.partition(":")
    target: dict[str, Any] = {f"to_{kind}_id": int(number)}
    return _with(partial(serving.transfer, **target), ticket_id, form)


@bp.post("/<int:ticket_id>/datang")
@requires(Permission.SERVE)
def has_come(ticket_id: int) -> Answer:
    """Somebody who did not answer, or was put aside, is there and waits again."""
    by: dict[str, Any] = {"office_id": g.staff.office_id, "actor": actor()}
    return _do(lambda session: come_back(session, ticket_id, **by, now=now()))


@bp.post("/langkah/<int:step_id>/urungkan")
@requires(Permission.SERVE)
def undo(step_id: int) -> Answer:
    by = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
    return _do(lambda session: undo_here(session, step_id, counter_id=_counter().id, **by, now=now()))


@bp.post("/jeda")
@requires(Permission.SERVE)
def pause() -> Answer:
    form = PauseForm()
    form.validate_on_submit()
    try:
        with unit_of_work() as session:
            reason = form.reason.data or ""
            counters.pause(session, _counter().id, staff_id=g.staff.staff_id, reason=reason, now=now())
    except NotYourCounter as refusal:
        return _refused(refusal)
    except DomainError as refusal:
        form.refuse(refusal)
        shown = render_template("counter/page.html", etag=page.etag(), form=form, **page.facts(pause=form))
        return shown, status_of(refusal)
    return _back()


@bp.post("/lanjut")
@requires(Permission.SERVE)
def go_on() -> Answer:
    return _of_counter(counters.go_on)


@bp.post("/<int:ticket_id>/datang-lagi")
@requires(Permission.SERVE)
def come_again(ticket_id: int) -> Answer:
    """Book the guaranteed further visit, and go on to printing it: the browser sends the same form there."""
    form = page.revisit_form(visit_at(db.session(), ticket_id, g.staff.office_id))
    if not form.validate_on_submit():
        flash(_("Pilih dulu jam datang lagi."), "important")
        return _back()
    by: dict[str, Any] = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
    by |= {"keyring": keyring(), "request_key": form.nonce.data}
    try:
        with unit_of_work() as session:
            booked = book_revisit(session, ticket_id, datetime.fromisoformat(form.starts_at.data), **by, now=now())
    except DomainError as refusal:
        return _refused(refusal)
    number = show_number(booked.letter, booked.tickets[0].queue_number)
    flash(_("Kunjungan ulang dipesan: nomor %(number)s.") % {"number": number}, "success")
    return redirect(url_for("desk.print_booking", booking_id=booked.booking_id), 307)


def _with(action: Callable[..., Visit], ticket_id: int, form: OnceForm | None = None) -> Answer:
    """One step of somebody's visit at the counter of the person who presses. The nonce of a page is good for each of
    its keys once.
    """
    form = form or OnceForm()
    if not form.validate_on_submit():
        return _back()
    nonce = f"{form.nonce.data}.{request.endpoint}.{ticket_id}"

    def press(session: Session) -> None:
        action(session, ticket_id, counter_id=_counter().id, staff_id=g.staff.staff_id, nonce=nonce, now=now())

    return _do(press)


def _of_counter(action: Callable[..., Any]) -> Answer:
    return _do(lambda session: action(session, _counter().id, staff_id=g.staff.staff_id, now=now()))


def _do(action: Callable[[Session], Any]) -> Answer:
    """One press is one transaction; what is refused is said above the page, which shows how things are now."""
    try:
        with unit_of_work() as session:
            action(session)
    except DomainError as refusal:
        return _refused(refusal)
    return _back()


def _refused(refusal: DomainError) -> Response:
    if isinstance(refusal, NotFound):
        raise refusal
    flash(message_for(refusal, g.staff.time_zone), "important")
    return _back()


def _back() -> Response:
    return redirect(url_for(".page"), 303)


def _counter() -> Counter:
    counter = page.own_counter_here()
    if counter is None:
        raise NotYourCounter()
    return counter
