"""The fourth step: the holidays that the calendar proposes, and days on which only this office is closed."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import TextInput

from queue_app.db import db, unit_of_work
from queue_app.domain.closures import ClosedTime
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Closure
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.calendar.holidays import proposed_holidays, undecided_years
from queue_app.services.calendar.closures import NewClosure, confirm, draft
from queue_app.services.calendar.days import load_holidays
from queue_app.services.calendar.proposals import decide_holidays
from queue_app.services.calendar.reopening import standing_closures
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.forms.days import LATEST, DayField
from queue_app.web.forms.office_form import OfficeForm, RowForm
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.people import message_for
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language, ngettext

from .steps import REASON, on_to_next, step_page

ROWS = 4


class LocalHolidayForm(RowForm):
    day = DayField(validators=[Optional()])
    name = StringField(filters=[trimmed], validators=[Length(max=100), can_be_printed], widget=TextInput())

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for given, missing in ((self.day, self.name), (self.name, self.day)):
            if given.data and not missing.data:
                missing.errors = [_("Tulis tanggal dan namanya, atau kosongkan keduanya.")]
                return False
        return True


class LocalHolidaysForm(OfficeForm):
    days = FieldList(FormField(LocalHolidayForm), min_entries=ROWS, max_entries=ROWS)


@bp.route("/persiapan/hari-libur", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def setup_holidays() -> str | Response | tuple[str, int]:
    form = LocalHolidaysForm()
    if form.is_submitted():
        year = request.form.get("tahun", type=int)
        if form.validate() and (answer := _close(form, year)):
            return answer
    undecided = [
        (one.year, proposed_holidays(db.session(), one.year, first=today()))
        for one in undecided_years(db.session(), today())
    ]
    may_decide = administers_every_office(db.session(), g.staff.staff_id)
    closed = _closed_days()
    page = step_page("holidays", form=form, undecided=undecided, may_decide=may_decide, closed=closed)
    return page, 422 if form.is_submitted() else 200


def _closed_days() -> list[Closure]:
    """Of this office as a whole, from today on."""
    standing = standing_closures(db.session(), g.staff.office_id, today(), LATEST)
    return [one for one in standing if one.time.whole_days and not one.time.services]


def _close(form: LocalHolidaysForm, year: int | None) -> Response | None:
    """A day on which one office is closed is a closure as any other; with the button of a ``year`` what is proposed for
    it is decided as well. All or nothing; None when something was refused, and said so.
    """
    rows = [row.form for row in form.days if row.form.day.data]
    if [row for row in rows if _is_closed(row)]:  # each of them says so
        return None
    row: Any = None
    try:
        with unit_of_work() as session:
            for row in rows:
                new = NewClosure(ClosedTime(row.day.data, row.day.data), row.name.data)
                closure = draft(session, g.staff.office_id, new, actor=actor(), now=now())
                confirm(session, closure.id, office_id=g.staff.office_id, actor=actor(), now=now())
            row = None
            if year:
                _decide(session, year)
    except DomainError as refusal:
        if row is None:
            form.complain(message_for(refusal))
        else:
            row.day.errors = [message_for(refusal)]
        return None
    if year:
        flash(_("Hari libur %(year)s dipastikan.") % {"year": year}, "success")
        return redirect(url_for(".setup_holidays"), 303)
    said = ngettext("Satu hari libur setempat disimpan.", "%(n)s hari libur setempat disimpan.", len(rows))
    return on_to_next("holidays", said % {"n": len(rows)} if rows else _("Tidak ada yang berubah."))


def _is_closed(row: Any) -> bool:
    """And says by what: a second closure of the same day would only be one to take back."""
    day = row.day.data
    holiday = load_holidays(db.session(), day, day).get(day)
    closure = next((one for one in _closed_days() if one.first_day <= day <= one.last_day), None)
    if because := holiday or closure:
        name = in_language(because, "name" if holiday else "reason")
        row.day.errors = [_("Hari ini sudah libur: %(name)s.") % {"name": name}]
    return bool(because)


def _decide(session: Session, year: int) -> None:
    """All that is proposed for a year, as the program's calendar knows it. Raises HolidayBooked, InvalidSchedule."""
    refuse_unless_all_offices()
    dates = [row.date for row in proposed_holidays(session, year, first=today())]
    decide_holidays(session, year, dates, complete=True, reason=REASON, actor=actor(), now=now(), today=today())
