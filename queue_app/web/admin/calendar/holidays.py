"""The list of holidays: what is on it for whom, and how they are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.clock import office_date
from queue_app.domain.errors import DomainError, HolidayBooked, NotFound
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.roles import Permission
from queue_app.models import Holiday
from queue_app.queries.access.office_rows import service_days_of
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.calendar.days import affected_counts
from queue_app.queries.calendar.holidays import holidays_between, undecided_years
from queue_app.services.calendar.holidays import add_holiday, delete_holiday, rename_holiday
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import HolidayNameForm, ReasonForm
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.request import actor, now, today
from queue_app.web.site.announcements import forget_announcements
from queue_app.web.site.language import gettext as _

from .closure_form import TermsForm
from .holiday_form import HolidayForm, HolidayReach, holiday_form, reach_of_staff


@bp.get("/libur")
@requires(Permission.EDIT_QUOTA)
def holidays() -> str:
    reach = reach_of_staff()
    return _page(holiday_form(reach, sent=False), reach)


@bp.post("/libur")
@requires(Permission.EDIT_QUOTA)
def new_holiday() -> Response | tuple[str, int]:
    """A day with people on it becomes a holiday by the same act as any closure: first it is shown whom it concerns."""
    reach = reach_of_staff()
    form = holiday_form(reach)
    booked: tuple[int, ...] = ()
    if form.validate_on_submit():
        try:
            turned = _add(form)
            forget_announcements()
            flash(_("Hari libur ditambahkan; %(days)s hari pelayanan mengikutinya.") % {"days": turned}, "success")
            return redirect(url_for(".holidays"), 303)
        except HolidayBooked as refusal:
            booked = refusal.details["days"]
        except DomainError as refusal:
            form.refuse(refusal, "reason" if refusal.code == "reason_required" else "day")
    return _page(form, reach, booked), 409 if booked else 422


def _add(form: HolidayForm) -> int:
    """Raises as `add_holiday` does."""
    with unit_of_work() as session:
        return add_holiday(
            session,
            form.day.data,
            office_id=form.office_id,
            name_id=form.name_id.data,
            name_en=form.name_en.data or "",
            reason=form.reason.data,
            actor=actor(),
            now=now(),
            today=_today_at(form.office_id),
            terms=form.terms if request.form.get("step") == "confirm" else None,
        )


@bp.route("/libur/<int:holiday_id>/ubah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def edit_holiday(holiday_id: int) -> str | Response | tuple[str, int]:
    """Names only: who corrects a word must not open the day to everybody for a moment."""
    holiday = _holiday(holiday_id)
    form = HolidayNameForm(data={"name_id": holiday.name_id, "name_en": holiday.name_en})
    if form.validate_on_submit():
        names = {"name_id": form.name_id.data, "name_en": form.name_en.data or ""}
        by: dict[str, Any] = {"office_id": holiday.office_id, "actor": actor(), "now": now()}
        try:
            with unit_of_work() as session:
                rename_holiday(session, holiday.date, **names, reason=form.reason.data, **by)
            forget_announcements()
            flash(_("Nama hari libur diubah; harinya tetap libur."), "success")
            return redirect(url_for(".holidays"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "reason")
            holiday = _holiday(holiday_id)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/holiday_edit.html", form=form, holiday=holiday), status


@bp.route("/libur/<int:holiday_id>/hapus", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def remove_holiday(holiday_id: int) -> str | Response | tuple[str, int]:
    holiday = _holiday(holiday_id)
    form = ReasonForm()
    if form.validate_on_submit():
        of: dict[str, Any] = {"office_id": holiday.office_id, "today": _today_at(holiday.office_id)}
        try:
            with unit_of_work() as session:
                turned = delete_holiday(session, holiday.date, **of, reason=form.reason.data, actor=actor(), now=now())
            forget_announcements()
            flash(_("Hari libur dihapus; %(days)s hari pelayanan dibuka.") % {"days": turned}, "success")
            return redirect(url_for(".holidays"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "reason")
            holiday = _holiday(holiday_id)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/holiday_delete.html", form=form, holiday=holiday, others=_others(holiday)), status


def _others(holiday: Holiday) -> list[Holiday]:
    """What keeps the day a holiday where this one is taken off: of one office, that of all; of all, those of each."""
    offices = [] if holiday.office_id else [one.id for one in reach_of_staff().offices]
    found = holidays_between(db.session(), holiday.date, holiday.date, offices)
    return [one for one in found if (one.office_id is None) is not (holiday.office_id is None)]


def _page(form: HolidayForm, reach: HolidayReach, booked: tuple[int, ...] = ()) -> str:
    """Only of the office that the address names, or of all that are the reader's."""
    day = today()
    chosen = reach.office(request.args.get("kantor", type=row_number))
    shown = [chosen] if chosen else reach.offices
    listed = holidays_between(db.session(), date(day.year, 1, 1), date.max, [one.id for one in shown])
    return render_template(
        "admin/holidays.html",
        form=form,
        reach=reach,
        chosen=chosen,
        coming=[holiday for holiday in listed if holiday.date >= day],
        past=[holiday for holiday in listed if holiday.date < day],
        undecided=undecided_years(db.session(), day),
        year=day.year,
        booked=service_days_of(db.session(), booked),
        people=affected_counts(db.session(), booked),
        terms=TermsForm(formdata=None) if request.form.get("step") != "confirm" else form,
    )


def refuse_unless_all_offices() -> None:
    if not administers_every_office(db.session(), g.staff.staff_id):
        abort(403)


def _holiday(holiday_id: int) -> Holiday:
    """One that the person may change. Raises NotFound, also for one of an office that is not theirs."""
    holiday = db.session().get(Holiday, holiday_id)
    if holiday is None or holiday.status is HolidayStatus.DISMISSED:
        raise NotFound()
    if holiday.office_id is None:
        refuse_unless_all_offices()
    elif reach_of_staff().office(holiday.office_id) is None:
        raise NotFound()
    return holiday


def _today_at(office_id: int | None) -> date:
    """By the clock of the office whose holiday it is; of one for all by that of the administrator."""
    office = reach_of_staff().office(office_id)
    return office_date(now(), office.time_zone) if office else today()
