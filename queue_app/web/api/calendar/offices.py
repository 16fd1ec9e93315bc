"""Offices, their services, and the days and hours with places left. Open to all."""

from __future__ import annotations

from datetime import date

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
from queue_app.web.api.document.period import check_period, day_asked
from queue_app.web.api.document.reading import parameters, wrong_parameters
from queue_app.web.booking.offerings import days_of
from queue_app.web.request import now

MOST_DAYS = 62


@bp.get("/offices")
@public
def list_offices() -> Response:
    return shared({"offices": [json_shapes.office(row) for row in office_queries.offices(db.session())]})


@bp.get("/offices/<office>/services")
@public
def list_services(office: str) -> Response:
    found = None
    if not wrong_parameters(BY_ID["list_services"].path_parameters, {"office": office}):
        found = office_queries.office_called(db.session(), office)
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
    first = day_asked(asked, "from") or office_date(moment, zone)
    last = day_asked(asked, "to") or date.fromordinal(min(first.toordinal() + MOST_DAYS - 1, date.max.toordinal()))
    if "to" in asked:
        check_period(first, last, most_days=MOST_DAYS)
    days = [day for day in days_of(offering, now=moment) if first <= day.day <= last]
    return shared(
        {
            "office": offering.office.slug,
            "service": asked["service"],
            "days": [json_shapes.day(day, zone) for day in days],
        }
    )
