"""The audit log: who changed what, when, from what to what, and why."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.queries.administration import audit_rows
from queue_app.web.access import requires
from queue_app.web.language import gettext as _
from queue_app.web.language import lazy_gettext as _l

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
        before_id=request.args.get("sebelum", type=int),
        limit=A_PAGE + 1,
    )
    return render_template(
        "admin/audit.html",
        rows=rows[:A_PAGE],
        next_before=rows[A_PAGE - 1].entry.id if len(rows) > A_PAGE else None,
        is_first=request.args.get("sebelum", type=int) is None,
        groups=GROUPS,
        group=group,
        actions=ACTIONS,
        actor_of=_actor,
        facts=_facts,
    )


def _actor(row: Any) -> str:
    label = row.entry.actor
    if row.actor_name:
        return f"{row.actor_name} ({label})"
    return _("Warga") if label == "citizen" else str(label)


def _facts(values: dict[str, Any] | None) -> list[tuple[str, str]]:
    """The pairs of one side of a change, short enough for a table."""
    return [(name, _short(value)) for name, value in (values or {}).items()]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
