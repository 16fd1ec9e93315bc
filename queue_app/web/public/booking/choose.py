"""Choosing a time, whose button books."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import AlreadyBooked, DomainError, NotFound, RequestChanged, SlotFull
from queue_app.domain.phones import show_phone
from queue_app.models import Booking, OfficeService
from queue_app.queries.booking.availability import slot_time
from queue_app.queries.calendar import offices as office_queries
from queue_app.services.booking import book as booking_service
from queue_app.services.booking.book import Applicant, BookingRequest
from queue_app.web.access.rules import public
from queue_app.web.before_flask.sold_out import report_full
from queue_app.web.booking.book_once import book_once
from queue_app.web.booking.offerings import days_of, load_offering
from queue_app.web.public.blueprint import bp
from queue_app.web.public.calendar.choice import Chooser, build_chooser
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .draft import Draft, drop_draft, read_draft
from .forms import ALREADY_BOOKED, PlaceForm


@bp.get("/<office:office>/<slug:service>/pilih")
@public
def choose(office: str, service: str) -> Response | str:
    offering = load_offering(office, service)
    draft = read_draft(offering.id)
    if draft is None:
        return _ask_for_details(offering)
    return _page(offering, draft, PlaceForm.empty(), _chooser(offering, draft))


@bp.get("/slots/<int:slot_id>/bookings")
@public
def show_slot(slot_id: int) -> Response:
    """Where a reload or the language link leads from the page that said no: back to the choice.

    Or to the ticket: the answer that got lost may have been a yes.
    """
    offering = office_queries.offering_of_slot(db.session(), slot_id)
    found = slot_time(db.session(), slot_id)
    if offering is None or found is None:
        raise NotFound()
    draft = read_draft(offering.id)
    stored = booking_service.find_request(db.session(), draft.request_key) if draft else None
    if stored is not None:
        return redirect(_url_of(stored), 303)
    return redirect(_choice_url(offering, hari=found[0]), 303)


@bp.post("/slots/<int:slot_id>/bookings")
@bp.post("/bookings")
@public
def book(slot_id: int | None = None) -> Response | tuple[str, int]:
    """The slot stands in the address when a script put it there, so that a sold-out one can be refused early."""
    form = PlaceForm()
    if not form.validate() or form.offering.data is None:
        raise NotFound()  # nothing that our own page sends
    draft = read_draft(form.offering.data)
    if draft is None or draft.request_key != form.request_key.data:
        return _without_draft(form)
    slot_id = slot_id or form.slot_id.data
    if slot_id is None:
        return _choose_again(form.offering.data, draft, None, None)
    try:
        ticket_url = _store(draft, slot_id)
    except NotFound:
        raise
    except RequestChanged as refusal:
        return _refuse_second(form.offering.data, draft, refusal)
    except DomainError as refusal:
        if isinstance(refusal, SlotFull):
            report_full(slot_id)
        return _choose_again(form.offering.data, draft, refusal, slot_id)
    flash(_booked(len(draft.people)), "success")
    response = redirect(ticket_url, 303)
    drop_draft(response, _offering(form.offering.data))
    return response


def _store(draft: Draft, slot_id: int) -> str:
    """Book, and return the address of the ticket."""
    wanted = BookingRequest(
        slot_id=slot_id,
        applicants=tuple(Applicant(person.name, person.checked) for person in draft.people),
        phone=draft.phone,
        email=draft.email,
        language=current_language(),
        request_key=draft.request_key,
    )
    return _ticket_url(book_once(wanted).tickets[0].id)


def _booked(persons: int) -> str:
    if persons == 1:
        return _("Tempat Anda sudah dipesan. Simpan tiket ini; Anda memerlukannya di kantor.")
    said = _("Tempat untuk %(persons)s orang sudah dipesan. Simpan tiket ini; Anda memerlukannya di kantor.")
    return said % {"persons": persons}


def _ticket_url(ticket_id: int) -> str:
    return url_for(".ticket", token=keyring().ticket_token(ticket_id))


def _url_of(booking: Booking) -> str:
    """Of the newest ticket of its first person."""
    return _ticket_url(max(ticket.id for ticket in booking.tickets if ticket.position == 0))


def _without_draft(form: PlaceForm) -> Response:
    """The details are gone or others: perhaps because this very request was answered, and the answer got lost."""
    key = form.request_key.data
    stored = booking_service.find_request(db.session(), key) if key else None
    if stored is not None:
        return redirect(_url_of(stored), 303)
    offering = _offering(form.offering.data)
    if read_draft(offering.id) is None:
        return _ask_for_details(offering)
    flash(_("Data Anda berubah di jendela lain. Periksa lagi, lalu pilih jadwal."), "important")
    return redirect(_choice_url(offering), 303)


def _ask_for_details(offering: OfficeService) -> Response:
    message = _("Isi data dulu, lalu pilih jadwal. Demi keamanan, isian yang lebih lama dari 30 menit dihapus.")
    flash(message, "important")
    return redirect(url_for(".details", office=offering.office.slug, service=offering.service.slug), 303)


def _choose_again(offering_id: int, draft: Draft, refusal: DomainError | None, slot_id: int | None) -> tuple[str, int]:
    """The choice once more, with what went wrong and, when a place was lost, the nearest ones that are free."""
    offering, form = _offering(offering_id), PlaceForm.empty()
    day, wanted = (slot_time(db.session(), slot_id) if slot_id else None) or (None, None)
    if refusal is None:
        form.complain_about(_("Pilih dulu jam kedatangan Anda."), "#slot_id")
        return _page(offering, draft, form, _chooser(offering, draft)), 422
    message = _words(refusal, len(draft.people), offering.office.time_zone)
    if isinstance(refusal, AlreadyBooked):
        form.complain_about(message, f"#{ALREADY_BOOKED}")
        return _page(offering, draft, form, _chooser(offering, draft, day)), status_of(refusal)
    chooser = _chooser(offering, draft, day, lost=wanted)
    form.complain_about(message, "#nearest" if chooser.nearest else "#days")
    return _page(offering, draft, form, chooser), status_of(refusal)


def _words(refusal: DomainError, persons: int, zone: str) -> str:
    """For a party in the plural. Never which of its persons has booked: only that person may know."""
    if persons > 1 and isinstance(refusal, AlreadyBooked):
        return _(
            "Salah satu dari NIK ini sudah punya antrean yang masih berlaku untuk layanan ini. Demi kerahasiaan tidak "
            "disebut yang mana. Tanyakan kepada keluarga Anda: buka tiketnya dengan kode pemesanan, batalkan dulu, "
            "atau hapus orangnya dari pemesanan ini."
        )
    if persons > 1 and isinstance(refusal, SlotFull):
        said = _("Pada jam itu sudah tidak cukup tempat untuk %(persons)s orang. Data Anda masih ada: pilih jam lain.")
        return said % {"persons": persons}
    return message_for(refusal, zone)


def _refuse_second(offering_id: int, draft: Draft, refusal: RequestChanged) -> tuple[str, int]:
    """The same details have booked before, in another tab or before going back, but another hour."""
    form, offering = PlaceForm.empty(), _offering(offering_id)
    form.complain_about(message_for(refusal), _url_of(db.session.get_one(Booking, refusal.details["booking_id"])))
    return _page(offering, draft, form, _chooser(offering, draft)), status_of(refusal)


def _chooser(
    offering: OfficeService, draft: Draft, day: date | None = None, *, lost: datetime | None = None
) -> Chooser:
    days, link, places = days_of(offering, now=now()), partial(_choice_url, offering), len(draft.people)
    return build_chooser(days, offering.office.time_zone, link, places=places, lost=lost, lost_day=day)


def _page(offering: OfficeService, draft: Draft, form: PlaceForm, chooser: Chooser) -> str:
    others = [] if chooser.day else office_queries.other_offices(db.session(), offering.service_id, offering.office_id)
    return render_template(
        "public/choose.html",
        form=form,
        offering=offering,
        chooser=chooser,
        others=others,
        draft=draft,
        phone=show_phone(draft.phone),
    )


def _choice_url(offering: OfficeService, **query: date) -> str:
    days: dict[str, Any] = {name: day.isoformat() for name, day in query.items()}
    return url_for(".choose", office=offering.office.slug, service=offering.service.slug, **days)


def _offering(offering_id: int | None) -> OfficeService:
    offering = db.session.get(OfficeService, offering_id) if offering_id else None
    if offering is None:
        raise NotFound()
    return offering
