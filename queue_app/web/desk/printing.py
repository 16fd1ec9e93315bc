"""Printing at the desk: what was printed of a booking, printing it, and a page for the browser's own printing."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.pdf import Paper
from queue_app.adapters.qr import qr_svg
from queue_app.db import db
from queue_app.domain.errors import NotFound, NothingToPrint
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Permission
from queue_app.models import Booking, Ticket
from queue_app.queries.printing.printing import (
    booking_at,
    print_history,
    print_job_of,
    printable_tickets,
    printers_of,
)
from queue_app.services.visits.counters import counter_of
from queue_app.web.access.cookies import cookie, give_cookie
from queue_app.web.access.rules import requires
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.printing.receipts import COPY_MARK, printed_tickets
from queue_app.web.printing.receipts import print_booking as print_tickets
from queue_app.web.printing.words import words_for
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _

from .blueprint import bp

COOKIE = "desk_printer"
COOKIE_AGE = 365 * 24 * 3600
COOKIE_PATH = "/meja"
PAPERS = {paper.value: paper for paper in Paper}


@bp.get("/cetak/<int:booking_id>")
@requires(Permission.PRINT)
def printing(booking_id: int) -> str:
    """The numbers, what was printed, and the choice of a printer; with ``?tugas=`` what came of that printing."""
    booking = _booking(booking_id)
    history = print_history(db.session(), booking_id)
    job_id = request.args.get("tugas", type=row_number)
    return render_template(
        "desk/printing.html",
        title=_("Cetak tiket"),
        booking=booking,
        tickets=_standing(booking),
        history=history,
        shown=next((one for one in history if one.job.id == job_id), None),
        words_of=lambda job: words_for(job.state, job.problem, by_browser=job.printer_id is None),
        printers=_choices(),
        chosen=_chosen(),
        zone=g.staff.time_zone,
        sits_at_counter=counter_of(db.session(), g.staff.staff_id, g.staff.office_id, now=now()) is not None,
    )


@bp.post("/cetak/<int:booking_id>")
@requires(Permission.PRINT)
def print_booking(booking_id: int) -> Response:
    """Print with the printer named in the form, else with the one that this desk used last."""
    _booking(booking_id)
    choice = _chosen(request.form.get("printer", ""))
    if choice is None:
        return redirect(url_for(".printing", booking_id=booking_id), 303)
    printer_id = None if choice in PAPERS else int(choice)
    job = print_tickets(booking_id, office_id=g.staff.office_id, printer_id=printer_id, actor=actor())
    if printer_id is None:
        target = url_for(".print_page", booking_id=booking_id, tugas=job.id, kertas=choice)
    else:
        target = url_for(".printing", booking_id=booking_id, tugas=job.id)
    response = redirect(target, 303)
    give_cookie(response, COOKIE, choice, path=COOKIE_PATH, max_age=COOKIE_AGE)
    return response


@bp.get("/cetak/<int:booking_id>/halaman")
@requires(Permission.PRINT)
def print_page(booking_id: int) -> str:
    """The tickets of everybody for the browser's own printing, which a script begins."""
    booking = _booking(booking_id)
    job_id = request.args.get("tugas", type=row_number)
    if job_id is None:
        raise NotFound()
    job = print_job_of(db.session(), job_id, booking_id)
    return render_template(
        "desk/print_page.html",
        title=_("Cetak tiket"),
        booking=booking,
        tickets=printed_tickets(printable_tickets(db.session(), booking_id, g.staff.office_id)),
        copy_mark=COPY_MARK if job.copy else "",
        paper=PAPERS.get(request.args.get("kertas", ""), Paper.ROLL_80),
        qr=lambda ticket: qr_svg(ticket.token, title=_("Kode QR tiket %(number)s") % {"number": ticket.queue_number}),
    )


def _booking(booking_id: int) -> Booking:
    """Raises NotFound for a booking of another office; for a village operator, for one not made in a village."""
    booking = booking_at(db.session(), booking_id, g.staff.office_id)
    if not g.staff.may(Permission.VIEW_ARRIVALS) and booking.channel is not Channel.VILLAGE:
        raise NotFound()
    return booking


def _standing(booking: Booking) -> tuple[Ticket, ...]:
    try:
        return printable_tickets(db.session(), booking.id, g.staff.office_id)
    except (NothingToPrint, NotFound):
        return ()


def _choices() -> list[tuple[str, str]]:
    """(value, text) of the office's printers and of the papers for the browser's own printing."""
    names = {Paper.ROLL_58: "58 mm", Paper.ROLL_80: "80 mm", Paper.A4: "A4"}
    networked = [
        (str(printer.id), f"{printer.name} ({printer.width} mm)")
        for printer in printers_of(db.session(), g.staff.office_id, active=True)
    ]
    by_browser = [
        (paper.value, _("Lewat browser, kertas %(paper)s") % {"paper": name}) for paper, name in names.items()
    ]
    return networked + by_browser


def _chosen(asked: str = "") -> str | None:
    """The printer asked for, else the one of the cookie, else the office's only one; None: somebody has to choose."""
    choices = [value for value, _text in _choices()]
    if asked:
        return asked if asked in choices else None
    if (kept := cookie(COOKIE, COOKIE_PATH) or "") in choices:
        return kept
    networked = [value for value in choices if value not in PAPERS]
    return networked[0] if len(networked) == 1 else None
