"""Pages that many read at once while places go: the hours of a day, and the one for those who came too late."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from queue_app.db import db
from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.queries.booking.availability import nearest_open, slot_time
from queue_app.queries.calendar import offices as office_queries
from queue_app.web.access.rules import public
from queue_app.web.before_flask.shared_pages import same_for_all
from queue_app.web.before_flask.sold_out import days_a_moment_ago
from queue_app.web.booking.offerings import days_of, load_offering
from queue_app.web.public.blueprint import bp
from queue_app.web.request import now

from .choice import slot_item


@bp.get("/<office:office>/<slug:service>/jam")
@public
@same_for_all
def hours(office: str, service: str) -> str:
    """The hours of the day in ``?hari=``: a piece of the page on which one is chosen, asked for now and then.

    ``?orang=``: how many want to come together.
    """
    offering = load_offering(office, service)
    try:
        asked = date.fromisoformat(request.args.get("hari", ""))
        places = int(request.args.get("orang", 1))
    except ValueError:
        raise NotFound() from None
    day = next((day for day in days_of(offering, now=now()) if day.day == asked), None)
    if day is None or not 1 <= places <= PARTY_MAX:
        raise NotFound()
    zone = offering.office.time_zone
    slots = tuple(slot_item(slot, zone, places) for slot in day.slots)
    return render_template("public/hours.html", slots=slots, zone=zone)


@bp.get("/slots/<int:slot_id>/penuh")
@public
@same_for_all
def sold_out(slot_id: int) -> str:
    """For whoever wanted this hour a moment too late: it is gone, these are the nearest. Nobody's details in it."""
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    wanted = slot_time(db.session(), slot_id)
    if offering is None or wanted is None:
        raise NotFound()
    found = nearest_open(days_a_moment_ago(offering), wanted[1])
    zone = offering.office.time_zone
    nearest = [(office_date(slot.starts_at, zone), slot_item(slot, zone, 1, with_day=True)) for slot in found]
    return render_template(
        "public/sold_out.html", offering=offering, day=wanted[0], starts_at=wanted[1], slot_id=slot_id, nearest=nearest
    )
