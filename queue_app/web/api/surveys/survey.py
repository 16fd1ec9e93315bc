"""Results of the satisfaction survey over a range of days, in all and by service."""

from __future__ import annotations

from flask import Response

from queue_app.db import db
from queue_app.domain.api_keys import Scope
from queue_app.domain.surveys import Element, Result, people_wanted
from queue_app.queries.surveys.results import results
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import bp
from queue_app.web.api.document.answering import Answer, answer
from queue_app.web.api.document.office_period import office_and_period


@bp.get("/offices/<office>/survey")
@with_api_key(Scope.FIGURES_READ)
def survey(office: str) -> Response:
    found, first, last = office_and_period("survey", office)
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
        "elements": [{"element": one.value, "sum": result.sums[one] if result.is_told else None} for one in Element],
    }
