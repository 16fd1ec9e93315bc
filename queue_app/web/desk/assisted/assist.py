"""Booking for people who cannot do it themselves: at the desk, and by operators in the villages."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.language import INDONESIAN
from queue_app.db import db
from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.errors import AlreadyBooked, DomainError, NotFound, RequestChanged, SlotFull
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Permission
from queue_app.models import OfficeService
from queue_app.queries.booking.parties import party_at
from queue_app.queries.booking.search import holder_of
from queue_app.queries.calendar.offices import services_of
from queue_app.services.assisted.book_for_others import AssistedRequest, book_assisted
from queue_app.services.booking.book import Booked
from queue_app.web.access.rules import requires
from queue_app.web.booking.claims_counted import claim_counted
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.once import new_nonce
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now, stored_once
from queue_app.web.site.language import gettext as _

from .form import BEYOND, NOW, AssistForm
from .hours import Hours, hours_for

LAST_SERVICE = "assisted_service"  # in the session's cookie: who helps ten people books ten times the same


@bp.get("/bantu")
@requires(Permission.ASSIST)
def assist() -> str:
    form = AssistForm(_services(), formdata=None, service=session.get(LAST_SERVICE), nonce=new_nonce())
    if form.service.data not in {choice.value for choice in form.service.choices}:
        form.service.data = form.service.choices[0].value if form.service.choices else ""
    return _page(form, focus="persons-0-nik" if form.service.data else "service")


@bp.get("/bantu/jam")
@requires(Permission.ASSIST)
def assisted_hours() -> str:
    """The part of the page that depends on what was chosen before: nothing of the person is asked for here."""
    form = AssistForm(_services(), formdata=None, service=request.args.get("layanan"))
    form.priority.data = request.args.get("prioritas")
    places = request.args.get("orang", default=1, type=row_number)
    form.when.data = request.args.get("pilihan", "")
    return render_template("desk/assisted_hours.html", form=form, hours=_hours(form, places), fragment=True)


@bp.post("/bantu")
@requires(Permission.ASSIST)
def book_for_somebody() -> Response | str | tuple[str, int]:
    form = AssistForm(_services())
    action = request.form.get("action")
    if action == "add":
        form.add_person()
        return _page(form, focus=f"{form.persons.entries[-1].id}-nik")
    if action == "hours":
        return _page(form, focus="when")
    if not form.validate_on_submit():
        if form.nonce.errors:
            raise NotFound()  # nothing that our own page sends
        return _page(form), 422
    try:
        booked = _book(form)
    except RequestChanged as refusal:
        return _page(_used_before(form, refusal)), status_of(refusal)
    except DomainError as refusal:
        return _refuse(form, refusal), status_of(refusal)
    session[LAST_SERVICE] = form.service.data
    return redirect(url_for(".assisted", booking_id=booked.booking_id), 303)


@bp.get("/bantu/<int:booking_id>")
@requires(Permission.ASSIST)
def assisted(booking_id: int) -> str:
    """What to hand over. An operator in a village sees what villages booked, and nothing else of the office."""
    party = party_at(db.session(), booking_id, g.staff.office_id, keyring=keyring())
    if _channel() is Channel.VILLAGE and party.channel is not Channel.VILLAGE:
        raise NotFound()
    return render_template("desk/assisted.html", party=party)


def _book(form: AssistForm) -> Booked:
    if form.when.data in (NOW, BEYOND) and not g.staff.may(Permission.GIVE_NUMBERS):
        abort(403)
    wanted = AssistedRequest(
        offering_id=int(form.service.data),
        starts_at=form.starts_at,
        applicants=form.applicants(),
        phone=form.phone_number(),
        language=INDONESIAN,  # of who comes, not of who types
        request_key=form.nonce.data,
        channel=_channel(),
        priority=form.class_of_priority,
        exception=(form.reason.data or " ") if form.when.data == BEYOND else None,
    )
    second_id = form.second_id() if form.when.data == BEYOND else None
    own = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id, "second_id": second_id}
    with claim_counted():
        return stored_once(lambda unit: book_assisted(unit, wanted, **own, keyring=keyring(), now=now(), actor=actor()))


def _refuse(form: AssistForm, refusal: DomainError) -> str:
    """The form with all that was typed, and a way on."""
    at_once = form.when.data in (NOW, BEYOND)
    if isinstance(refusal, AlreadyBooked) and g.staff.may(Permission.VIEW_ARRIVALS):
        form.complain(_("NIK ini sudah punya tiket untuk layanan ini. Buka datanya untuk memindah atau membatalkan."))
        form.refer_to(_holder(form))
    elif isinstance(refusal, SlotFull | NotFound):
        form.complain(_nothing_today() if at_once else _full_meanwhile(), "when")
    elif refusal.code == "walk_ins_used_up":
        used_up = _("Nomor tanpa pemesanan untuk hari ini sudah habis (%(cap)s).") % refusal.details
        form.complain(f"{used_up} {_another_way()}", "when")
    else:
        form.refuse(refusal, zone=g.staff.time_zone)
    return _page(form, refused_now=at_once)


def _holder(form: AssistForm) -> str:
    """The page of whoever has a place already; where that is at another office, the search."""
    offering = db.session().get_one(OfficeService, int(form.service.data))
    persons = [keyring().person_index(applicant.nik.digits) for applicant in form.applicants()]
    ticket_id = holder_of(db.session(), g.staff.office_id, offering.service_id, persons)
    return url_for(".person", ticket_id=ticket_id) if ticket_id else url_for(".find")


def _used_before(form: AssistForm, refusal: RequestChanged) -> AssistForm:
    """Somebody went back to the form of the person before: what stands there now may be booked all the same."""
    form.complain(_("Formulir ini sudah dipakai. Lihat pemesanan tadi; atau periksa isiannya, lalu pesan sekali lagi."))
    form.refer_to(url_for(".assisted", booking_id=refusal.details["booking_id"]))
    form.nonce.data = new_nonce()
    return form


def _nothing_today() -> str:
    return f"{_('Hari ini tidak ada tempat lagi.')} {_another_way()}"


def _another_way() -> str:
    return _("Pilih hari lain, atau beri tempat tambahan dengan alasan.")


def _full_meanwhile() -> str:
    return _("Jam itu baru saja penuh. Isiannya masih ada: pilih jam lain.")


def _services() -> list[OfficeService]:
    return services_of(db.session(), g.staff.office_id)


def _channel() -> Channel:
    """Who may also give numbers sits in the office."""
    return Channel.DESK if g.staff.may(Permission.GIVE_NUMBERS) else Channel.VILLAGE


def _hours(form: AssistForm, places: int, *, refused_now: bool = False) -> Hours | None:
    """None until a service is chosen. What can be had at once is chosen already, unless something else is."""
    offering = next((one for one in _services() if str(one.id) == form.service.data), None)
    if offering is None:
        return None
    hours = hours_for(offering, form.class_of_priority, min(max(places, 1), PARTY_MAX), refused_now=refused_now)
    if not form.when.data and not form.when.errors and hours.now and hours.now.free:
        form.when.data = NOW
    return hours


def _page(form: AssistForm, *, focus: str = "", refused_now: bool = False) -> str:
    hours = _hours(form, form.places, refused_now=refused_now or form.when.data == BEYOND)
    return render_template("desk/assist.html", form=form, hours=hours, focus=focus, most=PARTY_MAX)
