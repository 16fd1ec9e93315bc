"""The printed ticket: A4 for a home printer, 80 mm and 58 mm rolls for the front desk's receipt printer.

A page is laid out first (`layout`, `blocks`: millimetres, nothing drawn) and painted afterwards (`paint`),
because a roll's page is as long as its content and an A4 page shrinks its type rather than lose a line. About
4 ms a ticket.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from .blocks import fit
from .characters import printable
from .formats import FORMATS, Paper
from .paint import paint
from .ticket import PrintedTicket, TicketLabels

__all__ = ["Paper", "PrintedTicket", "TicketLabels", "ticket_pdf"]

# A clock read would make two prints of one ticket differ, and the hour of printing means nothing to its
# holder.
_FIXED_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def ticket_pdf(tickets: Sequence[PrintedTicket], *, paper: Paper) -> bytes:
    """Return a PDF with one page a ticket, and always the same bytes for the same tickets.

    Raises ValueError when `tickets` is empty or a token does not fit the QR code.
    """
    # fpdf2 loads fontTools, Pillow and an SVG reader: 0.3 s and 20 MB, paid with a worker's first PDF and not
    # at its start.
    from fpdf import FPDF
    from fpdf.fonts import CORE_FONTS_CHARWIDTHS

    if not tickets:
        raise ValueError("A PDF needs at least one ticket.")

    def measure(text: str, font: str, size: float) -> float:
        # FPDF.get_string_width also resolves text direction and markup: half of the time of a ticket.
        widths = CORE_FONTS_CHARWIDTHS[font]
        thousandths = sum(widths[char] for char in text.encode("cp1252").decode("latin-1"))
        return float(thousandths * size / 1000 / pdf.k)

    pdf = FPDF(unit="mm")
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_creation_date(_FIXED_DATE)
    pdf.set_auto_page_break(False)
    pdf.set_lang(tickets[0].labels.language)
    pdf.set_title(printable(f"{tickets[0].title} {', '.join(ticket.queue_number for ticket in tickets)}"))
    for ticket in tickets:
        paint(pdf, fit(ticket, FORMATS[paper], measure), ticket.token)
    return bytes(pdf.output())
