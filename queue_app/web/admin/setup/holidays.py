"""The fourth step: the holidays that the calendar proposes, and those of this office alone."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import TextInput

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, HolidayBooked
from queue_app.domain.roles import Permission
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.calendar.holidays import holidays_at, proposed_holidays, undecided_years
from queue_app.services.calendar.holidays import add_holiday
from queue_app.services.calendar.proposals import decide_holidays
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
        if form.validate() and (answer := _keep(form, year)):
            return answer
    undecided = [
        (one.year, proposed_holidays(db.session(), one.year, first=today()))
        for one in undecided_years(db.session(), today())
    ]
    may_decide = administers_every_office(db.session(), g.staff.staff_id)
    coming = holidays_at(db.session(), g.staff.office_id, today(), LATEST).values()
    local = [one for one in coming if one.office_id is not None]
    page = step_page("holidays", form=form, undecided=undecided, may_decide=may_decide, local=local)
    return page, 422 if form.is_submitted() else 200


def _keep(form: LocalHolidaysForm, year: int | None) -> Response | None:
    """What was typed counts for this office; with the button of a ``year`` what is proposed for it is decided as well.
    All or nothing; None when something was refused, and said so.
    """
    rows = [row.form for row in form.days if row.form.day.data]
    if [row for row in rows if _is_holiday(row)]:  # each of them says so
        return None
    by: dict[str, Any] = {"office_id": g.staff.office_id, "actor": actor(), "now": now(), "today": today()}
    row: Any = None
    try:
        with unit_of_work() as session:
            for row in rows:
                add_holiday(session, row.day.data, name_id=row.name.data, name_en="", reason=REASON, **by)
            row = None
            if year:
                _decide(session, year)
    except DomainError as refusal:
        if row is None:
            form.complain(message_for(refusal))
        else:
            row.day.errors = [_said(refusal)]
        return None
    if year:
        flash(_("Hari libur %(year)s dipastikan.") % {"year": year}, "success")
        return redirect(url_for(".setup_holidays"), 303)
    said = ngettext("Satu hari libur setempat disimpan.", "%(n)s hari libur setempat disimpan.", len(rows))
    return on_to_next("holidays", said % {"n": len(rows)} if rows else _("Tidak ada yang berubah."))


def _is_holiday(row: Any) -> bool:
    """And says by what."""
    day = row.day.data
    holiday = holidays_at(db.session(), g.staff.office_id, day, day).get(day)
    if holiday:
        row.day.errors = [_("Tanggal ini sudah libur: %(name)s.") % {"name": in_language(holiday, "name")}]
    return holiday is not None


def _said(refusal: DomainError) -> str:
    if isinstance(refusal, HolidayBooked):
        return _("Pada hari itu sudah ada yang memesan. Tambahkan di Hari libur: di sana mereka ditawari.")
    return message_for(refusal)


def _decide(session: Session, year: int) -> None:
    """All that is proposed for a year, as the program's calendar knows it. Raises HolidayBooked, InvalidSchedule."""
    refuse_unless_all_offices()
    dates = [row.date for row in proposed_holidays(session, year, first=today())]
    decide_holidays(session, year, dates, complete=True, reason=REASON, actor=actor(), now=now(), today=today())
