"""Change the quota of many days at once: fill in, see what it does, say why; and take it back."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.quota_change import places_moved
from queue_app.domain.roles import Permission
from queue_app.models import Office, OfficeService
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.calendar.quota_changes import quota_change_at, quota_changes_of
from queue_app.services.calendar.quota_changes import change_quotas
from queue_app.services.calendar.quota_limit import Deed, set_quota_limit
from queue_app.services.calendar.quota_plan import plan_quota
from queue_app.services.calendar.quota_undo import undo_change, undo_plan
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.days import read_clock, read_day
from queue_app.web.forms.second_person import AgreedForm
from queue_app.web.request import now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language, ngettext

from .quota_change_form import (
    FIELD_OF_REASON,
    AgreedReasonForm,
    ConfirmQuotaChangeForm,
    LimitForm,
    QuotaChangeForm,
    quota_change_form,
)
from .schedule_form import SHARES

ASKED_LAST = {"reason", "username", "password"}
TRAVELS = {
    *("first_day", "last_day", "weekdays", "starts_at", "ends_at", "services", "share", "unit", "amount"),
}


@bp.route("/kalender/ubah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def change_calendar() -> str | Response | tuple[str, int]:
    """Three steps on one address. To close is more than a quota of nothing, and leads to the form of a closure."""
    offerings = services_of(db.session(), g.staff.office_id)
    step = request.form.get("step", "")
    form = quota_change_form(offerings, _asked(offerings), confirming=step == "confirm")
    if step == "close":
        return _close(form)
    valid = form.validate_on_submit()
    if not form.is_submitted() or step == "edit" or set(form.errors) - ASKED_LAST:
        return _page(form), 422 if form.errors else 200
    try:
        if step != "confirm":
            return _preview(quota_change_form(offerings, confirming=True))
        if not valid:
            return _preview(form), 422
        deed = _deed(form)
        with unit_of_work() as session:
            change = change_quotas(session, g.staff.office_id, form.new_quota(), deed)
            changed, change_id = change.days, change.id
    except DomainError as refusal:
        form.refuse(refusal)
        of_range = refusal.details.get("reason") in FIELD_OF_REASON
        return (_page(form) if of_range else _preview(form)), 422
    said = ngettext("Kuota satu hari diubah.", "Kuota %(n)s hari diubah.", changed) % {"n": changed}
    flash(f"{said} " + _("Warga melihatnya sekarang juga."), "success")
    return redirect(url_for(".calendar_changes", _anchor=f"perubahan-{change_id}"), 303)


@bp.get("/kalender/perubahan")
@requires(Permission.EDIT_QUOTA)
def calendar_changes() -> str:
    changes = quota_changes_of(db.session(), g.staff.office_id)
    alone = db.session().get_one(Office, g.staff.office_id).quota_alone
    return render_template("admin/calendar/changes.html", changes=changes, shares=SHARES, alone=alone)


@bp.route("/kalender/perubahan/<int:change_id>/urungkan", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def undo_calendar_change(change_id: int) -> str | Response | tuple[str, int]:
    """Shows first which hours go back, and which are left because they were changed since."""
    quota_change_at(db.session(), change_id, g.staff.office_id)
    form = AgreedReasonForm()
    if form.validate_on_submit():
        try:
            deed = _deed(form)
            with unit_of_work() as session:
                undone = undo_change(session, change_id, g.staff.office_id, deed)
                restored = sum(not one.left for one in undone)
            said = ngettext("Satu jam dikembalikan.", "%(n)s jam dikembalikan.", restored) % {"n": restored}
            flash(said, "success")
            return redirect(url_for(".calendar_changes"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    change = quota_change_at(db.session(), change_id, g.staff.office_id)
    plan = undo_plan(db.session(), change, now=now())
    names = {one.service_id: in_language(one.service, "name") for one in services_of(db.session(), change.office_id)}
    moved = places_moved((one.after, one.before) for one in plan if not one.left)
    page = {"change": change, "plan": plan, "names": names, "moved": moved, "form": form, "shares": SHARES}
    return render_template("admin/calendar/undo.html", **page), 422 if form.is_submitted() else 200


@bp.route("/kalender/batas", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def calendar_limit() -> str | Response | tuple[str, int]:
    form = LimitForm(data={"places": db.session().get_one(Office, g.staff.office_id).quota_alone})
    if form.validate_on_submit():
        try:
            deed = _deed(form)
            with unit_of_work() as session:
                changed = set_quota_limit(session, g.staff.office_id, form.places.data, deed)
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".calendar_changes"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template("admin/calendar/limit.html", form=form), 422 if form.is_submitted() else 200


def _deed(form: AgreedForm) -> Deed:
    """Raises what `AgreedForm.second_id` raises."""
    return Deed(g.staff.staff_id, form.second_id(), form.reason.data or "", now())


def _asked(offerings: list[OfficeService]) -> dict[str, Any]:
    """From the address: the calendar leads here from a day or an hour of it."""
    known = [one.service_id for one in offerings]
    services = [one for one in request.args.getlist("layanan", type=int) if one in known]
    return {
        "first_day": read_day(request.args.get("hari", "")),
        "last_day": read_day(request.args.get("sampai", "")),
        "starts_at": read_clock(request.args.get("jam", "")),
        "ends_at": read_clock(request.args.get("hingga", "")),
        "services": services or known,
    }


def _close(form: QuotaChangeForm) -> Response | tuple[str, int]:
    valid = form.first_day.validate(form)
    if form.weekdays.data:
        form.complain(_("Penutupan berlaku untuk hari yang berurutan: kosongkan pilihan hari ini."), "weekdays")
    elif valid:
        return redirect(url_for(".new_closure", **_closing(form)), 303)
    return _page(form), 422


def _closing(form: QuotaChangeForm) -> dict[str, Any]:
    """The same days and hours, as the form of a closure reads them from its address."""
    every = len(form.services.data or ()) == len(form.services.choices)
    asked = {
        "hari": form.first_day.data.isoformat(),
        "sampai": form.last_day.data.isoformat() if form.last_day.data else None,
        "jam": form.starts_at.data.isoformat("minutes") if form.starts_at.data else None,
        "hingga": form.ends_at.data.isoformat("minutes") if form.ends_at.data else None,
        "layanan": [] if every else form.services.data,
    }
    return {name: value for name, value in asked.items() if value}


def _page(form: QuotaChangeForm) -> str:
    return render_template("admin/calendar/change.html", form=form)


def _preview(form: ConfirmQuotaChangeForm) -> str:
    """Raises InvalidQuotaChange."""
    plan = plan_quota(db.session(), g.staff.office_id, form.new_quota(), now=now())
    sent = [(name, value) for name, value in request.form.items(multi=True) if name in TRAVELS]
    alone = db.session().get_one(Office, g.staff.office_id).quota_alone
    names = dict(form.services.choices)
    page = {"plan": plan, "names": names, "posted": sent, "alone": alone, "share": SHARES[form.new_quota().share]}
    return render_template("admin/calendar/preview.html", form=form, **page)
