"""The letter of a service's numbers, and whether the office gives the service at all."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.domain.setup import LETTERS
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.setup.progress import letters_of, people_expected
from queue_app.services.setup.offered import change_letter, resume_offering, stop_offering
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.request import actor, now, today
from queue_app.web.site.contact import forget_contacts
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class LetterForm(ReasonForm):
    refusal_fields: ClassVar[dict[str, str]] = {**ReasonForm.refusal_fields, "invalid_setup": "letter"}

    letter = SelectField(_l("Huruf nomor"), widget=GovSelect())


@bp.route("/layanan/<int:office_service_id>/huruf", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def offering_letter(office_service_id: int) -> str | Response | tuple[str, int]:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    form = LetterForm(data={"letter": offering.letter})
    taken = set(letters_of(db.session(), g.staff.office_id)) - {offering.letter}
    form.letter.choices = [SelectChoice(letter, letter) for letter in LETTERS if letter not in taken]
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                asked = form.letter.data, form.reason.data
                change_letter(session, office_service_id, asked[0], reason=asked[1], actor=actor(), now=now())
            flash(_("Huruf diubah. Nomor yang sudah diberikan tetap."), "success")
            return redirect(url_for(".quota"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    page = render_template("admin/setup/letter.html", form=form, offering=offering)
    return page, 422 if form.is_submitted() else 200


@bp.route("/layanan/<int:office_service_id>/pakai", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def offering_use(office_service_id: int) -> str | Response | tuple[str, int]:
    """Give a service up, or give it again."""
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    form, giving = ReasonForm(), offering.active
    if form.validate_on_submit():
        change = stop_offering if giving else resume_offering
        try:
            with unit_of_work() as session:
                change(session, office_service_id, reason=form.reason.data, actor=actor(), now=now())
            forget_contacts()
            flash(_("Layanan tidak dapat dipesan lagi.") if giving else _("Layanan dapat dipesan lagi."), "success")
            return redirect(url_for(".quota"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
            offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    expected = people_expected(db.session(), offering, today=today())
    page = render_template("admin/setup/use.html", form=form, offering=offering, expected=expected)
    return page, 422 if form.is_submitted() else 200
