"""The audit log: who changed what, when, from what to what, and why."""

from __future__ import annotations

from flask import g, render_template, request

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.queries.records.audit import AuditRow, audit_rows
from queue_app.queries.records.audit_subjects import audit_subjects
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .audit_words import AuditWords

A_PAGE = 50
GROUPS = (
    ("", _l("Semua")),
    ("day.", _l("Hari: kuota, penutupan")),
    ("schedule.", _l("Jadwal")),
    ("offering.", _l("Layanan")),
    ("holiday.", _l("Hari libur")),
    ("staff.", _l("Petugas")),
    ("device.", _l("Kios")),
    ("ticket.", _l("Tiket")),
    ("visit.", _l("Kunjungan")),
    ("counter.", _l("Loket")),
    ("office.", _l("Gangguan, aturan panggilan")),
    ("print", _l("Pencetakan")),
    ("booking.", _l("Pemesanan: kontak, perbaikan, masa simpan")),
    ("data.", _l("Hak atas data")),
    ("breach.", _l("Kegagalan pelindungan data")),
    ("purge.", _l("Bukti penghapusan")),
    ("api_key.", _l("Mitra (kunci API)")),
)


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
        words=AuditWords(audit_subjects(db.session(), (row.entry for row in rows[:A_PAGE])), g.staff.time_zone),
        actor_of=_actor,
    )


def _actor(row: AuditRow) -> str:
    label = row.entry.actor
    kind, _colon, which = label.partition(":")
    if row.actor_name:
        return _("%(name)s (petugas %(number)s)") % {"name": row.actor_name, "number": which}
    words = {
        "citizen": _("Warga"),
        "system": _("Sistem (%(part)s)") % {"part": which},
        "device": _("Kios %(number)s") % {"number": which},
        "api-key": _("Mitra, kunci API %(number)s") % {"number": which},
    }
    return words.get(kind, str(label))
