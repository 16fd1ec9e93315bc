"""The tap that books, and what is said when it could not."""

from __future__ import annotations

from datetime import date, datetime

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import AlreadyBooked, DomainError, NotFound, RequestChanged, SlotFull
from queue_app.models import Booking, OfficeService
from queue_app.queries.booking.availability import slot_time
from queue_app.services.booking import book as booking_service
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.web.access.rules import public
from queue_app.web.before_flask.known_refusals import report_refusal
from queue_app.web.booking.book_once import book_once
from queue_app.web.booking.offerings import days_of, offering_of_id
from queue_app.web.public.blueprint import bp
from queue_app.web.public.calendar.choice import Chooser
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .choose import ask_for_details, choice_page, choice_url, chooser_of
from .draft import Draft, draft_of_page, drop_draft, read_draft
from .forms import ALREADY_BOOKED, PlaceForm
from .just_booked import remember_booking, ticket_url_of

Answer = Response | tuple[str, int]


@bp.post("/slots/<int:slot_id>/bookings")
@bp.post("/bookings")
@public
def book(slot_id: int | None = None) -> Answer:
    """The slot stands in the address when a script put it there, so that who presses in vain can be refused early."""
    form = PlaceForm()
    if not form.validate() or form.offering.data is None or not form.request_key.data:
        raise NotFound()  # nothing that our own page sends
    offering = offering_of_id(form.offering.data)
    draft = _draft_of(form, offering)
    if isinstance(draft, Response):
        return draft
    slot_id = slot_id or form.slot_id.data
    if slot_id is None:
        return _ask_for_the_hour(offering, draft, form)
    try:
        ticket_url = _store(draft, slot_id)
    except NotFound:
        raise
    except RequestChanged as refusal:
        return _refuse_second(offering, draft, form, refusal)
    except DomainError as refusal:
        report_refusal(refusal, slot_id, len(draft.people))
        return _refuse(offering, draft, refusal, slot_id)
    flash(_booked(len(draft.people)), "success")
    response = redirect(ticket_url, 303)
    drop_draft(response, offering)
    remember_booking(response, offering, draft.request_key)
    return response


def _draft_of(form: PlaceForm, offering: OfficeService) -> Draft | Response:
    """The details that the page showed; or where to go when they are others by now, or have booked before."""
    kept = read_draft(offering.id)
    if kept is not None and kept.request_key == form.request_key.data:
        return kept
    # Perhaps this very request was answered, and the answer got lost.
    stored = booking_service.find_request(db.session(), form.request_key.data)
    if stored is not None:
        return redirect(ticket_url_of(stored), 303)
    if kept is None:
        shown = draft_of_page(form.details.data, offering.id)
        is_shown = shown is not None and shown.request_key == form.request_key.data
        return shown if shown and is_shown else ask_for_details(offering)
    flash(_("Data Anda berubah di jendela lain. Periksa lagi, lalu pilih jadwal."), "important")
    return redirect(choice_url(offering, hari=form.day.data), 303)


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
    return url_for(".ticket", token=keyring().ticket_token(book_once(wanted).tickets[0].id))


def _booked(persons: int) -> str:
    if persons == 1:
        return _("Tempat Anda sudah dipesan. Simpan tiket ini; Anda memerlukannya di kantor.")
    said = _("Tempat untuk %(persons)s orang sudah dipesan. Simpan tiket ini; Anda memerlukannya di kantor.")
    return said % {"persons": persons}


def _ask_for_the_hour(offering: OfficeService, draft: Draft, sent: PlaceForm) -> Answer:
    form, chooser = PlaceForm.empty(), _chooser(offering, draft, sent.day.data)
    form.complain_about(_("Pilih dulu jam kedatangan Anda."), "#slot_id" if chooser.day else "#days")
    return choice_page(offering, draft, form, chooser), 422


def _refuse(offering: OfficeService, draft: Draft, refusal: DomainError, slot_id: int) -> Answer:
    """The choice once more, with what went wrong and, when a place was lost, the nearest ones that are free."""
    form, message = PlaceForm.empty(), _words(refusal, len(draft.people), offering.office.time_zone)
    day, wanted = slot_time(db.session(), slot_id) or (None, None)
    if isinstance(refusal, AlreadyBooked):
        form.complain_about(message, f"#{ALREADY_BOOKED}")
        chooser = _chooser(offering, draft, day)
    else:
        chooser = _chooser(offering, draft, day, lost=wanted)
        form.complain_about(message, "#nearest" if chooser.nearest else "#days")
    return choice_page(offering, draft, form, chooser), status_of(refusal)


def _chooser(offering: OfficeService, draft: Draft, wanted: date | None, *, lost: datetime | None = None) -> Chooser:
    """Of the days as they are now: the hour that was just lost must not be offered again."""
    return chooser_of(offering, draft, days_of(offering, now=now()), wanted=wanted, lost=lost)


def _words(refusal: DomainError, persons: int, zone: str) -> str:
    """For a party in the plural. Never which of its persons has booked: only that person may know."""
    if persons > 1 and isinstance(refusal, AlreadyBooked):
        return _(
            "Salah satu dari NIK ini sudah punya tiket yang masih berlaku untuk layanan ini. Demi kerahasiaan tidak "
            "disebut yang mana. Tanyakan kepada keluarga Anda: buka tiketnya dengan kode pemesanan, batalkan dulu, "
            "atau hapus orangnya dari pemesanan ini."
        )
    if persons > 1 and isinstance(refusal, SlotFull):
        said = _("Pada jam itu sudah tidak cukup tempat untuk %(persons)s orang. Data Anda masih ada: pilih jam lain.")
        return said % {"persons": persons}
    return message_for(refusal, zone)


def _refuse_second(offering: OfficeService, draft: Draft, sent: PlaceForm, refusal: RequestChanged) -> Answer:
    """The same details have booked before, in another tab or before going back, but another hour."""
    form = PlaceForm.empty()
    form.complain_about(message_for(refusal), ticket_url_of(db.session.get_one(Booking, refusal.details["booking_id"])))
    chooser = _chooser(offering, draft, sent.day.data)
    return choice_page(offering, draft, form, chooser), status_of(refusal)
