"""Tables of what an office plans, changes and tells: rosters, releases, quotas, announcements, webhooks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from queue_app.domain.exchange.columns import DAY, OFFICE, SERVICE
from queue_app.models import (
    Announcement,
    Counter,
    Office,
    OfficeService,
    QuotaChange,
    RosterShift,
    Service,
    ShareRelease,
    Staff,
    Webhook,
)

from .office_tables import plain_cells
from .table import Found, Rows, Scope, Table


def _shifts(scope: Scope) -> Rows:
    told = (RosterShift.day, RosterShift.starts_at, RosterShift.ends_at, RosterShift.absent)
    return (
        select(RosterShift.id, Office.name, Counter.number, Staff.name.label("officer"), *told)
        .join(Office, Office.id == RosterShift.office_id)
        .join(Counter, Counter.id == RosterShift.counter_id)
        .join(Staff, Staff.id == RosterShift.staff_id)
        .where(scope.office(RosterShift.office_id), *scope.days(RosterShift.day))
    )


def _releases(scope: Scope) -> Rows:
    told = ("days_before", "at", "source", "target", "percent")
    return (
        select(ShareRelease.id, Office.name, Service.name_id, *(getattr(ShareRelease, name) for name in told))
        .join(OfficeService, OfficeService.id == ShareRelease.office_service_id)
        .join(Office, Office.id == OfficeService.office_id)
        .join(Service, Service.id == OfficeService.service_id)
        .where(scope.office(OfficeService.office_id))
    )


def _changes(scope: Scope) -> Rows:
    told = ("first_day", "last_day", "starts_at", "ends_at", "share", "services", "days", "moved", "reason")
    return (
        select(
            QuotaChange.id,
            *(QuotaChange.office_id, QuotaChange.made_at, QuotaChange.undone_at, Office.name),
            *(getattr(QuotaChange, name) for name in told),
            Staff.name.label("maker"),
        )
        .join(Office, Office.id == QuotaChange.office_id)
        .join(Staff, Staff.id == QuotaChange.made_by)
        .where(scope.office(QuotaChange.office_id), *scope.days(QuotaChange.first_day))
    )


def _announcements(scope: Scope) -> Rows:
    told = ("text_id", "text_en", "level", "on_pages", "on_display")
    return (
        select(
            Announcement.id,
            *(Announcement.office_id, Announcement.starts_at, Announcement.ends_at, Office.name),
            *(getattr(Announcement, name) for name in told),
        )
        .outerjoin(Office, Office.id == Announcement.office_id)
        .where(or_(Announcement.office_id.is_(None), scope.office(Announcement.office_id)))
    )


def _webhooks(scope: Scope) -> Rows:
    told = ("partner", "address", "events", "off")
    return (
        select(
            Webhook.id,
            *(Webhook.office_id, Webhook.created_at, Office.name),
            *(getattr(Webhook, name) for name in told),
        )
        .outerjoin(Office, Office.id == Webhook.office_id)
        .where(or_(Webhook.office_id.is_(None), scope.office(Webhook.office_id)))
    )


def _change_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, made, undone, *told = row
    return [*told, scope.local(made, office_id), scope.local(undone, office_id)]


def _announcement_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, begins, ends, *told = row
    return [*told, scope.local(begins, office_id), scope.local(ends, office_id)]


def _webhook_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, created, *told = row
    return [*told, scope.local(created, office_id)]


_OF_CHANGE = ("Dari", "Sampai", "Jam mulai", "Jam selesai", "Bagian", "Jumlah layanan", "Jumlah hari")
PLAN_TABLES = (
    Table(
        "jadwal-petugas",
        (RosterShift,),
        (OFFICE, "Loket", "Petugas", DAY, "Jam mulai", "Jam selesai", "Berhalangan"),
        _shifts,
        plain_cells,
        dated=True,
    ),
    Table(
        "pelepasan",
        (ShareRelease,),
        (OFFICE, SERVICE, "Hari sebelumnya", "Jam", "Dari bagian", "Ke bagian", "Persen"),
        _releases,
        plain_cells,
    ),
    Table(
        "perubahan-kuota",
        (QuotaChange,),
        (OFFICE, *_OF_CHANGE, "Tempat", "Alasan", "Oleh", "Dibuat", "Diurungkan"),
        _changes,
        _change_cells,
        dated=True,
    ),
    Table(
        "pengumuman",
        (Announcement,),
        (OFFICE, "Teks", "Teks Inggris", "Tingkat", "Di halaman", "Di layar", "Mulai", "Selesai"),
        _announcements,
        _announcement_cells,
    ),
    Table(
        "webhook",
        (Webhook,),
        (OFFICE, "Mitra", "Alamat", "Kejadian", "Dimatikan karena", "Dibuat"),
        _webhooks,
        _webhook_cells,
    ),
)
