"""The audit log, as far as its filter shows it, as a file; taking it away is an entry of the log itself."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from queue_app.adapters.table_export import Row
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Permission
from queue_app.queries.records.audit import AuditFilter, audit_pages, count_up_to
from queue_app.queries.records.audit_subjects import audit_subjects
from queue_app.services.records.exports import record_export
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _

from .actor_words import actor_said
from .audit import asked
from .audit_words import AuditWords
from .table_files import KINDS, table_file

MOST = 50_000  # entries of a file: more of them would hold a worker for longer than somebody waits


@bp.post("/jejak/unduh/<kind>")
@requires(Permission.VIEW_AUDIT)
def export_audit(kind: str) -> Response:
    form = asked()
    if kind not in KINDS or form.errors or not OfficeForm().validate():
        raise NotFound()
    wanted, address = form.wanted(), form.in_address()
    count = count_up_to(db.session(), wanted, MOST + 1)
    if count > MOST:
        flash(_("Lebih dari %(most)s catatan. Persempit dulu, misalnya dengan tanggal.") % {"most": MOST}, "important")
        return redirect(url_for(".audit", **address), 303)
    with unit_of_work() as session:
        taken = {"format": kind, "rows": count, "narrowed": sorted(address)}
        record_export(session, "audit.exported", form.office.id, taken, actor=actor(), now=now())
    name = f"jejak-audit-{form.office.slug}"
    return table_file(kind, name, _columns(), _rows(wanted, form.office.time_zone), sheet=_("Jejak audit"))


def _columns() -> list[str]:
    seal = _("Segel")
    return [_("Nomor"), _("Kapan"), _("Siapa"), _("Apa"), _("Tentang"), _("Sebelum → sesudah"), _("Alasan"), seal]


def _rows(wanted: AuditFilter, zone: str) -> Iterator[Row]:
    columns, here = _columns(), ZoneInfo(zone)
    for some in audit_pages(db.session(), wanted):
        words = AuditWords(audit_subjects(db.session(), [row.entry for row in some]), zone)
        for row in some:
            entry = row.entry
            at = entry.at.astimezone(here).replace(microsecond=0)
            cells = (
                *(entry.id, at, actor_said(entry.actor, row.actor_name), words.action(entry), words.subject(entry)),
                *(words.in_one_line(entry), entry.reason, _("bersegel") if row.sealed else ""),
            )
            yield dict(zip(columns, cells, strict=True))
        db.session().expunge_all()
