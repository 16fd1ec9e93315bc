"""The holidays that are proposed for a year: which of them are certain, and whether the list is complete."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.adapters import language as wording
from queue_app.adapters.holiday_library import known_holidays
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, HolidayBooked, NotFound
from queue_app.domain.roles import Permission
from queue_app.models import Holiday
from queue_app.queries.access.office_rows import service_days_of
from queue_app.queries.calendar.holidays import is_decided, people_on, proposed_holidays
from queue_app.services.calendar.proposals import decide_holidays
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import HolidayProposalsForm
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import current_language, in_language, ngettext
from queue_app.web.site.language import gettext as _

from .holidays import refuse_unless_all_offices

COMPLETE = "complete"  # the step that declares the list of the year complete


@bp.route("/libur/tahun/<int:year>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def holiday_year(year: int) -> str | Response | tuple[str, int]:
    """Tick what the decree names; whatever stays unticked is open once the list is complete."""
    refuse_unless_all_offices()
    if not today().year <= year <= today().year + 2 or is_decided(db.session(), year):
        raise NotFound()
    proposed = proposed_holidays(db.session(), year, first=today())
    dropped = {row.date for row in proposed} - {known.date for known in known_holidays([year])}
    form = HolidayProposalsForm(data={"dates": [row.date.isoformat() for row in proposed if row.date not in dropped]})
    form.dates.choices = _choices(proposed, dropped)
    booked: tuple[int, ...] = ()
    if form.validate_on_submit():
        try:
            return _decide(year, form)
        except HolidayBooked as refusal:
            booked = refusal.details["days"]
            form.refuse(refusal, "dates")
        except DomainError as refusal:
            form.refuse(refusal, "reason" if refusal.code == "reason_required" else "dates")
    page = render_template(
        "admin/holiday_year.html",
        form=form,
        year=year,
        proposed=proposed,
        booked=service_days_of(db.session(), booked),
    )
    return page, 422 if form.is_submitted() else 200


def _decide(year: int, form: HolidayProposalsForm) -> Response:
    with unit_of_work() as session:
        decided = decide_holidays(
            session,
            year,
            [date.fromisoformat(chosen) for chosen in form.dates.data or ()],
            complete=request.form.get("step") == COMPLETE,
            reason=form.reason.data,
            actor=actor(),
            now=now(),
            today=today(),
        )
    said = _("%(confirmed)s tanggal dipastikan libur, %(dismissed)s tanggal dibuka.")
    flash(said % {"confirmed": decided.confirmed, "dismissed": decided.dismissed}, "success")
    return redirect(url_for(".holidays"), 303)


def _choices(proposed: list[Holiday], dropped: set[date]) -> list[tuple[str, str]]:
    """Each with what speaks against it: an estimate, people who have booked, a date that the library has given up."""
    people = people_on(db.session(), [row.date for row in proposed])
    choices = []
    for row in proposed:
        said = [f"{wording.format_day(row.date, current_language())}: {in_language(row, 'name')}"]
        if row.estimated:
            said.append(_("perkiraan"))
        if row.date in dropped:
            said.append(_("tidak lagi disebut dalam daftar terbaru"))
        if number := people.get(row.date):
            said.append(ngettext("satu orang sudah memesan", "%(n)s orang sudah memesan", number) % {"n": number})
        choices.append((row.date.isoformat(), " · ".join(said)))
    return choices
