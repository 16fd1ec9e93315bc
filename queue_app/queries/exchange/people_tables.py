"""Tables of those who work at an office and of its things: staff, counters, kiosks, printers, keys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, func, select

from queue_app.domain.exchange.columns import BETWEEN, NAME, OFFICE, ROLE_WORDS, ROLES, SERVICE
from queue_app.domain.roles import Role
from queue_app.models import (
    ApiKey,
    Counter,
    CounterService,
    Device,
    Disruption,
    DisruptionService,
    InvitedRole,
    Office,
    Printer,
    Service,
    Staff,
    StaffAssignment,
    StaffInvitation,
)

from .office_tables import plain_cells
from .table import Found, Rows, Scope, Table

_BY_OFFICE = "Peran di tiap kantor"
_ROLE_AND_OFFICE = "\x1f"  # between the two in what the database puts together: no name has one


def _held(assignment: Any) -> Any:
    """All roles of a person with their offices, as one text."""
    return func.aggregate_strings(cast(assignment.role, String) + _ROLE_AND_OFFICE + Office.name, "\n")


def _staff(scope: Scope) -> Rows:
    told = (Staff.name, Staff.username, Staff.active, Staff.created_at)
    return (
        select(Staff.id, *told, _held(StaffAssignment).label("held"))
        .join(StaffAssignment, StaffAssignment.staff_id == Staff.id)
        .join(Office, Office.id == StaffAssignment.office_id)
        .where(scope.office(StaffAssignment.office_id))
        .group_by(Staff.id, *told)
    )


def _invitations(scope: Scope) -> Rows:
    moments = (StaffInvitation.made_at, StaffInvitation.accepted_at, StaffInvitation.withdrawn_at)
    return (
        select(StaffInvitation.id, StaffInvitation.name, *moments, _held(InvitedRole).label("held"))
        .join(InvitedRole, InvitedRole.invitation_id == StaffInvitation.id)
        .join(Office, Office.id == InvitedRole.office_id)
        .where(scope.office(InvitedRole.office_id))
        .group_by(StaffInvitation.id, StaffInvitation.name, *moments)
    )


def _counters(scope: Scope) -> Rows:
    told = (Office.name, Counter.number, Counter.active)
    return (
        select(Counter.id, *told, func.aggregate_strings(Service.name_id, BETWEEN))
        .join(Office, Office.id == Counter.office_id)
        .outerjoin(CounterService, CounterService.counter_id == Counter.id)
        .outerjoin(Service, Service.id == CounterService.service_id)
        .where(scope.office(Counter.office_id))
        .group_by(Counter.id, *told)
    )


def _disruptions(scope: Scope) -> Rows:
    told = (Disruption.office_id, Disruption.started_at, Disruption.ended_at, Office.name, Disruption.kind)
    acts = (Disruption.started_by, Disruption.ended_by, Disruption.closed_day)
    return (
        select(Disruption.id, *told, *acts, func.aggregate_strings(Service.name_id, BETWEEN))
        .join(Office, Office.id == Disruption.office_id)
        .outerjoin(DisruptionService, DisruptionService.disruption_id == Disruption.id)
        .outerjoin(Service, Service.id == DisruptionService.service_id)
        .where(scope.office(Disruption.office_id))
        .group_by(Disruption.id, *told, *acts)
    )


def _printers(scope: Scope) -> Rows:
    told = (Printer.name.label("called"), Printer.host, Printer.port, Printer.width, Printer.columns, Printer.active)
    found = select(Printer.id, Office.name, *told).join(Office, Office.id == Printer.office_id)
    return found.where(scope.office(Printer.office_id))


def _kiosks(scope: Scope) -> Rows:
    moments = (Device.created_at, Device.enrolled_at, Device.last_seen_at, Device.locked_at)
    return (
        select(Device.id, Device.office_id, *moments, Office.name, Device.name.label("called"), Printer.name)
        .join(Office, Office.id == Device.office_id)
        .outerjoin(Printer, Printer.id == Device.printer_id)
        .where(scope.office(Device.office_id))
    )


def _api_keys(_scope: Scope) -> Rows:
    told = (ApiKey.name, ApiKey.shown, ApiKey.scopes, ApiKey.limit_per_minute, ApiKey.created_at, ApiKey.revoked_at)
    return select(ApiKey.id, *told)


def _staff_cells(row: Found, scope: Scope) -> list[Any]:
    told = [row.username, row.active, scope.local(row.created_at)]
    return [row.name, *_roles_and_offices(row.held), *told, _roles_by_office(row.held)]


def _invitation_cells(row: Found, scope: Scope) -> list[Any]:
    moments = (row.made_at, row.accepted_at, row.withdrawn_at)
    return [row.name, *_roles_and_offices(row.held), *map(scope.local, moments), _roles_by_office(row.held)]


def _roles_and_offices(held: str) -> tuple[str, str]:
    """As an import reads them: all of the roles, and all of the offices."""
    roles, offices = (set(one) for one in zip(*_pairs(held), strict=True))
    return BETWEEN.join(ROLE_WORDS[role] for role in Role if role in roles), BETWEEN.join(sorted(offices))


def _roles_by_office(held: str) -> str:
    """Which of them are held where: ``Dispendukcapil Sragen: Meja depan, Loket; UPTD Gemolong: Loket``."""
    at = {office: {role for role, where in _pairs(held) if where == office} for _role, office in _pairs(held)}
    return BETWEEN.join(
        f"{office}: {', '.join(ROLE_WORDS[role] for role in Role if role in at[office])}" for office in sorted(at)
    )


def _pairs(held: str) -> list[tuple[str, str]]:
    """Role and office."""
    return [(role, office) for role, _sign, office in (one.partition(_ROLE_AND_OFFICE) for one in held.split("\n"))]


def _disruption_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, started, ended, *told = row
    return [*told, scope.local(started, office_id), scope.local(ended, office_id)]


def _kiosk_cells(row: Found, scope: Scope) -> list[Any]:
    _id, office_id, *moments, office, called, printer = row
    return [office, called, printer, *(scope.local(moment, office_id) for moment in moments)]


def _key_cells(row: Found, scope: Scope) -> list[Any]:
    *told, created, revoked = row[1:]
    return [*told, scope.local(created), scope.local(revoked)]


PEOPLE_TABLES = (
    Table(
        "petugas",
        (Staff, StaffAssignment),
        (NAME, ROLES, OFFICE, "Nama pengguna", "Aktif", "Dibuat", _BY_OFFICE),
        _staff,
        _staff_cells,
    ),
    Table(
        "undangan",
        (StaffInvitation, InvitedRole),
        (NAME, ROLES, OFFICE, "Dibuat", "Diterima", "Dicabut", _BY_OFFICE),
        _invitations,
        _invitation_cells,
    ),
    Table("loket", (Counter, CounterService), (OFFICE, "Nomor", "Dipakai", SERVICE), _counters, plain_cells),
    Table(
        "gangguan",
        (Disruption, DisruptionService),
        (OFFICE, "Jenis", "Dimulai oleh", "Diakhiri oleh", "Hari ditutup", SERVICE, "Mulai", "Selesai"),
        _disruptions,
        _disruption_cells,
    ),
    Table(
        "printer",
        (Printer,),
        (OFFICE, NAME, "Alamat", "Port", "Lebar kertas (mm)", "Huruf sebaris", "Dipakai"),
        _printers,
        plain_cells,
    ),
    Table(
        "kios",
        (Device,),
        (OFFICE, NAME, "Printer", "Dibuat", "Didaftarkan", "Terakhir terlihat", "Dikunci"),
        _kiosks,
        _kiosk_cells,
    ),
    Table(
        "kunci-api",
        (ApiKey,),
        (NAME, "Awal kunci", "Lingkup", "Batas per menit", "Dibuat", "Dicabut"),
        _api_keys,
        _key_cells,
    ),
)
