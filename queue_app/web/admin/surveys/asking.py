"""Whether those who were served are asked by mail."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Office
from queue_app.services.surveys.asking import ask_by_message
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _


@bp.route("/angka/survei/email", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def survey_by_mail() -> str | Response | tuple[str, int]:
    """Turns it the other way round."""
    asks, form = db.session().get_one(Office, g.staff.office_id).survey_by_message, ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                ask_by_message(session, g.staff.office_id, not asks, reason=form.reason.data, actor=actor(), now=now())
            flash(_("Perubahan disimpan."), "success")
            return redirect(url_for(".survey_results"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    page = render_template(
        "admin/with_reason.html",
        form=form,
        title=_("Berhenti bertanya lewat email") if asks else _("Bertanya lewat email"),
        back=url_for(".survey_results"),
        caption=_("Survei kepuasan masyarakat"),
        explanation=_(
            "Yang dilayani dan punya alamat email ditanya sekali, pukul 17.00 pada hari kunjungan. Tautan di tiket dan "
            "kios tetap ada."
        ),
        button=_("Berhenti bertanya") if asks else _("Mulai bertanya"),
        kind="",
    )
    return page, 422 if form.is_submitted() else 200
