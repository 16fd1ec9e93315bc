"""The switch for disruptions: which services they stop, and that these go on."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField, TimeField, ValidationError
from wtforms.validators import AnyOf, InputRequired, Optional

from queue_app.db import db, unit_of_work
from queue_app.domain.clock import office_instant
from queue_app.domain.disruptions import usually_stops
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Disruption, DisruptionKind
from queue_app.queries.calendar.days import affected_counts, closed_days
from queue_app.queries.calendar.offices import services_of
from queue_app.services.visits.disruptions import begin_disruption, disruptions_of, end_disruption
from queue_app.web.access.rules import requires
from queue_app.web.counter.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm, TimeInput
from queue_app.web.hall.state import STOPS
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.service_names import names_of


class DisruptionForm(OfficeForm):
    kind = HiddenField(validators=[AnyOf([kind.value for kind in STOPS], _l("Pilih apa yang terganggu."))])
    services = SelectMultipleField(
        _l("Layanan yang berhenti"),
        description=_l("Layanan lain tetap dipanggil."),
        coerce=int,
        validators=[InputRequired(_l("Pilih paling sedikit satu layanan."))],
        widget=GovCheckboxesInput(),
    )
    until = TimeField(
        _l("Diperkirakan pulih hari ini pukul (boleh kosong)"),
        validators=[Optional()],
        widget=TimeInput(),
    )

    def validate_until(self, field: TimeField) -> None:
        if field.data is not None and _instant(field.data) <= now():
            raise ValidationError(_("Jam itu sudah lewat."))


@bp.get("/gangguan")
@requires(Permission.STOP_CALLING)
def disruption() -> str:
    """``?jenis=``: what has failed; the services that usually need it are proposed."""
    asked = request.args.get("jenis", "")
    kind = DisruptionKind(asked) if asked in {one.value for one in STOPS} else None
    return _page(_form(kind) if kind else None)


@bp.post("/gangguan")
@requires(Permission.STOP_CALLING)
def begin() -> Response | tuple[str, int]:
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    what: dict[str, Any] = {"kind": DisruptionKind(form.kind.data), "service_ids": form.services.data}
    what["expected_until"] = _instant(form.until.data) if form.until.data else None
    try:
        with unit_of_work() as session:
            begin_disruption(session, g.staff.office_id, **what, actor=actor(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(form), status_of(refusal)
    return said_and_back()


@bp.post("/gangguan/<int:disruption_id>/selesai")
@requires(Permission.STOP_CALLING)
def resume_calling(disruption_id: int) -> Response | tuple[str, int]:
    by: dict[str, Any] = {"disruption_id": disruption_id, "close": None, "actor": actor(), "now": now()}
    try:
        with unit_of_work() as session:
            end_disruption(session, g.staff.office_id, **by)
    except DomainError as refusal:
        flash(message_for(refusal), "important")
        return redirect(url_for(".disruption"), 303)
    return said_and_back()


def said_and_back() -> Response:
    flash(_("Sudah dicatat. Layar dan halaman warga mengikuti dalam beberapa detik."), "success")
    return redirect(url_for(".disruption"), 303)


def in_words(one: Disruption) -> str:
    """What is disturbed, and for which services."""
    which = names_of(one.services) if one.services else _("semua layanan")
    return f"{STOPS[one.kind]}: {which}"


def _form(kind: DisruptionKind | None = None) -> DisruptionForm:
    """As it was sent; or with ``kind`` a new one, with the services that usually need what has failed."""
    given = [offering.service for offering in services_of(db.session(), g.staff.office_id)]
    usual = [one.id for one in given if kind and usually_stops(kind, one.code)]
    form = DisruptionForm(formdata=None, kind=kind.value, services=usual) if kind else DisruptionForm()
    form.services.choices = [(one.id, in_language(one, "name")) for one in given]
    return form


def _page(form: DisruptionForm | None) -> str:
    session = db.session()
    closed = closed_days(session, g.staff.office_id, today())
    return render_template(
        "counter/disruption.html",
        title=_("Gangguan"),
        form=form,
        kinds={kind.value: str(text) for kind, text in STOPS.items()},
        lasting=[(one, in_words(one)) for one in disruptions_of(session, g.staff.office_id)],
        closed=closed,
        affected=affected_counts(session, [day.id for day, _offering in closed]),
    )


def _instant(at: time) -> datetime:
    """That hour of today at the office."""
    return office_instant(today(), at, g.staff.time_zone)
