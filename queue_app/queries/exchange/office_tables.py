"""Tables of what offices give and when: for the set-up, the calendar and the places."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from queue_app.domain.exchange.columns import (
    CATEGORY,
    CODE,
    DAY,
    LETTER,
    MINUTES,
    NAME,
    NAME_EN,
    OFFICE,
    SERVICE,
    SUMMARY,
    SUMMARY_EN,
    TEXTS,
)
from queue_app.domain.opening_hours import WEEKDAYS
from queue_app.models import (
    Closure,
    Holiday,
    Office,
    OfficeService,
    Schedule,
    ScheduleWindow,
    Service,
    ServiceDay,
    Slot,
)

from .table import Found, Rows, Scope, Table

_OF_OFFICE = ("name", "slug", "region_name", "region_code", "address", "phone", "whatsapp", "email", "complaint_url")
_OF_SERVICE = ("code", "name_id", "name_en", "category", "summary_id", "summary_en")


def _offices(scope: Scope) -> Rows:
    told = (*_OF_OFFICE, "map_url", "opening_hours_id", "time_zone")
    return select(Office.id, *(getattr(Office, name) for name in told)).where(scope.office(Office.id))


def _offerings(scope: Scope) -> Rows:
    own = ("letter", "minutes", *TEXTS.values(), "active")
    return (
        select(
            OfficeService.id,
            Office.name,
            *(getattr(Service, name) for name in _OF_SERVICE),
            *(getattr(OfficeService, name) for name in own),
        )
        .join(Office, Office.id == OfficeService.office_id)
        .join(Service, Service.id == OfficeService.service_id)
        .where(scope.office(OfficeService.office_id))
    )


def _schedules(scope: Scope) -> Rows:
    window = ("weekday", "starts_at", "ends_at", "share", "capacity")
    return (
        select(
            ScheduleWindow.id,
            *(Office.name, Service.name_id, Schedule.name.label("called"), Schedule.valid_from, Schedule.valid_until),
            *(getattr(ScheduleWindow, name) for name in window),
        )
        .join(Schedule, Schedule.id == ScheduleWindow.schedule_id)
        .join(OfficeService, OfficeService.id == Schedule.office_service_id)
        .join(Office, Office.id == OfficeService.office_id)
        .join(Service, Service.id == OfficeService.service_id)
        .where(scope.office(OfficeService.office_id))
    )


def _holidays(scope: Scope) -> Rows:
    return (
        select(Holiday.id, Holiday.date, Holiday.name_id, Holiday.name_en, Office.name, Holiday.status)
        .outerjoin(Office, Office.id == Holiday.office_id)
        .where(Holiday.office_id.is_(None) | scope.office(Holiday.office_id), *scope.days(Holiday.date))
    )


def _slots(scope: Scope) -> Rows:
    counted = ("planned", "capacity", "booked", "accepts")
    return (
        select(
            Slot.id,
            *(Slot.office_id, Slot.starts_at, Slot.ends_at, Office.name, Service.name_id, Slot.day),
            *(ServiceDay.status, ServiceDay.reason_id, Slot.share),
            *(getattr(Slot, name) for name in counted),
        )
        .join(ServiceDay, ServiceDay.id == Slot.service_day_id)
        .join(Office, Office.id == Slot.office_id)
        .join(Service, Service.id == Slot.service_id)
        .where(scope.office(Slot.office_id), *scope.days(Slot.day))
    )


def _closures(scope: Scope) -> Rows:
    told = ("kind", "state", "first_day", "last_day", "starts_at", "ends_at", "reason_id", "created_by")
    moments = (Closure.created_at, Closure.confirmed_at, Closure.revoked_at)
    return (
        select(Closure.id, Closure.office_id, *moments, Office.name, *(getattr(Closure, name) for name in told))
        .join(Office, Office.id == Closure.office_id)
        .where(scope.office(Closure.office_id), *scope.days(Closure.first_day))
    )


def _schedule_cells(row: Found, _scope: Scope) -> list[Any]:
    office, service, called, first, last, weekday, *rest = row[1:]
    return [office, service, called, first, last, WEEKDAYS[weekday][0], *rest]


def _slot_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, starts_at, ends_at, office, service, day, *rest = row
    begins, ends = scope.local(starts_at, office_id), scope.local(ends_at, office_id)
    return [office, service, day, begins and begins.time(), ends and ends.time(), *rest]


def _closure_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, created, confirmed, revoked, *told = row
    return [*told, *(scope.local(moment, office_id) for moment in (created, confirmed, revoked))]


def plain_cells(row: Found, _scope: Scope) -> list[Any]:
    """What the statement has found, behind its key."""
    return list(row[1:])


def cells_with_key(row: Found, _scope: Scope) -> list[Any]:
    return list(row)


_CONTACT = ("Alamat", "Telepon", "WhatsApp", "Email", "Kanal pengaduan", "Peta", "Jam buka", "Zona waktu")
_OF_CLOSURE = ("Jenis", "Keadaan", "Dari", "Sampai", "Jam mulai", "Jam selesai", "Alasan", "Dibuat oleh")
OFFICE_TABLES = (
    Table("kantor", (Office,), (NAME, "Nama di alamat", "Wilayah", "Kode wilayah", *_CONTACT), _offices, plain_cells),
    Table(
        "layanan",
        (Service, OfficeService),
        (OFFICE, CODE, NAME, NAME_EN, CATEGORY, SUMMARY, SUMMARY_EN, LETTER, MINUTES, *TEXTS, "Diberikan"),
        _offerings,
        plain_cells,
    ),
    Table(
        "jadwal",
        (Schedule, ScheduleWindow),
        (
            *(OFFICE, SERVICE, "Jadwal", "Berlaku dari", "Berlaku sampai", "Hari", "Jam mulai", "Jam selesai"),
            *("Bagian", "Tempat"),
        ),
        _schedules,
        _schedule_cells,
    ),
    Table("hari-libur", (Holiday,), (DAY, NAME, NAME_EN, OFFICE, "Keadaan"), _holidays, plain_cells, dated=True),
    Table(
        "hari-pelayanan",
        (ServiceDay, Slot),
        (
            *(OFFICE, SERVICE, DAY, "Jam mulai", "Jam selesai", "Keadaan", "Keterangan", "Bagian"),
            *("Direncanakan", "Tempat", "Dipesan", "Menerima"),
        ),
        _slots,
        _slot_cells,
        dated=True,
    ),
    Table(
        "penutupan",
        (Closure,),
        (OFFICE, *_OF_CLOSURE, "Dibuat", "Dimulai", "Dicabut"),
        _closures,
        _closure_cells,
        dated=True,
    ),
)
