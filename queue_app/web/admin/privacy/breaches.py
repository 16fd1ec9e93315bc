"""The register of failures of data protection: record, tell those concerned and the authority, list and call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from functools import partial
from typing import Any

from flask import Response, flash, g, redirect, render_template, stream_with_context, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from queue_app.adapters.table_export import csv_rows, json_rows
from queue_app.db import db, unit_of_work
from queue_app.domain.breaches import TELL_WITHIN, InvalidBreach
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_code
from queue_app.models import Breach
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.privacy.breaches import (
    Concerned,
    breach_at,
    breaches_of,
    calls_of,
    people_concerned,
    progress_of,
)
from queue_app.services.privacy import breaches as acts
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language

from .breach_form import DATA, BreachForm, breach_form

Answer = str | AnyResponse | tuple[str, int]
EXPORTS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@bp.get("/insiden")
@requires(Permission.PROTECT_DATA)
def breaches() -> str:
    listed = breaches_of(db.session(), g.staff.office_id)
    return render_template("admin/breaches.html", breaches=listed, within=TELL_WITHIN, now=now(), data=DATA)


@bp.route("/insiden/baru", methods=["GET", "POST"])
@requires(Permission.PROTECT_DATA)
def new_breach() -> Answer:
    form = breach_form(_offerings(), g.staff.time_zone)
    return _form(form, _("Catat kegagalan pelindungan data"), acts.record_breach)


@bp.route("/insiden/<int:breach_id>/ubah", methods=["GET", "POST"])
@requires(Permission.PROTECT_DATA)
def edit_breach(breach_id: int) -> Answer:
    breach = breach_at(db.session(), breach_id, g.staff.office_id)
    if breach.told_at is not None:
        return redirect(url_for(".breach", breach_id=breach_id), 303)
    form = breach_form(_offerings(), g.staff.time_zone, breach)
    return _form(form, _("Ubah catatan"), partial(_edit, breach_id))


@bp.get("/insiden/<int:breach_id>")
@requires(Permission.PROTECT_DATA)
def breach(breach_id: int) -> str:
    found = breach_at(db.session(), breach_id, g.staff.office_id)
    names = {one.service_id: in_language(one.service, "name") for one in _offerings()}
    return render_template(
        "admin/breach.html",
        breach=found,
        due=found.noticed_at + TELL_WITHIN,
        now=now(),
        data=[DATA[one] for one in found.data.split(",")],
        services=[names.get(one.service_id, one.service_id) for one in found.services],
        progress=progress_of(db.session(), found),
        calls=calls_of(db.session(), found) if found.told_at else (),
        code=show_code,
    )


@bp.post("/insiden/<int:breach_id>/beri-tahu")
@requires(Permission.PROTECT_DATA)
def tell_breach(breach_id: int) -> AnyResponse:
    try:
        _act(lambda session, **by: acts.tell(session, breach_id, **by))
        flash(_("Pemberitahuan dikirim mulai sekarang, kepada setiap orang satu kali."), "success")
    except InvalidBreach as refusal:
        flash(message_for(refusal), "important")
    return redirect(url_for(".breach", breach_id=breach_id), 303)


@bp.post("/insiden/<int:breach_id>/lembaga")
@requires(Permission.PROTECT_DATA)
def report_breach(breach_id: int) -> AnyResponse:
    _act(lambda session, **by: acts.report_to_authority(session, breach_id, **by))
    flash(_("Dicatat: lembaga sudah diberi tahu secara tertulis."), "success")
    return redirect(url_for(".breach", breach_id=breach_id), 303)


@bp.post("/insiden/telepon/<int:notice_id>")
@requires(Permission.PROTECT_DATA)
def record_breach_call(notice_id: int) -> AnyResponse:
    _checked()
    with unit_of_work() as session:
        who = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
        breach_id = acts.record_told(session, notice_id, **who, now=now()).id
    return redirect(url_for(".breach", breach_id=breach_id, _anchor="telepon"), 303)


@bp.post("/insiden/<int:breach_id>/unduh/<kind>")
@requires(Permission.PROTECT_DATA)
def export_concerned(breach_id: int, kind: str) -> Response:
    """Everybody concerned with contact, row by row; that it was taken is written down before the first one leaves."""
    if kind not in EXPORTS:
        raise NotFound()
    _act(lambda session, **by: acts.record_export(session, breach_id, as_=kind, **by))
    rows = _rows(breach_at(db.session(), breach_id, g.staff.office_id))
    columns = [field.name for field in fields(Concerned)]
    written = csv_rows(columns, rows) if kind == "csv" else json_rows(rows)
    headers = {
        "Content-Disposition": f'attachment; filename="insiden-{breach_id}.{kind}"',
        "Cache-Control": "private, no-store",
    }
    return Response(stream_with_context(written), content_type=EXPORTS[kind], headers=headers)


def _edit(breach_id: int, session: Session, facts: acts.BreachFacts, **by: Any) -> Breach:
    return acts.edit_breach(session, breach_id, facts, **by)


def _rows(breach: Breach) -> Iterator[dict[str, str]]:
    for person in people_concerned(db.session(), breach, keyring=keyring()):
        yield asdict(person)


def _form(form: BreachForm, title: str, store: Callable[..., Breach]) -> Answer:
    if form.validate_on_submit():
        by = {"office_id": g.staff.office_id, "actor": actor(), "now": now()}
        try:
            with unit_of_work() as session:
                stored = store(session, form.facts(g.staff.time_zone), **by)
                return redirect(url_for(".breach", breach_id=stored.id), 303)
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse(refusal, form.FIELD_OF_REASON.get(str(refusal.details.get("reason"))))
            return render_template("admin/breach_form.html", form=form, title=title), status_of(refusal)
    page = render_template("admin/breach_form.html", form=form, title=title)
    return (page, 422) if form.errors else page


def _act(act: Callable[..., Breach]) -> None:
    _checked()
    session: Session
    with unit_of_work() as session:
        act(session, office_id=g.staff.office_id, actor=actor(), now=now())


def _checked() -> None:
    if not OfficeForm().validate():
        raise NotFound()  # nothing that our own page sends


def _offerings() -> list[Any]:
    return services_of(db.session(), g.staff.office_id)
