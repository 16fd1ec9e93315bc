"""Choosing a day and then an hour: the second and third step of booking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.domain.phones import show_phone
from queue_app.models import OfficeService
from queue_app.queries.booking.availability import DayAvailability, slot_time
from queue_app.queries.calendar import offices as office_queries
from queue_app.services.booking import book as booking_service
from queue_app.web.access.rules import public
from queue_app.web.booking.offerings import load_offering
from queue_app.web.booking.recent_days import days_a_moment_ago
from queue_app.web.public.blueprint import bp
from queue_app.web.public.calendar.choice import Chooser, build_chooser
from queue_app.web.public.calendar.elsewhere import elsewhere
from queue_app.web.site.language import gettext as _

from .draft import Draft, draft_of_page, for_page, keep_draft, read_draft
from .forms import PlaceForm
from .just_booked import show_just_booked, ticket_url_of


@bp.get("/<office:office>/<slug:service>/pilih")
@public
def choose(office: str, service: str) -> Response | str:
    offering = load_offering(office, service)
    draft = read_draft(offering.id)
    if draft is None:
        return show_just_booked(offering) or ask_for_details(offering)
    chooser = chooser_of(offering, draft, days_a_moment_ago(offering))  # thousands look at once when booking opens
    response = make_response(choice_page(offering, draft, PlaceForm.empty(), chooser))
    keep_draft(response, offering, draft)  # for another half hour
    return response


@bp.post("/<office:office>/<slug:service>/pilih")
@public
def choose_again(office: str, service: str) -> Response:
    """The language link of a page with details: they come along, however long the page was looked at."""
    offering, form = load_offering(office, service), PlaceForm()
    if not form.validate():
        raise NotFound()  # nothing that our own page sends
    draft = read_draft(offering.id) or draft_of_page(form.details.data, offering.id)
    if draft is None:
        return ask_for_details(offering)
    response = redirect(choice_url(offering, hari=form.day.data), 303)
    keep_draft(response, offering, draft)
    return response


@bp.get("/slots/<int:slot_id>/bookings")
@public
def show_slot(slot_id: int) -> Response:
    """Where a reload leads from the page that said no: back to the choice.

    Or to the ticket: the answer that got lost may have been a yes.
    """
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    found = slot_time(db.session(), slot_id)
    if offering is None or found is None:
        raise NotFound()
    draft = read_draft(offering.id)
    stored = booking_service.find_request(db.session(), draft.request_key) if draft else None
    if stored is not None:
        return redirect(ticket_url_of(stored), 303)
    return redirect(choice_url(offering, hari=found[0]), 303)


def ask_for_details(offering: OfficeService) -> Response:
    message = _(
        "Isi data dulu, lalu pilih hari dan jam. Demi keamanan, isian yang ditinggal lebih dari 30 menit dihapus. "
        "Sudah memesan? Buka “Tiket saya”."
    )
    flash(message, "important")
    return redirect(url_for(".details", office=offering.office.slug, service=offering.service.slug), 303)


def chooser_of(
    offering: OfficeService,
    draft: Draft,
    days: Sequence[DayAvailability],
    *,
    wanted: date | None = None,
    lost: datetime | None = None,
) -> Chooser:
    address, places = choice_url(offering), len(draft.people)

    def link(**query: date) -> str:
        return f"{address}?{urlencode(query)}"

    return build_chooser(days, offering.office.time_zone, link, places=places, wanted=wanted, lost=lost)


def choice_page(offering: OfficeService, draft: Draft, form: PlaceForm, chooser: Chooser) -> str:
    """The step that the chooser stands at."""
    at_hours = chooser.day or chooser.nearest
    others = elsewhere(offering, places=len(draft.people)) if chooser.list.is_empty else ()
    return render_template(
        "public/choose.html" if at_hours else "public/choose_day.html",
        form=form,
        offering=offering,
        chooser=chooser,
        others=others,
        draft=draft,
        details=for_page(draft, offering.id),
        phone=show_phone(draft.phone),
    )


def choice_url(offering: OfficeService, **query: date | None) -> str:
    days: dict[str, Any] = {name: day.isoformat() for name, day in query.items() if day}
    return url_for("public.choose", office=offering.office.slug, service=offering.service.slug, **days)
