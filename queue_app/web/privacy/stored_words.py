"""Everything kept about somebody, as sections of a page and as a file for programs (UU 27/2022 Pasal 7 and 13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_app.adapters.language import format_day, format_instant, format_window
from queue_app.domain.tickets import show_code, show_number
from queue_app.queries.privacy.stored import Stored
from queue_app.web.booking.booking_words import CHANNELS, PRIORITIES
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

from .holding_words import DUTY, LAW
from .trace_words import REQUESTS, STATES, actor_said, event_said


@dataclass(frozen=True)
class Section:
    """Some facts with what they are for, on which basis and until when they are kept."""

    title: str
    facts: tuple[tuple[str, str], ...]
    purpose: str
    basis: str
    until: str


def sections(stored: Stored) -> tuple[Section, ...]:
    until = _("%(until)s, lalu dihapus otomatis") % {"until": _instant(stored, stored.until)}
    stays = _("Tetap, tanpa nama, NIK, dan kontak")
    return (
        Section(
            _("Siapa Anda"),
            (
                (_("Nama"), stored.person.name or _("tidak ada")),
                ("NIK", stored.person.nik.masked if stored.person.nik else _("tidak ada")),
            ),
            _("Memberi nomor antrean, mencocokkan orang yang datang, dan mencegah satu orang memborong tempat"),
            str(DUTY),
            until,
        ),
        Section(
            _("Kontak"),
            (
                (_("Nomor HP"), stored.contact.phone or _("tidak ada")),
                (_("Email"), stored.contact.email or _("tidak ada")),
            ),
            _("Mengirim tiket dan pengingat, dan memberi tahu kalau kantor tutup"),
            str(DUTY),
            until,
        ),
        Section(
            _("Pemesanan dan kunjungan"),
            tuple(_of_booking(stored)),
            _("Melayani Anda pada waktunya, dan menghitung berapa orang dilayani"),
            str(DUTY),
            stays,
        ),
    )


def traces(stored: Stored) -> list[tuple[str, str, str]]:
    """When, what and by whom, the newest first; as far as anything was written down."""
    return [(_instant(stored, event.at), event_said(event), actor_said(event.by)) for event in stored.events]


def requests_said(stored: Stored) -> list[tuple[str, str, str]]:
    """When, what was asked, and what became of it."""
    lines = []
    for request in stored.requests:
        became = str(STATES[request.state])
        became += f": {request.reason}" if request.reason else ""
        lines.append((_instant(stored, request.received_at), str(REQUESTS[request.kind]), became))
    return lines


def as_json(stored: Stored, *, at: datetime) -> Iterator[str]:
    """The copy for programs: one JSON object, piece by piece."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2)
    yield from encoder.iterencode(_facts(stored, at))
    yield "\n"


def _facts(stored: Stored, at: datetime) -> dict[str, Any]:
    booking = stored.booking
    return {
        "made_at": at.isoformat(timespec="seconds"),
        "kept_until": stored.until.isoformat(timespec="seconds"),
        "legal_basis": {"service": str(DUTY), "records": str(LAW)},
        "person": {
            "name": stored.person.name,
            "nik_masked": stored.person.nik.masked if stored.person.nik else None,
        },
        "contact": {"phone": stored.contact.phone, "email": stored.contact.email},
        "booking": {
            "code": show_code(booking.code),
            "service": booking.service.code,
            "channel": booking.channel,
            "language": booking.language,
            "created_at": booking.created_at.isoformat(timespec="seconds"),
            "persons": stored.party,
            "suspended_at": booking.suspended_at.isoformat(timespec="seconds") if booking.suspended_at else None,
        },
        "tickets": [
            {
                "office": ticket.office.slug,
                "number": show_number(ticket.letter, ticket.queue_number),
                "day": ticket.day.isoformat(),
                "starts_at": ticket.slot.starts_at.isoformat(),
                "ends_at": ticket.slot.ends_at.isoformat(),
                "state": ticket.state,
                "priority": ticket.priority,
            }
            for ticket in stored.tickets
        ],
        "history": [
            {
                "at": event.at.isoformat(timespec="seconds"),
                "what": event.kind,
                "by": event.by.partition(":")[0] or None,
            }
            for event in stored.events
        ],
        "requests": [
            {
                "received_at": request.received_at.isoformat(timespec="seconds"),
                "kind": request.kind,
                "state": request.state,
                "reason": request.reason,
            }
            for request in stored.requests
        ],
    }


def _of_booking(stored: Stored) -> Iterator[tuple[str, str]]:
    booking, language = stored.booking, current_language()
    yield _("Kode pemesanan"), show_code(booking.code)
    yield _("Layanan"), in_language(booking.service, "name")
    yield _("Dipesan"), f"{_instant(stored, booking.created_at)}, {CHANNELS[booking.channel]}"
    for ticket in stored.tickets:
        window = format_window(ticket.slot.starts_at, ticket.slot.ends_at, ticket.office.time_zone, language)
        day = f"{ticket.office.name}, {format_day(ticket.day, language)}, {window}"
        yield _("Tiket %(number)s") % {"number": show_number(ticket.letter, ticket.queue_number)}, day
    if stored.ticket.priority:
        yield _("Prioritas"), str(PRIORITIES[stored.ticket.priority])
    if stored.party > 1:
        yield _("Satu pemesanan dengan"), _("%(others)s orang lain") % {"others": stored.party - 1}


def _instant(stored: Stored, instant: datetime) -> str:
    return format_instant(instant, stored.ticket.office.time_zone, current_language())
