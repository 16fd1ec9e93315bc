"""Pages that many read at once while places go: the hours of a day, and the ones for those who press in vain."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from queue_app.db import db
from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.clock import office_date
from queue_app.domain.errors import BookingClosed, DayClosed, DomainError, NotFound, NotOpenYet, SlotFull
from queue_app.models import OfficeService, Slot
from queue_app.queries.booking.availability import nearest_open
from queue_app.queries.calendar import offices as office_queries
from queue_app.web.access.rules import public
from queue_app.web.before_flask.known_refusals import PAGES
from queue_app.web.before_flask.shared_pages import same_for_all
from queue_app.web.booking.offerings import days_of, load_offering
from queue_app.web.booking.recent_days import days_a_moment_ago
from queue_app.web.public.blueprint import bp
from queue_app.web.refusals.people import message_for
from queue_app.web.request import now
from queue_app.web.site.language import lazy_gettext as _l

from .choice import slot_item

TITLES = {
    SlotFull.code: _l("Jam ini sudah penuh"),
    NotOpenYet.code: _l("Pemesanan belum dibuka"),
    BookingClosed.code: _l("Pemesanan sudah ditutup"),
    DayClosed.code: _l("Hari itu tutup"),
}


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


@bp.get("/slots/<int:slot_id>/<slug:why>")
@public
@same_for_all
def no_place(slot_id: int, why: str) -> str:
    """For whoever wanted this hour in vain: why it cannot be had, and which are the nearest. Nobody's details in it.

    ``why``: one of `PAGES`. That an hour is full was true a moment ago. What rules and calendar say is looked at
    anew: from the opening on there is no page that tells people to wait.
    """
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    slot = db.session.get(Slot, slot_id)
    if offering is None or slot is None:
        raise NotFound()
    refusal = SlotFull() if why == PAGES[SlotFull.code] else _refusal(offering, slot)
    if refusal is None or why != PAGES[refusal.code]:
        raise NotFound()
    zone = offering.office.time_zone
    found = nearest_open(days_a_moment_ago(offering), slot.starts_at)
    return render_template(
        "public/no_place.html",
        title=TITLES[refusal.code],
        message="" if isinstance(refusal, SlotFull) else message_for(refusal, zone),
        opens=isinstance(refusal, NotOpenYet),
        offering=offering,
        day=slot.day,
        starts_at=slot.starts_at,
        slot_id=slot_id,
        nearest=[(office_date(free.starts_at, zone), slot_item(free, zone, 1, with_day=True)) for free in found],
    )


def _refusal(offering: OfficeService, slot: Slot) -> DomainError | None:
    """Why nobody can book the slot now, however many places it has."""
    try:
        offering.booking_rules.check_bookable(slot.day, slot.starts_at, now=now())
    except DomainError as refusal:
        return refusal
    return None if slot.accepts else DayClosed()
