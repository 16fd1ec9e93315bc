"""Results of the satisfaction survey over a range of days, in all and by service."""

from __future__ import annotations

from flask import Response, request

from queue_app.db import db
from queue_app.domain.api_keys import Scope
from queue_app.domain.errors import NotFound
from queue_app.domain.surveys import Element, Result, people_wanted
from queue_app.queries.calendar.offices import office_called
from queue_app.queries.surveys.results import results
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import bp
from queue_app.web.api.document.answering import Answer, answer
from queue_app.web.api.document.operations import BY_ID
from queue_app.web.api.document.period import check_period, day_asked
from queue_app.web.api.document.reading import parameters, wrong_parameters

MOST_DAYS = 366


@bp.get("/offices/<office>/survey")
@with_api_key(Scope.FIGURES_READ)
def survey(office: str) -> Response:
    asked = parameters(BY_ID["survey"].query, request.args)
    first, last = day_asked(asked, "from"), day_asked(asked, "to")
    assert first is not None
    assert last is not None
    check_period(first, last, most_days=MOST_DAYS)
    found = None
    if not wrong_parameters(BY_ID["survey"].path_parameters, {"office": office}):
        found = office_called(db.session(), office)
    if found is None:
        raise NotFound()
    whole = results(db.session(), found.id, first, last)
    return answer(
        {
            "office": office,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "total": _result(whole.total, whole.served),
            "services": [{"service": one.service.code} | _result(one.result, one.served) for one in whole.services],
        }
    )


def _result(result: Result, served: int) -> Answer:
    index, grade = result.index, result.grade
    return {
        "people": result.people,
        "served": served,
        "wanted": people_wanted(served),
        "index": None if index is None else float(index),
        "grade": None if grade is None else grade.value,
        "elements": [{"element": one.value, "sum": result.sums[one]} for one in Element],
    }
