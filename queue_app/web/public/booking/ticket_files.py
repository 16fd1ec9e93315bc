"""The ticket to take along: PDF, calendar file, and the service worker that keeps its page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, make_response, redirect
from werkzeug.wrappers import Response as AnyResponse

from queue_app.adapters.ics import appointment_ics
from queue_app.adapters.pdf import ticket_pdf
from queue_app.domain.tickets import show_code
from queue_app.web.access.rules import public
from queue_app.web.printing.paper import requirement_lines
from queue_app.web.public.blueprint import bp
from queue_app.web.request import now, settings
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language

from . import ticket_words
from .ticket import paper_asked, ticket_page
from .ticket_facts import TicketFacts, gather, load_ticket


@bp.get("/t/<token>/tiket.pdf")
@public
def pdf(token: str) -> AnyResponse:
    facts = gather(load_ticket(token), now=now())
    if facts.is_void:
        return redirect(ticket_page(facts.ticket), 303)
    content = ticket_pdf(ticket_words.printed_tickets(facts), paper=paper_asked())
    return _download(content, "application/pdf", f"tiket-{facts.places[0].number}.pdf")


@bp.get("/t/<token>/kalender.ics")
@public
def calendar(token: str) -> AnyResponse:
    facts = gather(load_ticket(token), now=now())
    if facts.is_void:
        return redirect(ticket_page(facts.ticket), 303)
    content = _calendar(facts).encode()
    return _download(content, "text/calendar; charset=utf-8", f"tiket-{facts.places[0].number}.ics")


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """From the top of the site, because a service worker rules only what lies below its own address."""
    return make_response(current_app.view_functions["static"](version="", filename="sw.js"))


def _calendar(facts: TicketFacts) -> str:
    office, service = facts.offering.office, in_language(facts.offering.service, "name")
    bring = requirement_lines(facts.offering)
    lines = [_("Nomor antrean: %(number)s") % {"number": facts.numbers}]
    lines += [_("Bawa: %(things)s") % {"things": "; ".join(bring)}] if bring else []
    lines += [_("Kode pemesanan: %(code)s") % {"code": show_code(facts.booking.code)}]
    lines += [_("Tiket dengan kode QR: %(link)s") % {"link": ticket_words.ticket_url(facts)}]
    return appointment_ics(
        code=show_code(facts.booking.code),
        site=urlsplit(settings().public_url).netloc,
        starts_at=facts.ticket.slot.starts_at,
        ends_at=facts.ticket.slot.ends_at,
        stamp=now(),
        summary=f"{service} – {office.name}",
        location=", ".join(filter(None, (office.name, office.address))),
        description="\n".join(lines),
        url=ticket_words.ticket_url(facts),
        reminder=_("Besok: %(service)s") % {"service": service},
        sequence=facts.changes,
    )


def _download(content: bytes, content_type: str, filename: str) -> Response:
    return Response(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
