"""Remarks of those who answered the survey, and what the office did about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.figures.openness import FEWEST
from queue_app.domain.reasons import REASON_MAX
from queue_app.domain.roles import Permission
from queue_app.models import Service, SurveyRemark
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.surveys.singly import remarks as remarks_between
from queue_app.services.surveys.follow_up import follow_up
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .period_form import period_form


class FollowUpForm(OfficeForm):
    done = StringField(
        _l("Tindak lanjut"),
        description=_l("Apa yang dilakukan kantor. Jangan tulis nama, NIK, atau nomor HP orang."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=REASON_MAX)],
        widget=GovTextInput(),
    )

    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "done"}


@bp.get("/angka/survei/saran")
@requires(Permission.EDIT_QUOTA)
def survey_remarks() -> str | tuple[str, int]:
    form, chosen = period_form(services_of(db.session(), g.staff.office_id), today())
    entries: Sequence[tuple[SurveyRemark, Service | None]] = []
    if chosen:
        of_period = db.session(), g.staff.office_id, chosen.period.first, chosen.period.last
        entries = remarks_between(*of_period, service_id=chosen.service_id)
    page = render_template("admin/surveys/remarks.html", form=form, chosen=chosen, entries=entries, fewest=FEWEST)
    return page if chosen else (page, 422)


@bp.route("/angka/survei/saran/<key>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def follow_remark_up(key: str) -> str | Response | tuple[str, int]:
    remark = db.session().get(SurveyRemark, key)
    if remark is None or remark.office_id != g.staff.office_id:
        raise NotFound()
    form = FollowUpForm(data={"done": remark.follow_up or ""})
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                follow_up(session, key, form.done.data, office_id=g.staff.office_id, actor=actor(), now=now())
            flash(_("Tindak lanjut dicatat."), "success")
            return redirect(url_for(".survey_remarks"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            remark = db.session().get_one(SurveyRemark, key)
    page = render_template("admin/surveys/follow_up.html", form=form, remark=remark)
    return page, 422 if form.is_submitted() else 200
