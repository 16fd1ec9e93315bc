"""The days of a service, and the quota of one day: see what a change does, say why, and take it back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import QUOTA_MAX, Share
from queue_app.domain.errors import BookingClosed, DomainError, NotOpenYet
from queue_app.domain.roles import Permission
from queue_app.models import AuditEntry, OfficeService, ServiceDay
from queue_app.queries.access.office_rows import office_service_at, service_day_at
from queue_app.queries.calendar.days import closed_hours, day_summaries, quota_changes
from queue_app.queries.calendar.withdrawn import withdrawn_tickets
from queue_app.services.calendar.quota import preview_day_quota, set_day_quota
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ConfirmQuotaForm, QuotaForm
from queue_app.web.admin.records.audit_values import STATUSES
from queue_app.web.forms.days import read_day
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _

from .schedule_form import SHARES

A_PAGE = timedelta(days=30)


@bp.get("/hari/<int:office_service_id>")
@requires(Permission.EDIT_QUOTA)
def days(office_service_id: int) -> str:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    present_day = today()
    first = read_day(request.args.get("mulai", "")) or present_day
    rows = day_summaries(
        db.session(),
        office_id=offering.office_id,
        service_id=offering.service_id,
        first=first,
        last=first + A_PAGE,
        now=now(),
    )
    withdrawn = withdrawn_tickets(db.session(), office_id=offering.office_id, service_id=offering.service_id, now=now())
    return render_template(
        "admin/days.html",
        offering=offering,
        days=rows,
        withdrawn=Counter(entry.service_day_id for entry in withdrawn),
        today=present_day,
        earlier=first - A_PAGE - timedelta(days=1),
        later=first + A_PAGE + timedelta(days=1),
    )


@bp.get("/hari/kuota/<int:service_day_id>")
@requires(Permission.EDIT_QUOTA)
def day_quota(service_day_id: int) -> str:
    day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    advised = request.args.get("kuota", type=row_number)
    form = QuotaForm(formdata=None, quota=_public_quota(day) if advised is None else min(advised, QUOTA_MAX))
    return _edit_page(day, offering, form)


@bp.post("/hari/kuota/<int:service_day_id>")
@requires(Permission.EDIT_QUOTA)
def change_day_quota(service_day_id: int) -> str | Response | tuple[str, int]:
    """First the preview, then, with a reason, the change."""
    day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    confirming = request.form.get("step") == "confirm"
    form = ConfirmQuotaForm() if confirming else QuotaForm()
    valid = form.validate_on_submit()
    if form.quota.errors:
        return _edit_page(day, offering, form), 422
    try:
        if not confirming:
            return _preview_page(day, offering, ConfirmQuotaForm(reason=None))
        if not valid:
            return _preview_page(day, offering, form), 422
        with unit_of_work() as session:
            set_day_quota(session, service_day_id, form.quota.data, reason=form.reason.data, actor=actor(), now=now())
    except DomainError as refusal:
        day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
        if refusal.code == "reason_required":
            form.refuse(refusal)
            return _preview_page(day, offering, form), 422
        form.refuse(refusal, "quota")
        return _edit_page(day, offering, form), 422
    flash(_("Kuota diubah. Warga melihatnya sekarang juga."), "success")
    return redirect(url_for(".day_quota", service_day_id=service_day_id), 303)


def _public_quota(day: ServiceDay) -> int:
    return sum(slot.capacity for slot in day.slots if slot.share is Share.PUBLIC)


def _edit_page(day: ServiceDay, offering: OfficeService, form: QuotaForm) -> str:
    changes = quota_changes(db.session(), day)
    last = next((entry for entry in changes if entry.action == "day.quota" and _is_public(entry)), None)
    return render_template(
        "admin/day_quota.html",
        day=day,
        offering=offering,
        form=form,
        quota=_public_quota(day),
        booked=sum(slot.booked for slot in day.slots if slot.share is Share.PUBLIC),
        other_shares=_other_shares(day),
        closed=closed_hours(db.session(), day),
        previous=last.before["quota"] if last and last.before else None,
        changes=changes,
        statuses=STATUSES,
    )


def _is_public(entry: AuditEntry) -> bool:
    """The calendar changes other shares too, and says so."""
    return bool((entry.after or {}).get("share", Share.PUBLIC) == Share.PUBLIC)


def _other_shares(day: ServiceDay) -> list[tuple[str, int, int]]:
    """Name, places and how many of them are booked, of each share that this page does not change."""
    found = []
    for share, name in SHARES.items():
        slots = [slot for slot in day.slots if slot.share is share]
        places = sum(slot.capacity for slot in slots)
        if share is not Share.PUBLIC and places:
            found.append((str(name), places, sum(slot.booked for slot in slots)))
    return found


def _preview_page(day: ServiceDay, offering: OfficeService, form: ConfirmQuotaForm) -> str:
    changes = preview_day_quota(db.session(), day.id, form.quota.data, now=now())
    return render_template(
        "admin/day_quota_preview.html",
        day=day,
        offering=offering,
        form=form,
        changes=changes,
        before=_public_quota(day),
        by_themselves=_can_be_booked_online(day, offering),
    )


def _can_be_booked_online(day: ServiceDay, offering: OfficeService) -> bool:
    """Whether citizens can still book for themselves, in any hour that is to come: else new places are the desk's."""
    last = max(slot.starts_at for slot in day.slots)
    try:
        offering.booking_rules.check_bookable(day.day, last, now=now())
    except BookingClosed:
        return False
    except NotOpenYet:
        pass
    return True
