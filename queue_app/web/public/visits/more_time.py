"""More time for those in the queue who cannot be at the counter yet: once, and only while they wait."""

from __future__ import annotations

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NoMoreTime
from queue_app.domain.roles import CITIZEN
from queue_app.domain.tickets import show_number
from queue_app.models import Visit
from queue_app.services.visits.waiting import more_time
from queue_app.web.access.rules import public
from queue_app.web.public.blueprint import bp
from queue_app.web.public.booking.forms import ConfirmForm
from queue_app.web.public.booking.ticket import ticket_page
from queue_app.web.public.booking.ticket_facts import TicketFacts, gather, load_ticket
from queue_app.web.refusals.people import message_for
from queue_app.web.request import now
from queue_app.web.site.language import gettext as _

from .place import those_who_may_wait_longer, visits_of


@bp.get("/t/<token>/waktu")
@public
def ask_for_time(token: str) -> AnyResponse | str:
    facts = gather(load_ticket(token), now=now())
    waiting = those_who_may_wait_longer(visits_of(db.session(), facts))
    if not waiting:
        return _refuse(facts, NoMoreTime())
    return _question(facts, waiting, ConfirmForm(formdata=None))


@bp.post("/t/<token>/waktu")
@public
def take_time(token: str) -> AnyResponse | tuple[str, int]:
    """Everybody of the party who still waits goes back: they came together."""
    facts = gather(load_ticket(token), now=now())
    rules, form = facts.offering.office.calling_rules, ConfirmForm()
    if not form.validate():
        return _question(facts, those_who_may_wait_longer(visits_of(db.session(), facts)), form), 422
    try:
        with unit_of_work() as session:
            waiting = those_who_may_wait_longer(visits_of(session, facts))
            if not waiting:
                raise NoMoreTime()
            party = {visit.ticket_id for visit in waiting}
            for visit in waiting:
                more_time(session, visit.ticket_id, rules=rules, actor=CITIZEN, now=now(), party=party)
    except DomainError as refusal:
        return _refuse(facts, refusal)
    flash(_("Dicatat. Beberapa nomor lain dipanggil dulu; perhatikan urutan Anda di bawah."), "success")
    return redirect(ticket_page(facts.ticket), 303)


def _question(facts: TicketFacts, waiting: list[Visit], form: ConfirmForm) -> str:
    numbers = [show_number(visit.ticket.letter, visit.ticket.queue_number) for visit in waiting]
    back = facts.offering.office.calling_rules.more_time_back
    return render_template("public/more_time.html", facts=facts, numbers=numbers, back=back, form=form)


def _refuse(facts: TicketFacts, refusal: DomainError) -> AnyResponse:
    flash(message_for(refusal, facts.zone), "important")
    return redirect(ticket_page(facts.ticket), 303)
