"""The day's list on paper, for the day on which the power fails: by hour, with boxes to tick."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import g, render_template

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.models import Service
from queue_app.queries.arrivals.arrivals import arrivals_of_day
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.request import keyring, now, today

from .arrival_filter import filter_asked

WALK_IN_ROWS = 12  # left empty for those who come without a booking


@bp.get("/kedatangan/kertas")
@requires(Permission.VIEW_ARRIVALS)
def paper_list() -> str:
    """Everybody on the list, with the name as the list shows it, and without NIK and code: paper lies about."""
    wanted, printed_at = filter_asked(), now()
    listed = arrivals_of_day(db.session(), g.staff.office_id, wanted.day, now=printed_at)
    of_service = db.session().get(Service, wanted.service) if wanted.service in listed.services else None
    if of_service is not None:
        listed = listed.of_service(of_service.id)
    people = listed.people(keyring())
    return render_template(
        "desk/paper_list.html",
        day=wanted.day,
        before=wanted.day - timedelta(days=1),
        after=wanted.day + timedelta(days=1),
        of_service=of_service,
        is_today=wanted.day == today(),
        printed_at=printed_at,
        hours=[
            (window, list(those)) for window, those in groupby(people, key=lambda one: (one.starts_at, one.ends_at))
        ],
        count=len(people),
        walk_in_rows=range(WALK_IN_ROWS),
        back=wanted.address(),
    )
