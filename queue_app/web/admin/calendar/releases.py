"""The releases of a service: a row for each moment before a day, from which share to which, and how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField, SelectChoice, SelectField
from wtforms.validators import NumberRange, Optional

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Share
from queue_app.domain.errors import DomainError
from queue_app.domain.releases import DAYS_BEFORE_MAX, RELEASES_MAX, InvalidRelease, Release
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.calendar.releases import releases_of
from queue_app.services.calendar.releases import set_releases
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ClockField, ReasonForm
from queue_app.web.forms.office_form import IntegerField, RowForm
from queue_app.web.refusals.people import message_for
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _

from .schedule_form import SHARES

EMPTY_ROWS = 3
OF_SHARES = [SelectChoice(share, text) for share, text in SHARES.items()]


class ReleaseRow(RowForm):
    """Without an hour it is left out."""

    days_before = IntegerField(validators=[Optional(), NumberRange(0, DAYS_BEFORE_MAX)], default=0)
    at = ClockField()
    source = SelectField(choices=OF_SHARES, default=Share.ASSISTED)
    target = SelectField(choices=OF_SHARES, default=Share.PUBLIC)
    percent = IntegerField(validators=[Optional(), NumberRange(1, 100)], default=100)

    def is_left_out(self) -> bool:
        return not (self.at.raw_data or [""])[0].strip()

    def validate(self, extra_validators: object = None) -> bool:
        return self.is_left_out() or bool(super().validate(extra_validators))

    def release(self) -> Release:
        """An empty number is the one that stood there."""
        percent = 100 if self.percent.data is None else self.percent.data
        shares = (Share(self.source.data), Share(self.target.data))
        return Release(self.days_before.data or 0, self.at.data, *shares, percent)


class ReleasesForm(ReasonForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    releases = FieldList(FormField(ReleaseRow), max_entries=RELEASES_MAX)

    def fill(self, releases: Iterable[Release]) -> None:
        for release in releases:
            self.releases.append_entry(vars(release))
        for _number in range(min(EMPTY_ROWS, RELEASES_MAX - len(self.releases))):
            self.releases.append_entry({})

    def rows(self) -> list[ReleaseRow]:
        return [entry.form for entry in self.releases if not entry.form.is_left_out()]

    def refuse(self, error: DomainError, field: str | None = None, zone: str | None = None) -> None:
        """At the row that it is about."""
        if not isinstance(error, InvalidRelease):
            super().refuse(error, field, zone)
            return
        row = self.rows()[error.details["row"]]
        row.at.errors = [*row.at.errors, message_for(error)]


@bp.route("/layanan/<int:office_service_id>/pelepasan", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def releases(office_service_id: int) -> str | Response | tuple[str, int]:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    form = ReleasesForm()
    if not form.is_submitted():
        form.fill(row.release for row in releases_of(db.session(), offering.id))
    if form.validate_on_submit():
        wanted = [row.release() for row in form.rows()]
        reason = form.reason.data or ""
        try:
            with unit_of_work() as session:
                changed = set_releases(session, office_service_id, wanted, reason=reason, actor=actor(), now=now())
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".releases", office_service_id=office_service_id), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    page = render_template("admin/calendar/releases.html", form=form, offering=offering)
    return page, 422 if request.method == "POST" else 200
