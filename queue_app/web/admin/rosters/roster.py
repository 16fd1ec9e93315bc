"""The roster of a week: who sits at which counter, and how many recording kits there are."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.domain.rosters import A_WEEK, monday_of
from queue_app.models import Office, RosterShift
from queue_app.queries.rosters.week import PlannedShift, shifts_between
from queue_app.queries.visits.counters import counters_of
from queue_app.services.rosters.kits import set_recording_kits
from queue_app.services.rosters.shifts import add_shifts, change_shift, copy_week, remove_shift
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.days import read_day
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.row_numbers import row_number_or_none
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import ngettext

from .shift_form import ChangedShiftForm, KitsForm, NewShiftForm


@bp.get("/jadwal-petugas")
@requires(Permission.MANAGE_COUNTERS)
def roster() -> str:
    monday, office_id = _monday(), g.staff.office_id
    shifts: dict[tuple[int, date], list[PlannedShift]] = defaultdict(list)
    for shift in shifts_between(db.session(), office_id, monday, monday + timedelta(days=6)):
        shifts[shift.counter_id, shift.day].append(shift)
    planned = {counter_id for counter_id, _day in shifts}
    counters = counters_of(db.session(), office_id, all_of_them=True)
    return render_template(
        "admin/rosters/roster.html",
        monday=monday,
        days=_week(monday),
        weeks=(monday - A_WEEK, monday + A_WEEK),
        counters=[one for one in counters if one.active or one.id in planned],
        shifts=shifts,
        today=today(),
        kits=db.session.get_one(Office, office_id).recording_kits,
    )


@bp.route("/jadwal-petugas/baru", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def new_shift() -> str | Response | tuple[str, int]:
    """For several days of one week at once; the day and counter of the address are ticked."""
    day = read_day(request.args.get("hari", "")) or today()
    counter = row_number_or_none(request.args.get("loket", ""))
    form = NewShiftForm(data={"days": [day.isoformat()], "counter": counter})
    form.offer(g.staff.office_id)
    form.offer_days([one for one in _week(monday_of(day)) if one >= today()])
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                made = add_shifts(session, form.shifts(), office_id=g.staff.office_id, actor=actor(), now=now())
                said = ngettext("Satu jam tugas ditambahkan.", "%(n)s jam tugas ditambahkan.", len(made))
                flash(said % {"n": len(made)}, "success")
            return _back_to(day)
        except DomainError as refusal:
            form.refuse(refusal)
    return _form_page(form, _("Jam tugas baru"), day)


@bp.route("/jadwal-petugas/<int:shift_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def edit_shift(shift_id: int) -> str | Response | tuple[str, int]:
    row = _shift(shift_id)
    day = row.day
    form = ChangedShiftForm(
        data={**vars(row.shift), "officer": row.staff_id, "counter": row.counter_id, "absent": row.absent}
    )
    form.offer(g.staff.office_id)
    form.keep(row)
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                wanted, who = form.shift(day), {"office_id": g.staff.office_id, "actor": actor(), "now": now()}
                change_shift(session, shift_id, wanted, absent=form.absent.data, **who)
            flash(_("Perubahan disimpan."), "success")
            return _back_to(day)
        except DomainError as refusal:
            form.refuse(refusal)
    return _form_page(form, _("Jam tugas"), day, shift_id)


@bp.post("/jadwal-petugas/<int:shift_id>/hapus")
@requires(Permission.MANAGE_COUNTERS)
def delete_shift(shift_id: int) -> Response | tuple[str, int]:
    day = _shift(shift_id).day
    form = OfficeForm()
    if form.validate_on_submit():
        with unit_of_work() as session:
            remove_shift(session, shift_id, office_id=g.staff.office_id, actor=actor(), now=now())
        flash(_("Jam tugas dihapus."), "success")
    return _back_to(day)


@bp.post("/jadwal-petugas/salin")
@requires(Permission.MANAGE_COUNTERS)
def copy_roster() -> Response:
    """The week of the address to the next one."""
    monday = _monday()
    if OfficeForm().validate_on_submit():
        with unit_of_work() as session:
            copied = copy_week(session, g.staff.office_id, monday, actor=actor(), now=now())
        told = {"made": copied.made, "left_out": copied.left_out}
        flash(
            _("%(made)s jam tugas disalin, %(left_out)s tidak: sudah terisi atau orangnya tidak bertugas.") % told,
            "success",
        )
    return _back_to(monday + A_WEEK)


@bp.route("/jadwal-petugas/perangkat", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def recording_kits() -> str | Response | tuple[str, int]:
    form = KitsForm(data={"kits": db.session.get_one(Office, g.staff.office_id).recording_kits})
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                set_recording_kits(session, g.staff.office_id, form.kits.data, actor=actor(), now=now())
            flash(_("Perubahan disimpan."), "success")
            return _back_to(today())
        except DomainError as refusal:
            form.refuse(refusal, "kits")
    return _form_page(form, _("Perangkat perekaman"), today())


def _form_page(form: OfficeForm, title: str, day: date, shift_id: int | None = None) -> tuple[str, int]:
    fields = [field for field in form if field.name != "csrf_token"]
    page = render_template(
        "admin/rosters/shift_form.html", form=form, title=title, day=day, fields=fields, shift_id=shift_id
    )
    return page, 422 if form.is_submitted() else 200


def _shift(shift_id: int) -> RosterShift:
    row = db.session.get(RosterShift, shift_id)
    if row is None or row.office_id != g.staff.office_id:
        raise NotFound()
    return row


def _monday() -> date:
    """Of the week in the address, or this one."""
    return monday_of(read_day(request.args.get("minggu", "")) or today())


def _week(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def _back_to(day: date) -> Response:
    return redirect(url_for(".roster", minggu=monday_of(day).isoformat()), 303)
