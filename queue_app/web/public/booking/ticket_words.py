"""A ticket's sentences, for the page as well as for paper and calendar."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import url_for

from queue_app.adapters import language as wording
from queue_app.adapters.pdf import PrintedTicket
from queue_app.domain.stages import TO_COME, Act
from queue_app.domain.tickets import show_code
from queue_app.web.printing.paper import requirement_lines, ticket_labels
from queue_app.web.request import settings
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

from .ticket_facts import TicketFacts


def next_steps(facts: TicketFacts) -> tuple[str, ...]:
    """What happens next; only what will happen, and nothing once the owner is in the hall: there the queue says it."""
    if facts.stage not in TO_COME:
        return ()
    steps = []
    if facts.reminder_at is not None:
        when = wording.format_instant(facts.reminder_at, facts.zone, current_language())
        steps.append(_("Kami mengirim pengingat lewat email %(when)s.") % {"when": when})
    steps.append(_early(facts.offering.early_minutes))
    if facts.is_party:
        steps.append(_("Tunjukkan kode QR untuk semua atau kode pemesanan satu kali saja di meja depan."))
        steps.append(_("Siapa yang datang sendiri menunjukkan kode QR miliknya."))
    else:
        steps.append(_("Tunjukkan kode QR atau kode pemesanan di meja depan."))
    steps.append(_("Tunggu nomor Anda dipanggil."))
    return tuple(steps)


def _early(minutes: int) -> str:
    if minutes == 0:
        return _("Datang pada jam kedatangan.")
    if minutes % 60 == 0:
        return _("Datang pada jam kedatangan, paling cepat %(hours)s jam sebelumnya.") % {"hours": minutes // 60}
    return _("Datang pada jam kedatangan, paling cepat %(minutes)s menit sebelumnya.") % {"minutes": minutes}


def change_note(facts: TicketFacts) -> str:
    """Until when it can be changed, for paper, where links are of no use."""
    if Act.CANCEL not in facts.acts:
        return ""
    site = settings().public_url.split("://", 1)[-1] + url_for(".find")
    until = wording.format_instant(facts.move_until, facts.zone, current_language())
    if Act.MOVE_DAY in facts.acts:
        said = _("Pindah ke hari lain sampai %(until)s, batalkan sampai jam kedatangan: %(site)s.")
        return said % {"until": until, "site": site}
    return _("Berhalangan? Batalkan sebelum jam kedatangan di %(site)s.") % {"site": site}


def window(facts: TicketFacts) -> str:
    slot = facts.ticket.slot
    text = wording.format_window(slot.starts_at, slot.ends_at, facts.zone, current_language())
    return _("pukul %(window)s") % {"window": text}


def ticket_url(facts: TicketFacts) -> str:
    """As others reach it, not as this request did."""
    base: str = settings().public_url
    return base + url_for(".ticket", token=facts.places[0].token)


def share_url(facts: TicketFacts) -> str:
    """A WhatsApp message to whomever the holder picks; it carries the ticket's address, but nobody's name or NIK."""
    words = (
        _("Tiket antrean %(number)s") % {"number": facts.numbers},
        in_language(facts.offering.service, "name"),
        f"{wording.format_day(facts.ticket.day, current_language())}, {window(facts)}",
        facts.offering.office.name,
        ticket_url(facts),
    )
    return "https://wa.me/?" + urlencode({"text": "\n".join(words)})


def printed_tickets(facts: TicketFacts) -> list[PrintedTicket]:
    """One a person; before a party's the one for all, with the booking code as its QR code."""
    office = facts.offering.office
    each = [
        PrintedTicket(
            queue_number=place.number,
            code=show_code(facts.booking.code),
            token=place.token,
            title=_("Tiket antrean"),
            service=in_language(facts.offering.service, "name"),
            office=office.name,
            address=office.address,
            day=wording.format_day(facts.ticket.day, current_language()),
            window=window(facts),
            person=place.person,
            requirements=requirement_lines(facts.offering),
            steps=next_steps(facts),
            change_note=change_note(facts),
            labels=ticket_labels(),
        )
        for place in facts.places
    ]
    return [_for_all(facts, each[0]), *each] if facts.is_party else each


def _for_all(facts: TicketFacts, one: PrintedTicket) -> PrintedTicket:
    people = [(place.number, place.person.replace(". ", ".")) for place in facts.in_order]
    labels = replace(one.labels, queue_number=_("Tiket antrean untuk"), person=_("Nomor antrean"))
    return replace(
        one,
        queue_number=_("%(persons)s orang") % {"persons": len(facts.places)},
        token=facts.booking.code,
        title=_("Untuk semua: tunjukkan ini sekali"),
        person=", ".join(f"{number} ({person})" if person else number for number, person in people),
        labels=labels,
    )
