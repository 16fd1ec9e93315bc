"""Tables of who came and what became of them: bookings, scans, visits, messages, prints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from queue_app.domain.exchange.columns import CLOCK, DAY, EMAIL, NAME, NIK, OFFICE, PHONE, SERVICE
from queue_app.domain.identity import Nik
from queue_app.domain.keyring import PersonalDataUnreadable, Unreadable, person_of
from queue_app.domain.phones import show_phone
from queue_app.domain.tickets import show_number
from queue_app.models import (
    Booking,
    CheckIn,
    Closure,
    Counter,
    Offer,
    Office,
    OutboxMessage,
    PrintJob,
    Service,
    Ticket,
    Visit,
    VisitStep,
)
from queue_app.queries.booking.contacts import contact_of

from .table import Found, Rows, Scope, Table

_NUMBER = (Ticket.letter, Ticket.queue_number)


def _tickets(scope: Scope) -> Rows:
    sealed = (Ticket.position, Ticket.nik, Ticket.name, Booking.phone, Booking.email)
    told = (Ticket.state, Booking.channel, Ticket.priority, Ticket.walk_in, Booking.language)
    return (
        select(
            *(Ticket.id, Ticket.office_id, Ticket.starts_at, Booking.created_at, *_NUMBER, Booking.code, *told),
            *(Office.name.label("office"), Service.name_id.label("service"), Ticket.day, *sealed),
        )
        .join(Booking, Booking.id == Ticket.booking_id)
        .join(Office, Office.id == Ticket.office_id)
        .join(Service, Service.id == Ticket.service_id)
        .where(scope.office(Ticket.office_id), *scope.days(Ticket.day))
    )


def _check_ins(scope: Scope) -> Rows:
    told = (Booking.code, CheckIn.result, CheckIn.identity)
    return (
        select(CheckIn.id, CheckIn.office_id, CheckIn.at, CheckIn.undone_at, Office.name, *_NUMBER, Ticket.day, *told)
        .join(Office, Office.id == CheckIn.office_id)
        .outerjoin(Ticket, Ticket.id == CheckIn.ticket_id)
        .outerjoin(Booking, Booking.id == Ticket.booking_id)
        .where(scope.office(CheckIn.office_id), *scope.days(Ticket.day))
    )


def _visits(scope: Scope) -> Rows:
    moments = (Visit.arrived_at, Visit.called_at, Visit.started_at, Visit.ended_at)
    told = (Visit.late, Visit.state, Counter.number, Visit.outcome)
    return (
        select(
            *(Visit.ticket_id, Visit.office_id, *_NUMBER, *moments),
            *(Office.name, Service.name_id, Visit.day, Booking.code, *told),
        )
        .join(Ticket, Ticket.id == Visit.ticket_id)
        .join(Booking, Booking.id == Ticket.booking_id)
        .join(Office, Office.id == Visit.office_id)
        .join(Service, Service.id == Visit.service_id)
        .outerjoin(Counter, Counter.id == Visit.counter_id)
        .where(scope.office(Visit.office_id), *scope.days(Visit.day))
    )


def _steps(scope: Scope) -> Rows:
    told = (VisitStep.kind, Counter.number, VisitStep.actor, VisitStep.reason)
    return (
        select(VisitStep.id, VisitStep.office_id, VisitStep.at, VisitStep.undone_at, Office.name, *_NUMBER, *told)
        .join(Ticket, Ticket.id == VisitStep.ticket_id)
        .join(Office, Office.id == VisitStep.office_id)
        .outerjoin(Counter, Counter.id == VisitStep.counter_id)
        .where(scope.office(VisitStep.office_id), *scope.days(VisitStep.day))
    )


def _offers(scope: Scope) -> Rows:
    told = (Closure.first_day, Closure.last_day, Booking.code, Offer.places, Offer.state, Offer.to_call)
    return (
        select(Offer.id, Closure.office_id, Offer.state_since, Offer.called_at, Office.name, *told)
        .join(Closure, Closure.id == Offer.closure_id)
        .join(Booking, Booking.id == Offer.booking_id)
        .join(Office, Office.id == Closure.office_id)
        .where(scope.office(Closure.office_id), *scope.days(Closure.first_day))
    )


def _messages(scope: Scope) -> Rows:
    told = (Booking.code, OutboxMessage.kind, OutboxMessage.state, OutboxMessage.channel, OutboxMessage.attempts)
    return (
        select(
            OutboxMessage.id, OutboxMessage.office_id, OutboxMessage.due_at, OutboxMessage.sent_at, Office.name, *told
        )
        .join(Booking, Booking.id == OutboxMessage.booking_id)
        .join(Office, Office.id == OutboxMessage.office_id)
        .where(scope.office(OutboxMessage.office_id))
    )


def _prints(scope: Scope) -> Rows:
    """At whose office a ticket was printed is its first ticket's."""
    office = select(Ticket.office_id).where(Ticket.booking_id == PrintJob.booking_id).order_by(Ticket.id).limit(1)
    told = (Booking.code, PrintJob.copy, PrintJob.state, PrintJob.asked_by)
    return (
        select(PrintJob.id, Office.id.label("office_id"), PrintJob.asked_at, Office.name, *told)
        .join(Booking, Booking.id == PrintJob.booking_id)
        .join(Office, Office.id == office.scalar_subquery())
        .where(scope.office(Office.id))
    )


def _ticket_cells(row: Found, scope: Scope) -> list[Any]:
    begins = scope.local(row.starts_at, row.office_id)
    number = show_number(row.letter, row.queue_number)
    nik, name, phone, email = _person(row, scope)
    known = (row.office, row.service, row.day, begins and begins.time(), nik, name, phone, email)
    told = (number, row.code, row.state, row.channel, row.priority, row.walk_in)
    return [*known, *told, scope.local(row.created_at, row.office_id)]


def _person(row: Found, scope: Scope) -> tuple[str | None, ...]:
    """NIK, name, telephone and e-mail: in groups that no spreadsheet takes for a number, or covered."""
    person = person_of(row, row.code, scope.keyring)
    contact = contact_of(row, scope.keyring)  # type: ignore[arg-type]  # a row with the columns of a booking
    if not scope.personal:
        covered = contact.masked
        return person.masked_nik, person.initials or None, covered.phone, covered.email
    phone = contact.phone
    shown = show_phone(phone) if phone and not isinstance(phone, Unreadable) else phone
    return _whole_nik(person), person.name, shown, contact.email


def _whole_nik(person: Any) -> str | None:
    try:
        nik: Nik | None = person.nik
    except PersonalDataUnreadable as problem:
        return str(problem)
    return " ".join(nik.grouped.split()) if nik else None


def _moments_last(count: int, *, number: bool = True) -> Any:
    """Cells of rows (key, office id, ``count`` moments, office, letter and number, the others)."""

    def cells(row: Found, scope: Scope) -> list[Any]:
        office_id, moments, (office, *told) = row[1], row[2 : 2 + count], row[2 + count :]
        if number:
            letter, queue_number, *told = told
            told = [show_number(letter, queue_number) if letter else None, *told]
        return [office, *told, *(scope.local(moment, office_id) for moment in moments)]

    return cells


def _visit_cells(row: Found, scope: Scope) -> list[Any]:
    _ticket_id, office_id, letter, number, *rest = row
    moments, (office, service, day, code, *told) = rest[:4], rest[4:]
    return [
        *(office, service, day, show_number(letter, number), code, *told),
        *(scope.local(moment, office_id) for moment in moments),
    ]


_CODE, _QUEUE_NUMBER, _STATE = "Kode pemesanan", "Nomor antrean", "Keadaan"
HALL_TABLES = (
    Table(
        "pemesanan",
        (Booking, Ticket),
        (
            *(OFFICE, SERVICE, DAY, CLOCK, NIK, NAME, PHONE, EMAIL, _QUEUE_NUMBER, _CODE, _STATE, "Saluran"),
            *("Prioritas", "Tanpa pemesanan", "Dibuat"),
        ),
        _tickets,
        _ticket_cells,
        dated=True,
        personal=True,
    ),
    Table(
        "kehadiran",
        (CheckIn,),
        (OFFICE, _QUEUE_NUMBER, DAY, _CODE, "Hasil", "Identitas", "Dipindai", "Diurungkan"),
        _check_ins,
        _moments_last(2),
        dated=True,
    ),
    Table(
        "kunjungan",
        (Visit,),
        (
            *(OFFICE, SERVICE, DAY, _QUEUE_NUMBER, _CODE, "Terlambat", _STATE, "Loket", "Hasil"),
            *("Datang", "Dipanggil", "Mulai", "Selesai"),
        ),
        _visits,
        _visit_cells,
        dated=True,
    ),
    Table(
        "langkah",
        (VisitStep,),
        (OFFICE, _QUEUE_NUMBER, "Langkah", "Loket", "Oleh", "Alasan", "Waktu", "Diurungkan"),
        _steps,
        _moments_last(2),
        dated=True,
    ),
    Table(
        "tawaran",
        (Offer,),
        (
            *(OFFICE, "Tutup dari", "Tutup sampai", _CODE, "Tempat", _STATE, "Perlu ditelepon"),
            *("Sejak", "Ditelepon"),
        ),
        _offers,
        _moments_last(2, number=False),
        dated=True,
    ),
    Table(
        "pesan",
        (OutboxMessage,),
        (OFFICE, _CODE, "Jenis", _STATE, "Saluran", "Percobaan", "Jatuh tempo", "Dikirim"),
        _messages,
        _moments_last(2, number=False),
    ),
    Table(
        "cetakan",
        (PrintJob,),
        (OFFICE, _CODE, "Salinan", _STATE, "Oleh", "Diminta"),
        _prints,
        _moments_last(1, number=False),
    ),
)
