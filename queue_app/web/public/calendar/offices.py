"""The way in: offices, services, what is needed; and the pages that only explain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.domain.typed_text import cleaned
from queue_app.models import Office, OfficeService
from queue_app.queries.calendar import offices as office_queries
from queue_app.queries.calendar.elsewhere import Elsewhere
from queue_app.web.access.rules import public
from queue_app.web.before_flask.shared_pages import same_for_all
from queue_app.web.booking.categories import by_category
from queue_app.web.booking.offerings import load_offering
from queue_app.web.booking.recent_days import days_a_moment_ago
from queue_app.web.privacy.holding_words import holding_rows
from queue_app.web.public.blueprint import bp
from queue_app.web.request import settings

from .choice import DayList, asked_day, list_days
from .elsewhere import elsewhere
from .search import matching, search


@bp.get("/")
@public
@same_for_all
def home() -> str:
    """The main office's services first, the other offices below."""
    offices = office_queries.offices(db.session())
    return _services(offices[0], offices) if offices else render_template("public/no_office.html")


@bp.get("/<office:office>")
@public
@same_for_all
def office(office: str) -> str:
    found = office_queries.office_of_slug(db.session(), office)
    if found is None:
        raise NotFound()
    return _services(found, office_queries.offices(db.session()))


@bp.get("/<office:office>/<slug:service>")
@public
@same_for_all
def service(office: str, service: str) -> str:
    """Who may come, what to bring, that it is free, and when the next place is."""
    offering = load_offering(office, service)
    days = _days(offering, None)
    first = days.nearest or next((day for day in days.days if day.has_room), None)
    return render_template(
        "public/service.html", offering=offering, list=days, nearest=first, others=_others(offering, days)
    )


@bp.get("/<office:office>/<slug:service>/hari")
@public
@same_for_all
def days(office: str, service: str) -> str:
    """The days and their places, before anything is typed: only to read, for a place is chosen after the details."""
    offering = load_offering(office, service)
    found = _days(offering, asked_day("mulai"))
    return render_template("public/days.html", offering=offering, list=found, others=_others(offering, found))


@bp.get("/<office:office>/<slug:service>/sudah-rekam")
@public
@same_for_all
def recorded_before(office: str, service: str) -> str:
    """For those who need another service: a second recording would block their card."""
    offering = load_offering(office, service)
    same = [
        other
        for other in office_queries.services_of(db.session(), offering.office_id)
        if other.service.category is offering.service.category and not other.service.asks_recorded_before
    ]
    return render_template("public/recorded_before.html", offering=offering, services=same)


@bp.get("/privasi")
@public
@same_for_all
def privacy() -> str:
    retention = settings().retention
    holdings = holding_rows(retention)
    return render_template("public/privacy.html", retention_days=retention.days, holdings=holdings)


@bp.get("/bantuan")
@public
@same_for_all
def help_page() -> str:
    return render_template("public/help.html")


@bp.get("/kontak")
@public
@same_for_all
def contact() -> str:
    return render_template("public/contact.html", offices=office_queries.offices(db.session()))


def _services(office: Office, offices: Sequence[Office]) -> str:
    offerings = office_queries.services_of(db.session(), office.id)
    others = [other for other in offices if other.id != office.id]
    found = search([offering.service for offering in offerings], cleaned(request.args.get("cari", "")))
    given = office_queries.services_elsewhere(db.session(), office.id) if found.typed else []
    stopped = office_queries.stopped_services_of(db.session(), office.id) if found.typed else []
    return render_template(
        "public/services.html",
        office=office,
        groups=by_category(offerings),
        others=others,
        found=found,
        elsewhere=_fitting(given, found.typed),
        stopped=_fitting(stopped, found.typed),
    )


def _fitting(rows: Sequence[OfficeService], typed: str) -> list[OfficeService]:
    codes = matching([row.service for row in rows], typed)
    return [row for row in rows if row.service.code in codes]


def _days(offering: OfficeService, start: date | None) -> DayList:
    def link(**query: date) -> str:
        page: dict[str, Any] = {name: day.isoformat() for name, day in query.items()}
        return url_for(".days", office=offering.office.slug, service=offering.service.slug, **page)

    # Read once a second for this page, the service's, and those who are refused.
    return list_days(days_a_moment_ago(offering), offering.office.time_zone, link, start=start, choice=False)


def _others(offering: OfficeService, days: DayList) -> tuple[Elsewhere, ...]:
    return elsewhere(offering) if days.is_empty else ()
