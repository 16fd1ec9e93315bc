"""The parts that every printed ticket has, whoever prints it."""

from __future__ import annotations

from queue_app.adapters.pdf import TicketLabels
from queue_app.models import OfficeService
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _


def requirement_lines(offering: OfficeService) -> tuple[str, ...]:
    """What to bring, one thing a line."""
    lines = in_language(offering, "requirements").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def ticket_labels() -> TicketLabels:
    return TicketLabels(
        language=current_language(),
        queue_number=_("Nomor antrean"),
        code=_("Kode pemesanan"),
        day=_("Hari"),
        window=_("Datang"),
        place=_("Lokasi"),
        person=_("Atas nama"),
        requirements=_("Bawa"),
        steps=_("Selanjutnya"),
        free=_("GRATIS – tidak ada biaya apa pun"),
    )
