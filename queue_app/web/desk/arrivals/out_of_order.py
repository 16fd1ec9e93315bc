"""Begin with somebody past the published order: a page of its own, because it asks for a reason."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.overrides import Overrider
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import visit_at
from queue_app.queries.arrivals.arrival import arrival_of
from queue_app.services.visits.without_counter import start_out_of_order
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.forms.second_person import AgreedForm
from queue_app.web.forms.typed_text import printable
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .arrival_filter import back_to, filter_asked


class OutOfOrderForm(AgreedForm):
    refusal_fields: ClassVar[dict[str, str]] = {**AgreedForm.refusal_fields, "reason_required": "reason"}

    reason = StringField(
        _l("Alasan"),
        description=_l("Tercatat dalam jejak audit. Jangan tulis nama, NIK, nomor HP, atau penyakit orang."),
        filters=[printable],
        validators=[InputRequired(_l("Tulis alasannya, supaya kelak jelas mengapa ini diubah.")), Length(max=300)],
        widget=GovTextInput(),
    )


@bp.route("/kedatangan/<int:ticket_id>/di-luar-urutan", methods=["GET", "POST"])
@requires(Permission.SERVE_OUT_OF_ORDER)
def begin_out_of_order(ticket_id: int) -> str | Response | tuple[str, int]:
    visit_at(db.session(), ticket_id, g.staff.office_id)
    form, status = OutOfOrderForm(), 200
    if form.is_submitted():
        status = 422
    if form.validate_on_submit():
        by = {"office_id": g.staff.office_id, "reason": form.reason.data or "", "actor": actor(), "now": now()}
        try:
            who = Overrider(g.staff.staff_id, form.second_id())
            with unit_of_work() as session:
                start_out_of_order(session, ticket_id, **by, who=who)
            flash(_("Dicatat dengan alasannya. Layar di ruang tunggu menampilkan nomornya."), "success")
            return back_to(ticket_id)
        except DomainError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    person = arrival_of(db.session(), ticket_id, keyring=keyring(), now=now())
    back = url_for(".arrivals", **filter_asked().address(), _anchor=f"baris-{ticket_id}")
    return render_template("desk/out_of_order.html", form=form, person=person, back=back), status
