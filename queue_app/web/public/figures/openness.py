"""The page on which an office gives account: its last thirty days, and the order in which it calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import render_template

from queue_app.adapters.language import format_number, format_short_day, format_time
from queue_app.db import db
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.domain.figures.openness import FEWEST
from queue_app.queries.calendar.offices import office_of_slug
from queue_app.queries.figures.openness import DAYS, openness
from queue_app.queries.surveys.published import published, published_days
from queue_app.web.access.rules import public
from queue_app.web.before_flask.shared_pages import same_for_all
from queue_app.web.booking.way_words import WAYS
from queue_app.web.public.blueprint import bp
from queue_app.web.request import now
from queue_app.web.site.language import current_language, in_language
from queue_app.web.surveys.survey_words import GRADES


@bp.get("/<office:office>/keterbukaan")
@public
@same_for_all
def open_figures(office: str) -> str:
    found = office_of_slug(db.session(), office)
    if found is None:
        raise NotFound()
    today = office_date(now(), found.time_zone)
    return render_template(
        "public/openness.html",
        office=found,
        survey=published(db.session(), found.id, today),
        survey_days=published_days(db.session(), found.id, today - timedelta(days=DAYS), today),
        grades=GRADES,
        named=lambda services: [(in_language(one.service, "name"), one.result) for one in services],
        number=lambda value: format_number(float(value), current_language()),
        figures=openness(db.session(), found.id, today),
        rules=found.calling_rules,
        ways=WAYS,
        moment=lambda instant: _moment(instant, found.time_zone),
        days=DAYS,
        fewest=FEWEST,
    )


def _moment(instant: datetime, zone: str) -> str:
    """``Sen 23 Nov 07.12``."""
    language = current_language()
    return f"{format_short_day(office_date(instant, zone), language)} {format_time(instant, zone, language)}"
