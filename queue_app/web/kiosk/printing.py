"""Printing a kiosk's number on the kiosk's own printer."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.domain.printing import PrintState
from queue_app.services.access.kiosks import DeviceIdentity
from queue_app.web.printing.receipts import print_booking
from queue_app.web.request import actor

ON_PAPER = frozenset({PrintState.PRINTED, PrintState.SENT})


def print_number(booking_id: int, device: DeviceIdentity) -> bool | None:
    """Whether it is on paper; None for a kiosk without a printer. The number is given, whatever the printer does."""
    if device.printer_id is None:
        return None
    try:
        job = print_booking(booking_id, office_id=device.office_id, printer_id=device.printer_id, actor=actor())
    except DomainError:
        return False  # the printer was taken out of use a moment ago
    return job.state in ON_PAPER
