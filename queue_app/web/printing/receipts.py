"""Printing the tickets of a booking: their words, sending them to the printer, and writing down what came of it.

For the front desk as for the kiosk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import g

from queue_app.adapters import language as wording
from queue_app.adapters import printers
from queue_app.adapters.pdf import PrintedTicket
from queue_app.adapters.receipt import receipt_bytes, trial_bytes
from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import zone_label
from queue_app.domain.keyring import person_of
from queue_app.domain.printing import PrintOutcome
from queue_app.domain.roles import Actor
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, OfficeService, PrintJob, Ticket
from queue_app.queries.calendar.offices import offering_at
from queue_app.queries.printing.printing import printable_tickets, printer_at
from queue_app.services.printing.printers import record_trial
from queue_app.services.printing.printing import ask_print, finish_print
from queue_app.web.request import keyring, now
from queue_app.web.site.language import current_language, in_language, legible
from queue_app.web.site.language import gettext as _

from .paper import requirement_lines, ticket_labels

COPY_MARK = "SALINAN"  # in either language: it is staff who look for it


def print_booking(booking_id: int, *, office_id: int, printer_id: int | None, actor: Actor) -> PrintJob:
    """Print the tickets of everybody in the booking; the job says what came of it, and whether they are copies.

    With ``printer_id`` None it is only written down: the browser prints. Raises NotFound, NothingToPrint.
    """
    with unit_of_work() as unit:
        job = ask_print(unit, booking_id, office_id=office_id, printer_id=printer_id, actor=actor, now=now())
    if printer_id is None:
        return job
    session, job_id, mark = db.session(), job.id, COPY_MARK if job.copy else ""
    printer = printer_at(session, printer_id, office_id)
    host, port, columns = printer.host, printer.port, printer.columns
    tickets = printed_tickets(printable_tickets(session, booking_id, office_id))
    session.rollback()  # a printer takes seconds: nobody waits for its connection to the database
    content = receipt_bytes(tickets, columns=columns, copy_mark=mark)
    outcome = printers.send(host, port, content, tickets=len(tickets))
    with unit_of_work() as unit:
        return finish_print(unit, job_id, outcome)


def print_trial(printer_id: int, *, office_id: int, actor: Actor) -> PrintOutcome:
    """Print a page to try the printer out. Raises NotFound."""
    session = db.session()
    printer = printer_at(session, printer_id, office_id)
    host, port, columns = printer.host, printer.port, printer.columns
    lines = (
        printer.name,
        printer.office.name,
        _("%(mm)s mm, %(n)s huruf sebaris") % {"mm": printer.width, "n": columns},
    )
    session.rollback()
    content = trial_bytes(columns=columns, title=_("HALAMAN UJI"), lines=lines)
    outcome = printers.send(host, port, content)
    with unit_of_work() as unit:
        record_trial(unit, printer_id, outcome, office_id=office_id, actor=actor, now=now())
    return outcome


def printed_tickets(tickets: Sequence[Ticket]) -> list[PrintedTicket]:
    """What stands on the tickets of one booking, in the language of the booking."""
    booking = tickets[0].booking
    offering = offering_at(db.session(), tickets[0].office_id, tickets[0].service_id)
    with _speaking(booking.language):
        return [_printed(ticket, booking, offering) for ticket in tickets]


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """The holder reads the ticket, not who prints it."""
    own = current_language()
    g.language = language if language in wording.LANGUAGES else wording.INDONESIAN
    try:
        yield
    finally:
        g.language = own


def _printed(ticket: Ticket, booking: Booking, offering: OfficeService) -> PrintedTicket:
    office = offering.office
    return PrintedTicket(
        queue_number=show_number(ticket.letter, ticket.queue_number),
        code=show_code(booking.code),
        token=keyring().ticket_token(ticket.id),
        title=_("Tiket antrean"),
        service=in_language(offering.service, "name"),
        office=office.name,
        address=office.address,
        day=wording.format_day(ticket.day, current_language()),
        window=_window(ticket, office.time_zone),
        person=legible(person_of(ticket, booking.code, keyring()).initials),
        requirements=requirement_lines(offering),
        steps=_steps(ticket),
        change_note="",
        labels=ticket_labels(),
    )


def _window(ticket: Ticket, zone: str) -> str:
    language = current_language()
    if ticket.walk_in:
        taken = f"{wording.format_time(ticket.booking.created_at, zone, language)} {zone_label(zone)}"
        return _("tanpa pemesanan, diambil pukul %(time)s") % {"time": taken}
    hours = wording.format_window(ticket.slot.starts_at, ticket.slot.ends_at, zone, language)
    return _("pukul %(window)s") % {"window": hours}


def _steps(ticket: Ticket) -> tuple[str, ...]:
    waiting = _("Tunggu nomor Anda dipanggil.")
    if ticket.state is TicketState.CHECKED_IN:
        return (waiting,)
    return (_("Tunjukkan kode QR atau kode pemesanan di meja depan."), waiting)
