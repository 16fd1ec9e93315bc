"""Figures of an office over a range of days, by day, by service and by breakdown. No member of staff is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Response, request

from queue_app.db import db
from queue_app.domain.api_keys import Scope
from queue_app.domain.errors import NotFound
from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.figures.histogram import Span, percentile_span
from queue_app.models import Service
from queue_app.queries.calendar.offices import office_called
from queue_app.queries.figures.refused import ByReason, refused
from queue_app.queries.figures.report import Report, Sums, report
from queue_app.web.access.rules import with_api_key
from queue_app.web.api.blueprint import bp
from queue_app.web.api.document.answering import Answer, answer, local
from queue_app.web.api.document.operations import BY_ID
from queue_app.web.api.document.period import check_period, day_asked
from queue_app.web.api.document.reading import parameters, wrong_parameters

MOST_DAYS = 366
NAMES = ("tickets", "cancelled", "moved", "booked", "came", "missed", "walk_ins", "served", "again", "unanswered")


@bp.get("/offices/<office>/figures")
@with_api_key(Scope.FIGURES_READ)
def figures(office: str) -> Response:
    asked = parameters(BY_ID["figures"].query, request.args)
    first, last = day_asked(asked, "from"), day_asked(asked, "to")
    assert first is not None
    assert last is not None
    check_period(first, last, most_days=MOST_DAYS)
    found = None
    if not wrong_parameters(BY_ID["figures"].path_parameters, {"office": office}):
        found = office_called(db.session(), office)
    if found is None:
        raise NotFound()
    told = _answer(report(db.session(), found.id, first, last), office, first, last, found.time_zone)
    return answer(told | {"refused": _refused(refused(db.session(), found.id, first, last))})


def _answer(found: Report, office: str, first: date, last: date, zone: str) -> Answer:
    return {
        "office": office,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "total": _sums(found.total) | _waits(found, None),
        "days": [{"date": day.isoformat()} | _sums(sums) for day, sums in sorted(found.days.items())],
        "services": [
            {"service": found.names[number].code} | _sums(sums) | _waits(found, number)
            for number, sums in sorted(found.services.items())
        ],
        "sold_out": [
            {
                "date": one.day.isoformat(),
                "service": found.names[one.service_id].code,
                "first_at": local(one.first_at, zone),
                "at": local(one.at, zone) if one.at else None,
            }
            for one in found.full
        ],
        "breakdowns": [
            {"by": by.value, "word": word} | vars(tally)
            for by in Breakdown
            for word, tally in sorted(found.breakdown(by).items())
        ],
    }


def _refused(found: Sequence[tuple[Service, ByReason]]) -> list[Answer]:
    return [
        {"service": service.code, "reason": reason.value, "attempts": counts[reason]}
        for service, counts in found
        for reason in sorted(counts)
    ]


def _sums(sums: Sums) -> Answer:
    mean = sums.mean_wait
    quota = {"quota": sums["public_quota"], "kept_quota": sums["kept_quota"], "closed": sums["closed_places"]}
    return quota | {name: sums[name] for name in NAMES} | {"mean_wait": None if mean is None else round(mean)}


def _waits(found: Report, service_id: int | None) -> Answer:
    bars = found.bars(Breakdown.WAIT, service_id)
    return {"wait_p50": _span(percentile_span(bars, 0.5)), "wait_p90": _span(percentile_span(bars, 0.9))}


def _span(span: Span | None) -> Answer | None:
    return None if span is None else {"from": span.low, "below": span.high}
