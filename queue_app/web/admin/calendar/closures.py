"""Closures: the list, a draft with its preview, confirming, progress, revoking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.closures import ClosureState, OfferState
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Closure
from queue_app.models.base import LARGEST_ID
from queue_app.queries.access.office_rows import service_day_at
from queue_app.queries.calendar.call_list import call_counts
from queue_app.queries.calendar.closures import closure_at, closures_of, preview_closure, progress_of
from queue_app.queries.calendar.offered import offered_by
from queue_app.queries.calendar.offices import services_of
from queue_app.services.calendar import closures as acts
from queue_app.services.calendar.closing import open_day
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now, settings, today
from queue_app.web.site.announcements import forget_announcements
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .closure_form import ClosureForm, asked_closure, closure_form, values_of

A_PAGE = 100  # people of a preview
STATES = {
    ClosureState.DRAFT: (_l("Rancangan"), "edge"),
    ClosureState.CONFIRMED: (_l("Sedang dijalankan"), "stop"),
    ClosureState.DONE: (_l("Ditutup"), "stop"),
    ClosureState.REVOKED: (_l("Dicabut"), "success"),
}
OFFERS = {
    OfferState.OPEN: _l("tempat disimpan, belum menjawab"),
    OfferState.WAITING: _l("belum ada tempat, boleh memilih lebih dulu"),
    OfferState.LAPSED: _l("tidak menjawab, tempat dilepas"),
    OfferState.ACCEPTED: _l("menerima tempat pengganti"),
    OfferState.ELSEWHERE: _l("memilih tempat lain"),
    OfferState.CANCELLED: _l("batal"),
    OfferState.KEPT: _l("tetap pada jadwal semula"),
    OfferState.OFFERED_BACK: _l("sudah pindah, jadwal semula ditawarkan lagi"),
}


@bp.get("/penutupan")
@requires(Permission.EDIT_QUOTA)
def closures() -> str:
    session = db.session()
    counts = {count.closure.id: count for count in call_counts(session, g.staff.office_id)}
    listed = closures_of(session, g.staff.office_id)
    return render_template("admin/closures.html", closures=listed, states=STATES, calls=counts, names=_names())


@bp.route("/penutupan/baru", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def new_closure() -> str | Response | tuple[str, int]:
    """Days, hours and services may stand in the address: the page of a day and the calendar lead here."""
    form = closure_form(_offerings(), asked_closure(_names()))
    if not form.validate_on_submit():
        return _form_page(form, _("Rancang penutupan"))
    return _draft(form, lambda session, **by: acts.draft(session, g.staff.office_id, form.closure, **by))


@bp.route("/penutupan/<int:closure_id>/ubah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def edit_closure(closure_id: int) -> str | Response | tuple[str, int]:
    closure = _closure(closure_id)
    if closure.state is not ClosureState.DRAFT:
        return redirect(url_for(".closure", closure_id=closure_id), 303)
    form = closure_form(_offerings(), values_of(closure))
    if not form.validate_on_submit():
        return _form_page(form, _("Ubah rancangan"))
    here = {"office_id": g.staff.office_id}
    return _draft(form, lambda session, **by: acts.redraft(session, closure_id, form.closure, **here, **by))


@bp.get("/penutupan/<int:closure_id>")
@requires(Permission.EDIT_QUOTA)
def closure(closure_id: int) -> str:
    return _closure_page(_closure(closure_id), OfficeForm(formdata=None))


@bp.post("/penutupan/<int:closure_id>/mulai")
@requires(Permission.EDIT_QUOTA)
def confirm_closure(closure_id: int) -> Response | tuple[str, int]:
    said = _(
        "Ditutup. Tidak ada yang dapat memesan lagi; yang sudah memesan sedang diberi tempat lain. "
        "Yang tidak terjangkau email masuk daftar telepon."
    )
    return _act(acts.confirm, closure_id, said, url_for(".closure", closure_id=closure_id))


@bp.post("/penutupan/<int:closure_id>/buang")
@requires(Permission.EDIT_QUOTA)
def discard_closure(closure_id: int) -> Response | tuple[str, int]:
    return _act(acts.discard, closure_id, _("Rancangan dibuang."), url_for(".closures"))


def _act(act: Callable[..., object], closure_id: int, said: str, onward: str) -> Response | tuple[str, int]:
    try:
        with unit_of_work() as session:
            act(session, closure_id, office_id=g.staff.office_id, actor=actor(), now=now())
    except DomainError as refusal:
        form = OfficeForm()
        form.refuse(refusal)
        return _closure_page(_closure(closure_id), form), status_of(refusal)
    forget_announcements()
    flash(said, "success")
    return redirect(onward, 303)


@bp.route("/penutupan/<int:closure_id>/cabut", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def revoke_closure(closure_id: int) -> str | Response | tuple[str, int]:
    form = ReasonForm()
    closure = _closure(closure_id)
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                by = {"office_id": g.staff.office_id, "actor": actor(), "now": now()}
                acts.revoke(session, closure_id, reason=form.reason.data, **by)
            forget_announcements()
            if closure.only_dropped:
                flash(_("Penutupan dicabut, dan yang terdampak diberi tahu."), "success")
            else:
                flash(_("Penutupan dicabut. Jam-jamnya dapat dipesan lagi, dan yang terdampak diberi tahu."), "success")
            return redirect(url_for(".closure", closure_id=closure_id), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            closure = _closure(closure_id)
    progress = progress_of(db.session(), closure)
    page = render_template("admin/closure_revoke.html", closure=closure, form=form, progress=progress, names=_names())
    return page, 422 if form.is_submitted() else 200


@bp.get("/hari/tutup/<int:service_day_id>")
@requires(Permission.EDIT_QUOTA)
def close(service_day_id: int) -> Response:
    """From the page of a day: the same act, with the day filled in."""
    day, _offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    return redirect(url_for(".new_closure", hari=day.day.isoformat(), layanan=day.service_id), 303)


@bp.get("/hari/terdampak/<int:service_day_id>")
@requires(Permission.EDIT_QUOTA)
def affected(service_day_id: int) -> Response:
    day, _offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    if day.closure_id is None:
        return redirect(url_for(".day_quota", service_day_id=service_day_id), 303)
    return redirect(url_for(".closure", closure_id=day.closure_id), 303)


@bp.route("/hari/buka/<int:service_day_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def reopen(service_day_id: int) -> str | Response | tuple[str, int]:
    """A holiday is opened specially; a closed day leads to its closure, which may have closed more than the day."""
    day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    if day.closure_id is not None:
        return redirect(url_for(".revoke_closure", closure_id=day.closure_id), 303)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                open_day(session, service_day_id, reason=form.reason.data, actor=actor(), now=now())
            flash(_("Hari dibuka lagi."), "success")
            return redirect(url_for(".day_quota", service_day_id=service_day_id), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            day, offering = service_day_at(db.session(), service_day_id, g.staff.office_id)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/day_open.html", day=day, offering=offering, form=form), status


def _draft(form: ClosureForm, act: Callable[..., Closure]) -> Response | tuple[str, int]:
    try:
        with unit_of_work() as session:
            closure_id = act(session, actor=actor(), now=now()).id
    except DomainError as refusal:
        form.refuse(refusal)
        page = _form_page(form, _("Rancang penutupan"))
        return page if isinstance(page, tuple) else (page, 422)
    return redirect(url_for(".closure", closure_id=closure_id), 303)


def _form_page(form: ClosureForm, title: str) -> str | tuple[str, int]:
    page = render_template("admin/closure_form.html", form=form, title=title)
    return (page, 422) if form.is_submitted() else page


def _closure_page(closure: Closure, form: OfficeForm) -> str:
    session: Session = db.session()
    shown: dict[str, Any] = {"closure": closure, "form": form, "names": _names(), "states": STATES}
    first = min(max(0, request.args.get("mulai", 0, type=int)), LARGEST_ID)
    if closure.state is ClosureState.DRAFT:
        preview = preview_closure(session, closure, mail_goes_out=settings().smtp_host is not None, now=now())
        return render_template("admin/closure_draft.html", preview=preview, first=first, a_page=A_PAGE, **shown)
    calls = next((one for one in call_counts(session, closure.office_id) if one.closure.id == closure.id), None)
    return render_template(
        "admin/closure.html",
        progress=progress_of(session, closure),
        offers=OFFERS,
        offered=offered_by(session, closure, first=first, limit=A_PAGE),
        first=first,
        a_page=A_PAGE,
        calls=calls,
        may_revoke=closure.last_day >= today(),
        **shown,
    )


def _closure(closure_id: int) -> Closure:
    return closure_at(db.session(), closure_id, g.staff.office_id)


def _offerings() -> list[Any]:
    return services_of(db.session(), g.staff.office_id)


def _names() -> dict[int, Any]:
    return {one.service_id: one.service for one in _offerings()}
