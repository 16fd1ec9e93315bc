"""Those who hold a place in an hour that was dropped or cut after they had booked."""

from __future__ import annotations

from flask import g, render_template

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.calendar.withdrawn import withdrawn_tickets
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import now


@bp.get("/hari/melebihi-tempat/<int:office_service_id>")
@requires(Permission.EDIT_QUOTA)
def withdrawn(office_service_id: int) -> str:
    offering = office_service_at(db.session(), office_service_id, g.staff.office_id)
    entries = withdrawn_tickets(db.session(), office_id=offering.office_id, service_id=offering.service_id, now=now())
    return render_template("admin/withdrawn.html", offering=offering, entries=entries)
