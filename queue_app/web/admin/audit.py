"""The audit log: who changed what, when, from what to what, and why."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.models import AuditEntry
from queue_app.queries.administration import AuditRow, audit_rows
from queue_app.web.access import requires
from queue_app.web.language import gettext as _
from queue_app.web.language import lazy_gettext as _l
from queue_app.web.row_numbers import row_number

from .blueprint import bp

A_PAGE = 50
GROUPS = (
    ("", _l("Semua")),
    ("day.", _l("Hari: kuota, penutupan")),
    ("schedule.", _l("Jadwal")),
    ("offering.", _l("Layanan")),
    ("holiday.", _l("Hari libur")),
    ("staff.", _l("Petugas")),
    ("ticket.", _l("Tiket")),
    ("booking.", _l("Penghapusan data pribadi")),
)
ACTIONS = {
    "day.quota": _l("Kuota satu hari diubah"),
    "day.closed": _l("Hari ditutup"),
    "day.opened": _l("Hari dibuka"),
    "schedule.set": _l("Jadwal mingguan ditetapkan"),
    "offering.updated": _l("Layanan diubah"),
    "holiday.added": _l("Hari libur ditambahkan"),
    "holiday.deleted": _l("Hari libur dihapus"),
    "staff.created": _l("Akun petugas dibuat"),
    "staff.deactivated": _l("Akun petugas dinonaktifkan"),
    "staff.logged_in": _l("Petugas masuk"),
    "staff.logged_out": _l("Petugas keluar"),
    "ticket.booked": _l("Tiket dipesan"),
    "ticket.checked_in": _l("Kehadiran dicatat"),
    "ticket.cancelled": _l("Tiket dibatalkan"),
    "ticket.rescheduled": _l("Tiket dijadwal ulang"),
    "ticket.no_show": _l("Tidak hadir"),
    "booking.purged": _l("Data pribadi dihapus"),
}


@bp.get("/jejak")
@requires(Permission.VIEW_AUDIT)
def audit() -> str:
    group = request.args.get("tindakan", "")
    group = group if group in dict(GROUPS) else ""
    rows = audit_rows(
        db.session(),
        g.staff.office_id,
        action=group,
        before_id=request.args.get("sebelum", type=row_number),
        limit=A_PAGE + 1,
    )
    return render_template(
        "admin/audit.html",
        rows=rows[:A_PAGE],
        next_before=rows[A_PAGE - 1].entry.id if len(rows) > A_PAGE else None,
        is_first=request.args.get("sebelum", type=row_number) is None,
        groups=GROUPS,
        group=group,
        action_of=_action,
        actor_of=_actor,
        changes=_changes,
    )


def _actor(row: AuditRow) -> str:
    label = row.entry.actor
    if row.actor_name:
        return f"{row.actor_name} ({label})"
    return _("Warga") if label == "citizen" else str(label)


def _action(entry: AuditEntry) -> str:
    """What was done, in words. A ticket that is booked again was checked in before: somebody took a scan back."""
    if entry.action == "ticket.booked" and entry.before:
        return _("Kehadiran diurungkan")
    return str(ACTIONS.get(entry.action, entry.action))


def _changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """Name, before and after of everything the entry tells, short enough for a table."""
    before, after = entry.before or {}, entry.after or {}
    return [(name, _short(before.get(name)), _short(after.get(name))) for name in {**before, **after}]


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
