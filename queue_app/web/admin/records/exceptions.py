"""The report of what was out of the ordinary on one day: on a page, on paper, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, render_template, request
from werkzeug.wrappers import Response

from queue_app.adapters.table_export import Row
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import NotFound
from queue_app.domain.exceptions import ExceptionKind
from queue_app.domain.roles import Permission
from queue_app.models import Office
from queue_app.queries.booking.history import actor_names
from queue_app.queries.records.exceptions import DayOfExceptions, exceptions_of
from queue_app.services.records.exports import record_export
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.days import read_day
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.request import actor, keyring, now, today
from queue_app.web.site.language import gettext as _

from .actor_words import actor_said
from .exception_words import TITLES, ExceptionLine, line_said, rule_said
from .table_files import KINDS, table_file

Sections = list[tuple[ExceptionKind, list[ExceptionLine]]]


@bp.get("/kejanggalan")
@requires(Permission.VIEW_EXCEPTIONS)
def exceptions() -> str:
    day = _day()
    found = _found(day)
    sections = _sections(found)
    names = actor_names(db.session(), {one.actor for one in found.tallies})
    return render_template(
        "admin/exceptions.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today() else None,
        sections=sections,
        none_of=[str(TITLES[kind]) for kind, lines in sections if not lines],
        tallies=[(actor_said(one.actor, names.get(one.actor)), one) for one in found.tallies],
        titles=TITLES,
        rule_said=rule_said,
        zone=g.staff.time_zone,
    )


@bp.post("/kejanggalan/unduh/<kind>")
@requires(Permission.VIEW_EXCEPTIONS)
def export_exceptions(kind: str) -> Response:
    if kind not in KINDS or not OfficeForm().validate():
        raise NotFound()
    day = _day()
    rows = list(_rows(_sections(_found(day)), ZoneInfo(g.staff.time_zone)))
    with unit_of_work() as session:
        taken = {"format": kind, "rows": len(rows), "date": day.isoformat()}
        record_export(session, "exceptions.exported", g.staff.office_id, taken, actor=actor(), now=now())
    return table_file(kind, f"kejanggalan-{g.staff.office_slug}-{day}", _columns(), rows, sheet=_("Kejanggalan"))


@bp.app_template_global()
def exceptions_yesterday() -> int:
    """How many things of yesterday the start page tells of: 0 for those who may not read them."""
    if not g.staff.may(Permission.VIEW_EXCEPTIONS):
        return 0
    return sum(not one.is_ordinary for one in _found(today() - timedelta(days=1)).findings)


def _day() -> date:
    """Of the address, else yesterday, which is the last day that is over; none that is yet to come."""
    asked = read_day(request.args.get("hari", ""))
    return min(asked, today()) if asked else today() - timedelta(days=1)


def _found(day: date) -> DayOfExceptions:
    session = db.session()
    return exceptions_of(session, session.get_one(Office, g.staff.office_id), day, keyring=keyring())


def _sections(found: DayOfExceptions) -> Sections:
    names = actor_names(db.session(), {one.actor for one in found.findings})
    said = [(one.kind, line_said(one, found.tickets, names)) for one in found.findings]
    return [(kind, [line for of, line in said if of is kind]) for kind in ExceptionKind]


def _columns() -> list[str]:
    return [_("Jenis"), _("Kapan"), _("Siapa"), _("Kode pemesanan"), _("Keterangan"), _("Catatan audit")]


def _rows(sections: Sections, zone: Any) -> Iterator[Row]:
    columns = _columns()
    for kind, lines in sections:
        for line in lines:
            codes = ", ".join(code for code, _ticket in line.tickets) + (f" +{line.more}" if line.more else "")
            at = line.at.astimezone(zone).replace(microsecond=0)
            cells = (str(TITLES[kind]), at, line.who, codes, line.detail, line.entry_id)
            yield dict(zip(columns, cells, strict=True))
