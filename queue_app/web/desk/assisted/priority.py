"""Giving somebody a priority, or taking it: a page of its own, because it asks for a reason."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import ticket_at
from queue_app.queries.arrivals.arrival import arrival_of
from queue_app.services.assisted.book_for_others import set_priority
from queue_app.web.access.rules import requires
from queue_app.web.desk.arrivals.arrival_filter import back_to, filter_asked
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.typed_text import printable
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .form import PRIORITIES

NONE = "tanpa"
CHOICES = ((NONE, _l("Tanpa prioritas")), *PRIORITIES[1:])


class PriorityForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    priority = RadioField(
        _l("Didahulukan sebagai"),
        choices=[SelectChoice(value, text) for value, text in CHOICES],
        validators=[InputRequired(_l("Pilih salah satu yang tersedia."))],
        widget=RadioInput(),
    )
    reason = StringField(
        _l("Alasan"),
        description=_l("Tercatat dalam jejak audit. Jangan tulis nama, NIK, nomor HP, atau penyakit orang."),
        filters=[printable],
        validators=[InputRequired(_l("Tulis alasannya, supaya kelak jelas mengapa ini diubah.")), Length(max=300)],
        widget=GovTextInput(),
    )


@bp.route("/kedatangan/<int:ticket_id>/prioritas", methods=["GET", "POST"])
@requires(Permission.CHANGE_ORDER)
def change_priority(ticket_id: int) -> str | Response | tuple[str, int]:
    ticket = ticket_at(db.session(), ticket_id, g.staff.office_id)
    form = PriorityForm(priority=ticket.priority or NONE)
    if form.validate_on_submit():
        wanted = None if form.priority.data == NONE else Priority(form.priority.data)
        try:
            _store(ticket_id, wanted, form.reason.data)
            return back_to(ticket_id)
        except DomainError as refusal:
            form.refuse(refusal)
    person = arrival_of(db.session(), ticket_id, keyring=keyring(), now=now())
    back = url_for(".arrivals", **filter_asked().address(), _anchor=f"baris-{ticket_id}")
    return render_template("desk/priority.html", form=form, person=person, back=back), 422 if form.errors else 200


def _store(ticket_id: int, wanted: Priority | None, reason: str) -> None:
    with unit_of_work() as session:
        if ticket_at(session, ticket_id, g.staff.office_id).priority == wanted:
            return  # the same form, sent once more
        set_priority(session, ticket_id, wanted, office_id=g.staff.office_id, reason=reason, actor=actor(), now=now())
    flash(_("Prioritas disimpan.") if wanted else _("Prioritas dihapus."), "success")
