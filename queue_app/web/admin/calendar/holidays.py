"""The list of holidays: what is on it, and how they are called."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
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
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _

from .closure_form import HolidayForm, TermsForm


@bp.get("/libur")
@requires(Permission.EDIT_QUOTA)
def holidays() -> str:
    return _page(HolidayForm(formdata=None))


@bp.post("/libur")
@requires(Permission.EDIT_QUOTA)
def new_holiday() -> Response | tuple[str, int]:
    """A day with people on it becomes a holiday by the same act as any closure: first it is shown whom it concerns."""
    refuse_unless_all_offices()
    form = HolidayForm()
    booked: tuple[int, ...] = ()
    terms = form.terms if request.form.get("step") == "confirm" else None
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                turned = add_holiday(
                    session,
                    form.day.data,
                    name_id=form.name_id.data,
                    name_en=form.name_en.data or "",
                    reason=form.reason.data,
                    actor=actor(),
                    now=now(),
                    today=today(),
                    terms=terms,
                )
            flash(_("Hari libur ditambahkan; %(days)s hari pelayanan mengikutinya.") % {"days": turned}, "success")
            return redirect(url_for(".holidays"), 303)
        except HolidayBooked as refusal:
            booked = refusal.details["days"]
        except DomainError as refusal:
            form.refuse(refusal, "reason" if refusal.code == "reason_required" else "day")
    return _page(form, booked), 409 if booked else 422


@bp.route("/libur/<day>/ubah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def edit_holiday(day: str) -> str | Response | tuple[str, int]:
    """Names only: who corrects a word must not open the day to everybody for a moment."""
    refuse_unless_all_offices()
    holiday = _holiday(day)
    form = HolidayNameForm(data={"name_id": holiday.name_id, "name_en": holiday.name_en})
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                rename_holiday(
                    session,
                    _date(day),
                    name_id=form.name_id.data,
                    name_en=form.name_en.data or "",
                    reason=form.reason.data,
                    actor=actor(),
                    now=now(),
                )
            flash(_("Nama hari libur diubah; harinya tetap libur."), "success")
            return redirect(url_for(".holidays"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "reason")
            holiday = _holiday(day)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/holiday_edit.html", form=form, holiday=holiday), status


@bp.route("/libur/<day>/hapus", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def remove_holiday(day: str) -> str | Response | tuple[str, int]:
    refuse_unless_all_offices()
    holiday = _holiday(day)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                turned = delete_holiday(
                    session, _date(day), reason=form.reason.data, actor=actor(), now=now(), today=today()
                )
            flash(_("Hari libur dihapus; %(days)s hari pelayanan dibuka.") % {"days": turned}, "success")
            return redirect(url_for(".holidays"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "reason")
            holiday = _holiday(day)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/holiday_delete.html", form=form, holiday=holiday), status


def _page(form: HolidayForm, booked: tuple[int, ...] = ()) -> str:
    day = today()
    undecided = undecided_years(db.session(), day)
    listed = holidays_between(db.session(), date(day.year, 1, 1), date.max)
    return render_template(
        "admin/holidays.html",
        form=form,
        coming=[holiday for holiday in listed if holiday.date >= day],
        past=[holiday for holiday in listed if holiday.date < day],
        undecided=undecided,
        year=day.year,
        may_edit=administers_every_office(db.session(), g.staff.staff_id),
        booked=service_days_of(db.session(), booked),
        people=affected_counts(db.session(), booked),
        terms=TermsForm(formdata=None) if request.form.get("step") != "confirm" else form,
    )


def refuse_unless_all_offices() -> None:
    if not administers_every_office(db.session(), g.staff.staff_id):
        abort(403)


def _holiday(typed: str) -> Holiday:
    holiday = db.session().get(Holiday, _date(typed))
    if holiday is None or holiday.status is HolidayStatus.DISMISSED:
        raise NotFound()
    return holiday


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotFound() from None
