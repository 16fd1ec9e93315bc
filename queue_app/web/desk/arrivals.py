"""The day's list: who is expected, who is here, and checking in without a scanner."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from flask import current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.roles import Permission
from queue_app.queries.arrivals import arrivals as everybody
from queue_app.queries.office_rows import check_in_at, ticket_at
from queue_app.web.access import requires
from queue_app.web.row_numbers import row_number

from .blueprint import bp
from .forms import ABSENT, ARRIVED, EXPECTED, NonceForm, SearchForm, new_nonce, search_text
from .scan import answer_to, scan_once

STATE_OF = {
    EXPECTED: TicketState.BOOKED,
    ARRIVED: TicketState.CHECKED_IN,
    ABSENT: TicketState.NO_SHOW,
}


@bp.get("/kedatangan")
@requires(Permission.VIEW_ARRIVALS)
def arrivals() -> str:
    form = SearchForm(formdata=None, day=_day(), state=_state(), search=request.args.get("cari", ""))
    return _page(form)


@bp.post("/kedatangan")
@requires(Permission.VIEW_ARRIVALS)
def search_arrivals() -> Response | tuple[str, int]:
    form = SearchForm()
    if not form.validate_on_submit():
        form.day.data = form.day.data or _today()
        return _page(form), 422
    kept = {"cari": search_text(form.search.data or ""), "keadaan": form.state.data}
    return redirect(url_for(".arrivals", tanggal=form.day.data.isoformat(), **_filled(kept)), 303)


@bp.post("/kedatangan/<int:ticket_id>/hadir")
@requires(Permission.CHECK_IN)
def check_in_by_hand(ticket_id: int) -> Response:
    """The same as scanning that ticket, for a person who left it at home."""
    ticket = ticket_at(db.session(), ticket_id, g.staff.office_id)
    day, token = ticket.day, current_app.extensions["keyring"].ticket_token(ticket_id)
    kept = {"cari": search_text(request.args.get("cari", "")), "keadaan": _state()}
    form = NonceForm()
    result: dict[str, Any] = {}
    if form.validate_on_submit():
        # One nonce a page, so one for each row: going back to an old page must not answer for another person.
        result["hasil"] = scan_once(token, f"{form.nonce.data[:40]}-{ticket_id}").id
    return redirect(url_for(".arrivals", tanggal=day.isoformat(), **_filled(kept), **result), 303)


def _page(form: SearchForm) -> str:
    day = form.day.data
    listed = everybody(
        db.session(),
        g.staff.office_id,
        day,
        keyring=current_app.extensions["keyring"],
        search=search_text(form.search.data or ""),
    )
    counts = Counter(arrival.state for arrival in listed)
    wanted = STATE_OF.get(form.state.data)
    check_in_id = request.args.get("hasil", type=row_number)
    shown = answer_to(check_in_at(db.session(), check_in_id, g.staff.office_id)) if check_in_id else None
    return render_template(
        "desk/arrivals.html",
        form=form,
        day=day,
        is_today=day == _today(),
        arrivals=[arrival for arrival in listed if wanted in (None, arrival.state)],
        counts=counts,
        states=TicketState,
        answer=shown,
        nonce=new_nonce(),
        may_check_in=g.staff.may(Permission.CHECK_IN),
        kept=_filled({"cari": search_text(form.search.data or ""), "keadaan": form.state.data}),
    )


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("tanggal", ""))
    except ValueError:
        return _today()


def _today() -> date:
    return office_date(current_app.extensions["clock"].now(), g.staff.time_zone)


def _state() -> str:
    state = request.args.get("keadaan", "")
    return state if state in STATE_OF else ""


def _filled(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value}
