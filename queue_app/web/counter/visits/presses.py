"""Every press of a key at a counter: one route each, all of which lead back to the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.errors import DomainError, NotFound, NotYourCounter
from queue_app.domain.roles import Permission
from queue_app.domain.visits import Outcome
from queue_app.models import Counter, Visit
from queue_app.queries.access.office_rows import visit_at
from queue_app.services.arrivals.identity_at_counter import record_identity_here
from queue_app.services.visits import calling, seats, serving
from queue_app.services.visits.once import undo_here
from queue_app.services.visits.waiting import come_back
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.counter.blueprint import bp
from queue_app.web.forms.once import OnceForm
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _

from . import page
from .forms import IdentityForm, OutcomeForm, PauseForm

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
    return _do(lambda session: seats.sign_in(session, counter_id, **here, now=now()))


@bp.post("/keluar")
@requires(Permission.SERVE)
def sign_out() -> Answer:
    return _of_counter(seats.sign_out)


@bp.post("/panggil")
@requires(Permission.SERVE)
def call() -> Answer:
    form = OnceForm()
    if not form.validate_on_submit():
        return back()

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
        return back()  # nothing that our own page sends
    return _with(partial(serving.finish, outcome=Outcome(form.outcome.data)), ticket_id, form, form.outcome.data)


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
        return refused(NotYourCounter())
    form = page.transfer_form(counter, visit)
    if not form.validate_on_submit():
        if form.nonce.errors or not form.target.data:
            return back()
        flash(_("Tujuan itu tidak dapat dipilih lagi. Pilih yang lain."), "important")
        return back()
    kind, _sign, number = form.target.data.partition(":")
    target: dict[str, Any] = {f"to_{kind}_id": int(number)}
    return _with(partial(serving.transfer, **target), ticket_id, form, form.target.data)


@bp.post("/<int:ticket_id>/identitas")
@requires(Permission.SERVE)
def identity(ticket_id: int) -> Answer:
    """The comparison with the document, where the desk has not done it."""
    form = IdentityForm()
    if not form.validate_on_submit():
        return back()
    result = IdentityResult(form.result.data)
    by: dict[str, Any] = {"staff_id": g.staff.staff_id, "now": now()}
    answer = _do(lambda session: record_identity_here(session, ticket_id, result, counter_id=_counter().id, **by))
    if result is IdentityResult.OTHER_PERSON and db.session().get(Visit, ticket_id, populate_existing=True) is None:
        said = _("Dicatat: bukan orangnya. Tiket tetap milik pemiliknya; orang ini dipersilakan ke meja depan.")
        flash(said, "success")
    return answer


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
            seats.pause(session, _counter().id, staff_id=g.staff.staff_id, reason=reason, now=now())
    except NotYourCounter as refusal:
        return refused(refusal)
    except DomainError as refusal:
        form.refuse(refusal)
        shown = render_template("counter/page.html", etag=page.etag(), form=form, **page.facts(pause=form))
        return shown, status_of(refusal)
    return back()


@bp.post("/lanjut")
@requires(Permission.SERVE)
def go_on() -> Answer:
    return _of_counter(seats.go_on)


def _with(
    action: Callable[..., Visit], ticket_id: int, form: OnceForm | None = None, chosen: str | None = None
) -> Answer:
    """One step of somebody's visit at the counter of the person who presses. The nonce of a page is good for each of
    its keys once, with what was ``chosen`` beside it: something else is another press, and refused when it is too late.
    """
    form = form or OnceForm()
    if not form.validate_on_submit():
        return back()
    nonce = ".".join(filter(None, (form.nonce.data, request.endpoint, str(ticket_id), chosen)))

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
        return refused(refusal)
    return back()


def refused(refusal: DomainError) -> Response:
    if isinstance(refusal, NotFound):
        raise refusal
    flash(message_for(refusal, g.staff.time_zone), "important")
    return back()


def back() -> Response:
    return redirect(url_for(".page"), 303)


def _counter() -> Counter:
    counter = page.own_counter_here()
    if counter is None:
        raise NotYourCounter()
    return counter
