"""Those who hold a place in an hour that was dropped or cut after they had booked."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.closures import InvalidClosure
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.calendar.withdrawn import to_be_told, told_to_move, withdrawn_tickets
from queue_app.services.calendar.cut import tell_of_cut
from queue_app.services.calendar.dropped import draft_dropped
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import ngettext

# What citizens read unless the administrator writes something better into the draft.
REASON = {"reason_id": "Jam pelayanan berubah", "reason_en": "The opening hours have changed"}


@bp.get("/hari/melebihi-tempat/<int:office_service_id>")
@requires(Permission.EDIT_QUOTA)
def withdrawn(office_service_id: int) -> str:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    entries = withdrawn_tickets(db.session(), office_id=offering.office_id, service_id=offering.service_id, now=now())
    told = told_to_move(db.session(), [entry.ticket_id for entry in entries])
    to_tell = {one.booking_id for one in to_be_told(entries, told, now=now())}
    to_call = {one.booking_id for one in entries if not one.dropped and not one.has_email}
    people = {"entries": entries, "told": told, "to_tell": len(to_tell), "to_call": len(to_call)}
    return render_template("admin/withdrawn.html", offering=offering, **people)


@bp.post("/hari/melebihi-tempat/<int:office_service_id>/tawarkan")
@requires(Permission.EDIT_QUOTA)
def offer_for_dropped(office_service_id: int) -> Response:
    """One press makes the draft of a closure; its preview says who would be offered which place."""
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    try:
        with unit_of_work() as session:
            closure_id = draft_dropped(session, offering.id, **REASON, actor=actor(), now=now()).id
    except InvalidClosure:  # meanwhile nobody is left: the page says so
        return redirect(url_for(".withdrawn", office_service_id=office_service_id), 303)
    return redirect(url_for(".closure", closure_id=closure_id), 303)


@bp.post("/hari/melebihi-tempat/<int:office_service_id>/beri-tahu")
@requires(Permission.EDIT_QUOTA)
def tell_too_many(office_service_id: int) -> Response:
    """Those in hours that were cut may move; nothing is taken from them, so nothing is previewed."""
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    with unit_of_work() as session:
        told = tell_of_cut(session, offering.id, actor=actor(), now=now())
    said = ngettext("Satu pemesanan diberi tahu.", "%(num)d pemesanan diberi tahu.", told)
    flash(said % {"num": told} if told else _("Tidak ada yang perlu diberi tahu."), "success")
    return redirect(url_for(".withdrawn", office_service_id=office_service_id), 303)
