"""Moving an appointment to another time, and cancelling it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Availability
from queue_app.domain.errors import ChangeClosed, DomainError, IllegalTransition, NotFound
from queue_app.domain.stages import TO_COME, Act, Stage
from queue_app.queries.booking.availability import DayAvailability, slot_time
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.services.booking import change
from queue_app.services.booking.offers import unanswered_offer
from queue_app.web.access.rules import public
from queue_app.web.booking.offer_facts import offer_facts
from queue_app.web.booking.offerings import days_of
from queue_app.web.public.blueprint import bp
from queue_app.web.public.calendar.choice import Chooser, build_chooser
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now
from queue_app.web.site.language import gettext as _

from .draft import drop_draft
from .forms import CancelForm, ConfirmForm, PlaceForm
from .ticket import ticket_page
from .ticket_facts import PersonTicket, TicketFacts, gather, load_ticket


@bp.get("/t/<token>/ubah")
@public
def reschedule(token: str) -> Response | str:
    facts = _changeable(token, Act.MOVE_HOUR)
    if isinstance(facts, Response):
        return facts
    return _page(facts, PlaceForm.empty(), _chooser(facts))


@bp.post("/t/<token>/ubah")
@public
def move(token: str) -> Response | tuple[str, int]:
    facts = _changeable(token, Act.MOVE_HOUR)
    if isinstance(facts, Response):
        return facts
    form = PlaceForm()
    if not form.validate():
        raise NotFound()  # nothing that our own page sends
    slot_id = form.slot_id.data
    if slot_id is None:
        chooser = _chooser(facts, form.day.data)
        form.complain_about(_("Pilih dulu jam kedatangan Anda."), "#slot_id" if chooser.day else "#days")
        return _page(facts, form, chooser), 422
    try:
        with unit_of_work() as session:
            change.reschedule(session, facts.booking.id, slot_id, now=now())
            moved = ticket_page(latest_ticket(session, load_ticket(token)))
    except (NotFound, IllegalTransition):
        raise
    except DomainError as refusal:
        return _choose_again(token, refusal, slot_id)
    flash(_moved(len(facts.places)), "success")
    return redirect(moved, 303)


@bp.get("/t/<token>/batal")
@public
def ask_to_cancel(token: str) -> Response | str:
    facts = _changeable(token, Act.CANCEL)
    if isinstance(facts, Response):
        return facts
    return render_template("public/cancel.html", facts=facts, form=_question(facts, asked=True))


@bp.post("/t/<token>/batal")
@public
def cancel(token: str) -> Response | tuple[str, int]:
    """All of a party, or one of its persons; then to a ticket that still stands, if there is one."""
    facts = _changeable(token, Act.CANCEL)
    if isinstance(facts, Response):
        return facts
    form = _question(facts)
    if not form.validate():
        return render_template("public/cancel.html", facts=facts, form=form), 422
    leaving = _leaving(facts, form)
    with unit_of_work() as session:
        change.cancel(session, facts.booking.id, position=leaving.position if leaving else None, now=now())
    staying = [place for place in facts.places if leaving and place != leaving]
    if leaving and staying:
        said = _("Tiket %(number)s sudah dibatalkan. Yang lain tetap berlaku: %(others)s.")
        others = ", ".join(sorted(place.number for place in staying))
        flash(said % {"number": leaving.number, "others": others}, "success")
    response = redirect(url_for(".ticket", token=staying[0].token if staying else token), 303)
    # Details that lie here still carry the key of this booking: booking again must be a new request.
    drop_draft(response, facts.offering)
    return response


def _question(facts: TicketFacts, *, asked: bool = False) -> ConfirmForm | CancelForm:
    """``asked``: the page is opened, nothing was answered yet."""
    given = {"formdata": None} if asked else {}
    if len(facts.places) == 1:
        return ConfirmForm(**given)
    form = CancelForm(**given)
    everybody = _("Semua, %(persons)s orang") % {"persons": len(facts.places)}
    people = [(str(place.position), f"{place.number} · {place.person}") for place in facts.in_order]
    form.who.choices = [(CancelForm.ALL, everybody), *people]
    return form


def _leaving(facts: TicketFacts, form: ConfirmForm | CancelForm) -> PersonTicket | None:
    """None when it is all of them."""
    who = form.who.data if isinstance(form, CancelForm) else CancelForm.ALL
    return next((place for place in facts.places if str(place.position) == who), None)


def _moved(persons: int) -> str:
    if persons == 1:
        return _("Jadwal sudah dipindah. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    said = _("Jadwal untuk %(persons)s orang sudah dipindah. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    return said % {"persons": persons}


def _changeable(token: str, act: Act) -> TicketFacts | Response:
    """The ticket that stands; or the way to its page, with the reason why nothing was done."""
    asked = load_ticket(token)
    latest = latest_ticket(db.session(), asked)
    facts = gather(latest, now=now())
    if latest is not asked:
        flash(_("Tiket itu sudah dipindah ke sini sebelumnya. Tidak ada yang diubah atau dibatalkan."), "important")
    elif act in facts.acts:
        return facts
    elif facts.stage in TO_COME:
        too_late = ChangeClosed(closed_at=facts.ticket.starts_at)
        flash(message_for(too_late, facts.zone), "important")
    return redirect(ticket_page(latest), 303)


def _choose_again(token: str, refusal: DomainError, slot_id: int) -> Response | tuple[str, int]:
    facts = _changeable(token, Act.MOVE_HOUR)
    if isinstance(facts, Response):
        return facts
    day, wanted = slot_time(db.session(), slot_id) or (None, None)
    chooser, form = _chooser(facts, day, lost=wanted), PlaceForm.empty()
    form.complain_about(message_for(refusal, facts.zone), "#nearest" if chooser.nearest else "#days")
    return _page(facts, form, chooser), status_of(refusal)


def _chooser(facts: TicketFacts, wanted: date | None = None, *, lost: datetime | None = None) -> Chooser:
    token = keyring().ticket_token(facts.ticket.id)

    def link(**query: date) -> str:
        days: dict[str, Any] = {name: day.isoformat() for name, day in query.items()}
        return url_for(".reschedule", token=token, **days)

    offer = unanswered_offer(db.session(), facts.booking.id)
    rules = change.rules_for(facts.offering, offer, now=now())
    days = tuple(_movable(facts, days_of(facts.offering, now=now(), rules=rules)))
    held = facts.ticket.slot_id
    return build_chooser(days, facts.zone, link, places=len(facts.places), wanted=wanted, lost=lost, held=held)


def _movable(facts: TicketFacts, days: Sequence[DayAvailability]) -> Iterator[DayAvailability]:
    """The days that the booking may be moved to. Its own day stays open for it when booking has closed."""
    for day in days:
        if day.day == facts.ticket.day:
            still = day.status is Availability.CUT_OFF and day.slots
            yield replace(day, status=Availability.OPEN) if still else day
        elif Act.MOVE_DAY in facts.acts:
            yield day


def _page(facts: TicketFacts, form: PlaceForm, chooser: Chooser) -> str:
    offer = offer_facts(facts.ticket, now=now()) if facts.stage is Stage.WITHDRAWN else None
    return render_template("public/reschedule.html", facts=facts, form=form, chooser=chooser, offer=offer)
