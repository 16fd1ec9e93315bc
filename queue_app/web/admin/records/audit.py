"""The audit log: who changed what, when, from what to what, and why."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Permission
from queue_app.queries.access.permitted import offices_permitted
from queue_app.queries.records.audit import AuditRow, audit_entry_at, audit_rows
from queue_app.queries.records.audit_chain import Verified, verify_entries, verify_newest
from queue_app.queries.records.audit_subjects import audit_subjects
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.request import keyring, now

from .actor_words import actor_said
from .audit_filter import AuditFilterForm
from .audit_words import BROKEN, AuditWords

A_PAGE = 50
LINKS = 5_000  # of the chain, looked at by one press: under a second on a small machine; all of it: `queue-app check`


@bp.get("/jejak")
@requires(Permission.VIEW_AUDIT)
def audit() -> str | tuple[str, int]:
    return _page(asked())


@bp.post("/jejak")
@requires(Permission.VIEW_AUDIT)
def filter_audit() -> Response | tuple[str, int]:
    """What was typed comes into the address only when it was looked at: a number of a person never does."""
    form = AuditFilterForm()
    if form.validate():
        return redirect(url_for(".audit", **form.in_address()), 303)
    return _rendered(form, ()), 422


@bp.get("/jejak/periksa")
@requires(Permission.VIEW_AUDIT)
def verify_audit() -> str | tuple[str, int]:
    """The page with what its seals and the newest ones say; so many that nobody waits long for it."""
    return _page(asked(), verify=True)


@bp.get("/jejak/<int:entry_id>")
@requires(Permission.VIEW_AUDIT)
def audit_entry(entry_id: int) -> str:
    offices = {one.id: one for one in offices_permitted(db.session(), g.staff.staff_id, Permission.VIEW_AUDIT)}
    row = audit_entry_at(db.session(), entry_id, tuple(offices))
    if row is None:
        raise NotFound()
    office = offices.get(row.entry.office_id or g.staff.office_id)
    zone = office.time_zone if office else g.staff.time_zone
    return render_template(
        "admin/audit_entry.html",
        row=row,
        office=office if row.entry.office_id else None,
        zone=zone,
        words=AuditWords(audit_subjects(db.session(), [row.entry]), zone),
        actor=actor_said(row.entry.actor, row.actor_name),
        verified=verify_entries(db.session(), keyring(), [entry_id], now=now()),
        broken=BROKEN,
    )


def asked() -> AuditFilterForm:
    """The filter that stands in the address; validated, without the token of a form that nobody sent."""
    form = AuditFilterForm(request.args, meta={"csrf": False})
    form.validate()
    return form


def _page(form: AuditFilterForm, *, verify: bool = False) -> str | tuple[str, int]:
    if form.errors:
        return _rendered(form, ()), 422
    before_id = request.args.get("sebelum", type=row_number)
    rows = audit_rows(db.session(), form.wanted(), before_id=before_id, limit=A_PAGE + 1)
    shown = rows[:A_PAGE]
    more = {"next_before": shown[-1].entry.id if len(rows) > A_PAGE else None, "before": before_id}
    return _rendered(form, shown, verified=_verified(shown) if verify else None, **more)


def _verified(rows: tuple[AuditRow, ...]) -> tuple[Verified, Verified]:
    session, keys, moment = db.session(), keyring(), now()
    shown = verify_entries(session, keys, [row.entry.id for row in rows], now=moment)
    return shown, verify_newest(session, keys, links=LINKS, now=moment)


def _rendered(form: AuditFilterForm, rows: tuple[AuditRow, ...], **more: Any) -> str:
    return render_template(
        "admin/audit.html",
        form=form,
        rows=rows,
        zone=form.office.time_zone,
        words=AuditWords(audit_subjects(db.session(), (row.entry for row in rows)), form.office.time_zone),
        actor_said=actor_said,
        address={} if form.errors else form.in_address(),
        broken=BROKEN,
        **more,
    )
