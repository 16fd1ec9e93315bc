"""Somebody was marked as not having come, and that was a mistake: of the clock, of the day, of ours."""

from __future__ import annotations

from flask import flash, g, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.office_acts import OfficeAct
from queue_app.domain.roles import Permission
from queue_app.queries.booking.person import PersonView
from queue_app.services.arrivals.no_shows import take_back_no_show
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.refusals.status import status_of
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _

from .forms import TakeBackForm
from .person import back_to, loaded, said


@bp.route("/orang/<int:ticket_id>/batal-absen", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def take_back_absence(ticket_id: int) -> str | Response | tuple[str, int]:
    view = loaded(ticket_id, OfficeAct.TAKE_BACK)
    if isinstance(view, Response):
        return view
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _page(view, form, 422 if form.is_submitted() else 200)
    by = {"office_id": g.staff.office_id, "actor": actor()}
    try:
        with unit_of_work() as session:
            take_back_no_show(session, ticket_id, **by, reason=form.reason.data, now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(view, form, status_of(refusal))
    over = view.ticket.day < today()
    flash(
        _("Catatan tidak hadir dibatalkan. Harinya sudah lewat: pindahkan jadwalnya.")
        if over
        else _("Catatan tidak hadir dibatalkan. Tiketnya berlaku lagi."),
        "success",
    )
    return back_to(ticket_id)


def _page(view: PersonView, form: TakeBackForm, status: int) -> tuple[str, int]:
    page = render_template(
        "desk/person_absent.html",
        title=_("Batalkan catatan tidak hadir"),
        view=view,
        form=form,
        present=said(view.ticket),
        back=url_for(".person", ticket_id=view.ticket.id),
    )
    return page, status
