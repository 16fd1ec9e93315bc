"""The office and the days that a report is asked for."""

from __future__ import annotations

from datetime import date

from flask import request

from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.models import Office
from queue_app.queries.calendar.offices import office_called

from .operations import BY_ID
from .period import check_period, day_asked
from .reading import parameters, wrong_parameters

MOST_DAYS = 366


def office_and_period(operation: str, slug: str) -> tuple[Office, date, date]:
    """Both days belong to it; the document requires them. Raises InvalidRequest, NotFound."""
    asked = parameters(BY_ID[operation].query, request.args)
    first, last = day_asked(asked, "from"), day_asked(asked, "to")
    assert first is not None
    assert last is not None
    check_period(first, last, most_days=MOST_DAYS)
    wrong = wrong_parameters(BY_ID[operation].path_parameters, {"office": slug})
    office = None if wrong else office_called(db.session(), slug)
    if office is None:
        raise NotFound()
    return office, first, last
