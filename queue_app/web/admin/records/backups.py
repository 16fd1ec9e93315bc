"""The last backup, and the times that the database was restored from one."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import message_at
from queue_app.queries.records.job_runs import job_runs
from queue_app.queries.records.restorations import count_held, last_backup, restorations
from queue_app.services.records.held import send_all_held
from queue_app.services.records.held import send_held as send_one
from queue_app.services.records.restoration import acknowledge
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import actor, now, settings
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import ngettext


@bp.get("/cadangan")
@requires(Permission.VIEW_OUTBOX)
def backups() -> str:
    session = db.session()
    return render_template(
        "admin/backups.html",
        last=last_backup(session),
        run=next((run for run in job_runs(session) if run.name == "backup"), None),
        switched_on=settings().backup,
        restorations=restorations(session),
        held=count_held(session, g.staff.office_id),
    )


@bp.post("/cadangan/<int:restoration_id>/diketahui")
@requires(Permission.VIEW_OUTBOX)
def acknowledge_restoration(restoration_id: int) -> Response:
    with unit_of_work() as session:
        acknowledge(session, restoration_id, staff_id=g.staff.staff_id, now=now())
    flash(_("Dicatat. Tugas berkala yang menunggu berjalan lagi."), "success")
    return redirect(url_for(".backups"), 303)


@bp.post("/pesan/<int:message_id>/kirim")
@requires(Permission.VIEW_OUTBOX)
def send_held(message_id: int) -> Response:
    with unit_of_work() as session:
        message_at(session, message_id, g.staff.office_id)
        sent = send_one(session, message_id, office_id=g.staff.office_id, actor=actor(), now=now())
    _tell(sent)
    return redirect(url_for(".message", message_id=message_id), 303)


@bp.post("/pesan/kirim-semua")
@requires(Permission.VIEW_OUTBOX)
def send_every_held() -> Response:
    with unit_of_work() as session:
        sent = send_all_held(session, office_id=g.staff.office_id, actor=actor(), now=now())
    _tell(sent)
    return redirect(url_for(".outbox"), 303)


def _tell(sent: int) -> None:
    if sent:
        flash(ngettext("Satu pesan akan dikirim.", "%(num)d pesan akan dikirim.", sent) % {"num": sent}, "success")
    else:
        flash(_("Tidak ada pesan yang ditahan lagi di sini."))
