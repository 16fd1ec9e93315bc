"""Offices, their services, and the days and hours with places left. Open to all."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, request

from queue_app.db import db
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.queries.calendar import offices as office_queries
from queue_app.web.access.rules import public
from queue_app.web.api.blueprint import bp
from queue_app.web.api.calendar import json_shapes
from queue_app.web.api.document.answering import shared
from queue_app.web.api.document.operations import BY_ID
from queue_app.web.api.document.reading import FieldError, InvalidRequest, parameters, wrong_parameters
from queue_app.web.booking.offerings import days_of
from queue_app.web.request import now
from queue_app.web.site.language import gettext as _

LONGEST = timedelta(days=61)  # from the first day to the last


@bp.get("/offices")
@public
def list_offices() -> Response:
    return shared({"offices": [json_shapes.office(row) for row in office_queries.offices(db.session())]})


@bp.get("/offices/<office>/services")
@public
def list_services(office: str) -> Response:
    found = None
    if not wrong_parameters(BY_ID["list_services"].path_parameters, {"office": office}):
        found = office_queries.office_of_slug(db.session(), office)
    if found is None:
        raise NotFound()
    services = office_queries.services_of(db.session(), found.id)
    return shared({"office": found.slug, "services": [json_shapes.service(row) for row in services]})


@bp.get("/availability")
@public
def availability() -> Response:
    asked = parameters(BY_ID["availability"].query, request.args)
    offering = office_queries.offering_of_code(db.session(), asked["office"], asked["service"])
    if offering is None:
        raise NotFound()
    moment, zone = now(), offering.office.time_zone
    first = _day(asked, "from") or office_date(moment, zone)
    last = _day(asked, "to") or date.fromordinal(min(first.toordinal() + LONGEST.days, date.max.toordinal()))
    if "to" in asked:
        _check(first, last)
    days = [day for day in days_of(offering, now=moment) if first <= day.day <= last]
    return shared(
        {
            "office": asked["office"],
            "service": asked["service"],
            "days": [json_shapes.day(day, zone) for day in days],
        }
    )


def _day(asked: dict[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(asked[name]) if name in asked else None
    except ValueError:  # the year 0000 is a date to RFC 3339, but to no calendar of ours
        raise _refused(name, _("Bentuknya salah. Tanggal ditulis seperti 2026-11-24.")) from None


def _check(first: date, last: date) -> None:
    if last < first:
        raise _refused("to", _("Hari terakhir tidak boleh sebelum hari pertama."))
    if last - first > LONGEST:
        raise _refused("to", _("Paling banyak 62 hari dalam satu permintaan."))


def _refused(name: str, detail: str) -> InvalidRequest:
    error: FieldError = {"parameter": name, "code": "period", "detail": detail}
    return InvalidRequest([error])
