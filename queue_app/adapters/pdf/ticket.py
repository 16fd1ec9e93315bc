"""A printed ticket, already in the words of its reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TicketLabels:
    """The fixed words on a ticket.

    `language` is their BCP 47 tag ("id", "en"), `free` a short line that says that nothing is to be paid.
    """

    language: str
    queue_number: str
    code: str
    day: str
    window: str
    place: str
    person: str
    requirements: str
    steps: str
    free: str


@dataclass(frozen=True)
class PrintedTicket:
    """One person's ticket.

    `token` is the QR payload, `window` ends in the zone label, `person` is initials only ("S. W."). Empty
    strings and empty tuples are left off the page, together with their labels.
    """

    queue_number: str
    code: str
    token: str
    title: str
    service: str
    office: str
    address: str
    day: str
    window: str
    person: str
    requirements: tuple[str, ...]
    steps: tuple[str, ...]
    change_note: str
    labels: TicketLabels
