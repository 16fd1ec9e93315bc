"""The keys beside a person of the day's list. Pressing twice, or on an old page, changes nothing more."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, request
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, IllegalVisitStep, NotFound
from queue_app.domain.roles import Permission
from queue_app.domain.visits import VisitState
from queue_app.queries.access.office_rows import ticket_at, visit_at
from queue_app.queries.arrivals.scans import admission_of, first_row
from queue_app.services.arrivals.taking_back import undo_check_in
from queue_app.services.visits.without_counter import step_in_list
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.once import OnceForm
from queue_app.web.refusals.people import message_for
from queue_app.web.request import actor, keyring, now

from .answering import scan_once
from .arrival_filter import back_to

# As they stand in addresses; to call somebody, or to hold them back, is the counter's.
TARGETS = {
    "menunggu": VisitState.WAITING,
    "dilayani": VisitState.IN_SERVICE,
    "selesai": VisitState.SERVED,
}


@bp.post("/kedatangan/<int:ticket_id>/hadir")
@requires(Permission.CHECK_IN)
def check_in_by_hand(ticket_id: int) -> Response:
    """The same as scanning that ticket, for a person who left it at home."""
    ticket_at(db.session(), ticket_id, g.staff.office_id)
    token = keyring().ticket_token(ticket_id)
    form = OnceForm()
    result: dict[str, Any] = {}
    if form.validate_on_submit():
        # One nonce a page, so one for each row: going back to an old page must not answer for another person.
        result["hasil"] = first_row(db.session(), scan_once(token, f"{form.nonce.data[:40]}-{ticket_id}"))
    return back_to(ticket_id, **result)


@bp.post("/kedatangan/<int:ticket_id>/belum-hadir")
@requires(Permission.CHECK_IN)
def undo_by_hand(ticket_id: int) -> Response:
    """Take this person's admission back, whoever scanned it; a party's others stay."""
    ticket_at(db.session(), ticket_id, g.staff.office_id)
    by = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
    try:
        with unit_of_work() as session:
            if admitted := admission_of(session, ticket_id):
                undo_check_in(session, admitted.id, **by, now=now())
    except DomainError as refusal:
        return _refused(refusal, ticket_id)
    return back_to(ticket_id, **({"hasil": admitted.id} if admitted else {}))


@bp.post("/kedatangan/<int:ticket_id>/menjadi/<target>")
@requires(Permission.SERVE)
def step_visit(ticket_id: int, target: str) -> Response:
    """One step of a visit, on or back, for somebody who still is where the page showed them (``dari``)."""
    if target not in TARGETS:
        abort(404)
    try:
        with unit_of_work() as session:
            state = visit_at(session, ticket_id, g.staff.office_id).state
            if state not in (request.form.get("dari", state), TARGETS[target]):
                raise IllegalVisitStep(state=state, target=TARGETS[target])
            step_in_list(session, ticket_id, TARGETS[target], office_id=g.staff.office_id, actor=actor(), now=now())
    except DomainError as refusal:
        return _refused(refusal, ticket_id)
    return back_to(ticket_id)


def _refused(refusal: DomainError, ticket_id: int) -> Response:
    """Said above the list, which shows how things stand now."""
    if isinstance(refusal, NotFound):
        raise refusal
    flash(message_for(refusal), "important")
    return back_to(ticket_id)
