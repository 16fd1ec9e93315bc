"""The day's list: who is expected, who is here, who is being served, and who never came."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from queue_app.adapters.language import format_time
from queue_app.db import db
from queue_app.domain.arrivals import nonce_of_scan
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import check_in_at
from queue_app.queries.arrivals.arrival import ArrivalState
from queue_app.queries.arrivals.arrivals import ArrivalsOfDay, arrivals_of_day, ticket_of_person
from queue_app.queries.offline.conflicts import count_conflicts
from queue_app.queries.visits.counters import called_at_counters
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.booking.stage_words import STAGES
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.once import new_nonce
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.request import keyring, now, today
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

from .answering import answer_to
from .arrival_filter import ArrivalFilter, clock, filter_asked
from .forms import NAMES, STATES, SearchForm, search_text

ACTIONS = {
    "check_in": Permission.CHECK_IN,
    "serve": Permission.SERVE,
    "out_of_order": Permission.SERVE_OUT_OF_ORDER,
    "order": Permission.CHANGE_ORDER,
    "print": Permission.PRINT,
}


@bp.get("/kedatangan")
@requires(Permission.VIEW_ARRIVALS)
def arrivals() -> str:
    return _page(filter_asked())


@bp.post("/kedatangan")
@requires(Permission.VIEW_ARRIVALS)
def search_arrivals() -> Response | tuple[str, int]:
    """Answered by an address without what was typed, unless that is a code, a number or initials."""
    form = SearchForm()
    if not form.validate_on_submit():
        return _page(ArrivalFilter(form.day.data or today()), form), 422
    wanted = ArrivalFilter(
        day=form.day.data,
        state=STATES.get(form.state.data or ""),
        service=form.service.data,
        hour=form.hour.data or "",
        search=search_text(form.search.data or ""),
    )
    if form.nik is None:
        return redirect(url_for(".arrivals", **wanted.address()), 303)
    index = keyring().person_index(form.nik.digits)
    ticket_id = ticket_of_person(db.session(), g.staff.office_id, wanted.day, index)
    if ticket_id is None:
        form.complain(_("Tidak ada antrean untuk NIK itu di kantor ini pada tanggal ini."), "search")
        return _page(ArrivalFilter(wanted.day), form), 422
    address = ArrivalFilter(wanted.day, person=ticket_id).address()
    return redirect(url_for(".arrivals", **address, _anchor=f"baris-{ticket_id}"), 303)


@bp.get("/kedatangan/isi")
@requires(Permission.VIEW_ARRIVALS)
@in_the_background
def arrivals_now() -> Response:
    """The list alone, for a page that keeps itself up to date: asked every few seconds, and mostly answered by 304."""
    wanted = filter_asked()
    _everybody, listed = _read(wanted)
    response, etag = make_response(), _etag(listed)
    response.set_etag(etag)
    if not request.if_none_match.contains_weak(etag):
        response.set_data(render_template("desk/arrival_list.html", **_list_facts(wanted, listed)))
    return response.make_conditional(request)


def _page(wanted: ArrivalFilter, form: SearchForm | None = None) -> str:
    everybody, listed = _read(wanted)
    form = form or SearchForm(
        formdata=None,
        day=wanted.day,
        state=request.args.get("keadaan", "") if wanted.state else "",
        service=wanted.service,
        hour=wanted.hour,
        search=wanted.search,
    )
    _offer_choices(form, everybody)
    check_in_id = request.args.get("hasil", type=row_number)
    row = check_in_at(db.session(), check_in_id, g.staff.office_id) if check_in_id else None
    return render_template(
        "desk/arrivals.html",
        form=form,
        answer=answer_to(nonce_of_scan(row.nonce)) if row else None,
        answered=row.ticket_id if row else None,
        nonce=new_nonce(),
        conflict_count=count_conflicts(db.session(), g.staff.office_id),
        etag=_etag(listed),
        paper=ArrivalFilter(wanted.day, service=wanted.service).address(),
        **_list_facts(wanted, listed),
    )


def _read(wanted: ArrivalFilter) -> tuple[ArrivalsOfDay, ArrivalsOfDay]:
    """Everybody of the day, and those of them that are wanted in whatever state."""
    everybody = arrivals_of_day(db.session(), g.staff.office_id, wanted.day, now=now())
    return everybody, wanted.narrow(everybody, keyring())


def _list_facts(wanted: ArrivalFilter, listed: ArrivalsOfDay) -> dict[str, Any]:
    """What the list itself shows."""
    shown = listed.of_state(wanted.state) if wanted.state else listed
    return {
        "day": wanted.day,
        "is_today": wanted.day == today(),
        "person": wanted.person,
        "arrivals": shown.people(keyring()),
        "windows": {each: _window(*each) for each in shown.windows},
        "tabs": _tabs(wanted, listed),
        "called_at_counters": called_at_counters(db.session(), g.staff.office_id),
        "may": {name: g.staff.may(permission) for name, permission in ACTIONS.items()},
        "base": url_for(".arrivals"),
        "kept": f"?{urlencode(kept)}" if (kept := wanted.address()) else "",
        "everybody_url": url_for(".arrivals", **ArrivalFilter(wanted.day).address()),
        "now": now(),
        "stages": STAGES,
    }


def _tabs(wanted: ArrivalFilter, listed: ArrivalsOfDay) -> list[dict[str, Any]]:
    counts = listed.counts
    tabs: list[tuple[str, ArrivalState | None, str, int]] = [("", None, _("Semua"), len(listed.rows))]
    tabs += [
        (word, state, str(NAMES[state]), counts[state])
        for word, state in STATES.items()
        if state is not ArrivalState.NOT_SERVED or counts[state] or wanted.state is state  # seldom, and of the past
    ]
    return [
        {
            "text": text,
            "count": count,
            "url": url_for(".arrivals", **wanted.address(keadaan=word)),
            "current": state is wanted.state,
        }
        for word, state, text, count in tabs
    ]


def _offer_choices(form: SearchForm, everybody: ArrivalsOfDay) -> None:
    """The services and hours of that day; where there is only one, there is nothing to choose."""
    services = [(str(number), in_language(row, "name")) for number, row in everybody.services.items()]
    hours = {clock(start): _window(start, end) for start, end in everybody.windows}.items()
    form.service.choices = [SelectChoice("", _("Semua layanan")), *(SelectChoice(*each) for each in services)]
    form.hour.choices = [SelectChoice("", _("Semua jam")), *(SelectChoice(*each) for each in hours)]


def _window(starts_at: datetime, ends_at: datetime) -> str:
    return "–".join(format_time(at, g.staff.time_zone, current_language()) for at in (starts_at, ends_at))


def _etag(listed: ArrivalsOfDay) -> str:
    """Of the list as this person sees it: they may change the language or come into other rights."""
    may = "".join(str(int(g.staff.may(permission))) for permission in ACTIONS.values())
    counters = "-".join(map(str, sorted(called_at_counters(db.session(), g.staff.office_id))))
    return f"{listed.fingerprint()}-{today():%d}-{may}-{counters}-{current_language()}"
