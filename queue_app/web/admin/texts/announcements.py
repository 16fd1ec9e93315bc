"""The pages on which an administrator looks after the announcements."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Announcement
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.texts.announcements import announcement_at, announcements_of
from queue_app.services.texts.announcements import announce, change_announcement, end_announcement
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.request import actor, now
from queue_app.web.site.announcements import forget_announcements
from queue_app.web.site.language import gettext as _

from .announcement_form import AnnouncementForm, present


@bp.get("/pengumuman")
@requires(Permission.EDIT_QUOTA)
def announcements() -> str:
    moment = now()
    coming, past = announcements_of(db.session(), g.staff.office_id, now=moment)
    may_all = _may_all()
    return render_template("admin/texts/announcements.html", coming=coming, past=past, time=moment, may_all=may_all)


@bp.route("/pengumuman/baru", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def new_announcement() -> str | Response | tuple[str, int]:
    form, may_all = AnnouncementForm(), _may_all()
    if form.validate_on_submit():
        if form.everywhere.data:
            refuse_unless_all_offices()
        office_id = None if form.everywhere.data else g.staff.office_id
        try:
            with unit_of_work() as session:
                announce(session, office_id, form.announcing(g.staff.time_zone, now=now()), actor=actor(), now=now())
            return _done(_("Pengumuman disimpan."))
        except DomainError as refusal:
            form.refuse_announcement(refusal)
    page = render_template("admin/texts/announcement.html", form=form, row=None, may_all=may_all)
    return page, 422 if form.is_submitted() else 200


@bp.route("/pengumuman/<int:announcement_id>/ubah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def edit_announcement(announcement_id: int) -> str | Response | tuple[str, int]:
    """Whom it is for stays: another office is another announcement. One that is over can be shown again."""
    row = _own(announcement_id)
    form = AnnouncementForm(data=present(row, g.staff.time_zone))
    if form.validate_on_submit():
        announcing = form.announcing(g.staff.time_zone, now=now())
        try:
            with unit_of_work() as session:
                changed = change_announcement(session, announcement_id, announcing, actor=actor(), now=now())
            return _done(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."))
        except DomainError as refusal:
            form.refuse_announcement(refusal)
            row = _own(announcement_id)
    page = render_template("admin/texts/announcement.html", form=form, row=row, may_all=False)
    return page, 422 if form.is_submitted() else 200


@bp.post("/pengumuman/<int:announcement_id>/akhiri")
@requires(Permission.EDIT_QUOTA)
def end_announcement_now(announcement_id: int) -> Response:
    _own(announcement_id)
    with unit_of_work() as session:
        ended = end_announcement(session, announcement_id, actor=actor(), now=now())
    return _done(_("Pengumuman diakhiri.") if ended else _("Pengumuman ini sudah berakhir."))


def _own(announcement_id: int) -> Announcement:
    """One of this office, or of all for whoever answers for all."""
    row = announcement_at(db.session(), announcement_id, g.staff.office_id)
    if row.office_id is None:
        refuse_unless_all_offices()
    return row


def _may_all() -> bool:
    return administers_every_office(db.session(), g.staff.staff_id)


def _done(said: str) -> Response:
    forget_announcements()
    flash(said, "success")
    return redirect(url_for(".announcements"), 303)
