"""A number for today without an appointment: choose the service, type the NIK."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from queue_app.db import db
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.identity import parse_nik
from queue_app.domain.priority import Channel, Priority
from queue_app.models import OfficeService
from queue_app.queries.calendar.offices import offering_of_slugs, services_of
from queue_app.services.assisted.book_for_others import AssistedRequest
from queue_app.services.assisted.kiosk_numbers import give_number as give_number_to
from queue_app.services.booking.request import Applicant
from queue_app.web.access.rules import with_device
from queue_app.web.booking.claims_counted import claim_counted
from queue_app.web.forms.once import new_nonce
from queue_app.web.forms.person_fields import check_nik
from queue_app.web.kiosk.arrivals import between_pages
from queue_app.web.kiosk.arrivals.forms import NumberForm
from queue_app.web.kiosk.blueprint import bp
from queue_app.web.kiosk.printing import print_number
from queue_app.web.request import keyring, now, stored_once
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .choices import choice_of


@bp.get("/<office:office>/nomor")
@with_device
def services(office: str) -> str:
    choices = [choice_of(offering, now=now()) for offering in services_of(db.session(), g.device.office_id)]
    return render_template("kiosk/services.html", choices=choices)


@bp.get("/<office:office>/nomor/<slug:service>")
@with_device
def person(office: str, service: str) -> str | Response:
    choice = choice_of(_offering(office, service), now=now())
    if not choice.open:
        return redirect(url_for(".services", office=office), 303)
    form = NumberForm(formdata=None, nonce=new_nonce())
    typed = between_pages.take_typed()
    if typed is not None:
        form.nik.data, form.priority.data = typed
        form.complain(_complaint(typed[0]), "nik")
    return render_template("kiosk/person.html", form=form, choice=choice)


@bp.post("/<office:office>/nomor/<slug:service>")
@with_device
def give_number(office: str, service: str) -> Response:
    """Always answers by leading on: a page that was posted to would come back from the browser's history."""
    offering = _offering(office, service)
    form = NumberForm()
    if not form.validate_on_submit():
        between_pages.keep_typed((form.nik.data or "")[:40], priority=form.priority.data)
        return redirect(url_for(".person", office=office, service=service), 303)
    request = AssistedRequest(
        offering_id=offering.id,
        starts_at=None,
        applicants=(Applicant(name=None, nik=parse_nik(form.nik.data)),),
        phone=None,
        language=current_language(),
        request_key=form.nonce.data,
        channel=Channel.KIOSK,
        priority=Priority.VULNERABLE if form.priority.data else None,
    )
    try:
        booking_id = _book(request)
    except DomainError as refusal:
        between_pages.keep_result(between_pages.KioskResult(between_pages.REFUSED, code=refusal.code))
    else:
        between_pages.keep_result(
            between_pages.KioskResult(between_pages.NUMBER, booking_id, printed=print_number(booking_id, g.device))
        )
    return redirect(url_for(".outcome", office=office), 303)


def _book(request: AssistedRequest) -> int:
    with claim_counted():
        booked = stored_once(
            lambda session: give_number_to(session, request, device=g.device, keyring=keyring(), now=now())
        )
    return booked.booking_id


def _offering(office: str, service: str) -> OfficeService:
    found = offering_of_slugs(db.session(), office, service)
    if found is None:
        raise NotFound()
    return found


def _complaint(nik: str) -> str:
    try:
        check_nik(nik)
    except ValidationError as complaint:
        if nik:
            return str(complaint)
    return _("Ketik 16 angka NIK Anda.")
