"""The switch for what stops a whole office, and who is left when the day ends by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, TimeField, ValidationError
from wtforms.validators import InputRequired, Optional

from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import DisruptionKind
from queue_app.queries.calendar.days import affected_counts, closed_days
from queue_app.services.visits.disruptions import begin_disruption, disruption_of, end_disruption, left_today
from queue_app.web.access.rules import requires
from queue_app.web.counter.blueprint import bp
from queue_app.web.forms.closing_form import ClosingForm, reason_for_citizens, reason_in_english
from queue_app.web.forms.office_form import OfficeForm, RadioInput, TimeInput
from queue_app.web.hall.state import STOPS
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class DisruptionForm(OfficeForm):
    kind = RadioField(
        _l("Apa yang terganggu"),
        choices=[(kind.value, text) for kind, text in STOPS.items()],
        validators=[InputRequired(_l("Pilih apa yang terganggu."))],
        widget=RadioInput(),
    )
    until = TimeField(
        _l("Diperkirakan pulih hari ini pukul (boleh kosong)"),
        validators=[Optional()],
        widget=TimeInput(),
    )

    def validate_until(self, field: TimeField) -> None:
        if field.data is not None and _instant(field.data) <= now():
            raise ValidationError(_("Jam itu sudah lewat."))


class CloseTodayForm(ClosingForm):
    reason_id = reason_for_citizens(_l("Tulis alasannya, supaya warga tahu."))
    reason_en = reason_in_english()


@bp.get("/gangguan")
@requires(Permission.STOP_CALLING)
def disruption() -> str:
    return _page(DisruptionForm(formdata=None), CloseTodayForm(formdata=None))


@bp.post("/gangguan")
@requires(Permission.STOP_CALLING)
def begin() -> Response | tuple[str, int]:
    form = DisruptionForm()
    if not form.validate_on_submit():
        return _page(form, CloseTodayForm(formdata=None)), 422
    kind = DisruptionKind(form.kind.data)
    until = _instant(form.until.data) if form.until.data else None
    return _write(
        lambda session, **by: begin_disruption(session, g.staff.office_id, kind, expected_until=until, **by), form
    )


@bp.post("/gangguan/selesai")
@requires(Permission.STOP_CALLING)
def resume_calling() -> Response | tuple[str, int]:
    return _write(lambda session, **by: end_disruption(session, g.staff.office_id, close=None, **by))


@bp.post("/gangguan/tutup")
@requires(Permission.STOP_CALLING)
def close_today() -> Response | tuple[str, int]:
    """End the day: whoever is left is listed and told."""
    form = CloseTodayForm()
    if not form.validate_on_submit():
        return _page(DisruptionForm(formdata=None), form, form), 422
    close = (form.reason_id.data, form.reason_en.data or "")
    return _write(lambda session, **by: end_disruption(session, g.staff.office_id, close=close, **by), form)


def _write(action: Callable[..., object], form: OfficeForm | None = None) -> Response | tuple[str, int]:
    try:
        with unit_of_work() as session:
            action(session, actor=actor(), now=now())
    except DomainError as refusal:
        form = form or DisruptionForm(formdata=None)
        form.refuse(refusal)
        closing = isinstance(form, CloseTodayForm)
        opened, close = (DisruptionForm(formdata=None), form) if closing else (form, CloseTodayForm(formdata=None))
        return _page(opened, close, form), status_of(refusal)
    flash(_("Sudah dicatat. Layar dan halaman warga mengikuti dalam beberapa detik."), "success")
    return redirect(url_for(".disruption"), 303)


def _page(form: OfficeForm, close: OfficeForm, shown: OfficeForm | None = None) -> str:
    """``shown``: the form whose complaints stand in the summary."""
    session = db.session()
    current = disruption_of(session, g.staff.office_id)
    left = left_today(session, g.staff.office_id, now=now())
    closed = closed_days(session, g.staff.office_id, today())
    return render_template(
        "counter/disruption.html",
        title=_("Gangguan"),
        form=form,
        close=close,
        shown=shown or form,
        current=current,
        what=str(STOPS[current.kind]) if current else "",
        waiting=[ticket for ticket in left if ticket.state is TicketState.CHECKED_IN],
        expected=[ticket for ticket in left if ticket.state is TicketState.BOOKED],
        closed=closed,
        affected=affected_counts(session, [day.id for day, _offering in closed]),
    )


def _instant(at: time) -> datetime:
    """That hour of today at the office."""
    return office_instant(today(), at, g.staff.time_zone)
