"""Figures of today: a page that keeps itself up to date, and reads the day only when something of it has changed."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.figures.counting import ServiceFigures
from queue_app.domain.figures.histogram import percentile
from queue_app.domain.roles import Permission
from queue_app.domain.visits import OPEN_STATES, VisitState
from queue_app.queries.figures.due import mark_of
from queue_app.queries.figures.today import today as today_of
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import now, today
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

from .figure_words import DEFINITIONS, mean, minutes

NINE_OF_TEN = 0.9


@bp.get("/angka")
@requires(Permission.VIEW_FIGURES)
def figures_today() -> str:
    return render_template("admin/figures/today.html", etag=_etag(), **_facts())


@bp.get("/angka/isi")
@requires(Permission.VIEW_FIGURES)
@in_the_background
def figures_now() -> Response:
    """The figures alone, asked for every few seconds and mostly answered by 304."""
    response, etag = make_response(), _etag()
    response.set_etag(etag)
    if not request.if_none_match.contains_weak(etag):
        response.set_data(render_template("admin/figures/today_now.html", **_facts()))
    return response.make_conditional(request)


def _etag() -> str:
    seen = (mark_of(db.session(), g.staff.office_id, today()), g.staff.office_id, today(), current_language())
    return hashlib.blake2b(repr(seen).encode(), digest_size=16).hexdigest()


def _facts() -> dict[str, Any]:
    found = today_of(db.session(), g.staff.office_id, today(), zone=g.staff.time_zone)
    return {
        "day": today(),
        "counted_at": now(),
        "total": _row(_("Semua layanan"), found.total),
        "services": [_row(in_language(service, "name"), one) for service, one in found.services],
        "counters": found.counters,
        "definitions": DEFINITIONS,
        "minutes": minutes,
    }


def _row(name: str, one: ServiceFigures) -> dict[str, Any]:
    return {
        "name": name,
        "quota": one.planned(public=True) + one.planned(public=False),
        "booked": one.booked,
        "came": one.came,
        "walk_ins": one.walk_ins,
        "waiting": one.in_visit(VisitState.WAITING, VisitState.HELD),
        "at_counter": one.in_visit(*OPEN_STATES),
        "served": one.in_visit(VisitState.SERVED),
        "missed": sum(person.missed for person in one.people),
        "unanswered": one.in_visit(VisitState.ABSENT),
        "mean": minutes(mean(one.waits)),
        "most": minutes(percentile(one.waits, NINE_OF_TEN)),
    }
