"""The way in: offices, services, what is needed; and the pages that only explain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import render_template

from queue_app.db import db
from queue_app.domain.calendar import Availability
from queue_app.domain.errors import NotFound
from queue_app.models import Category, Office
from queue_app.queries.booking.availability import DayAvailability
from queue_app.queries.calendar import offices as office_queries
from queue_app.web.access.rules import public
from queue_app.web.before_flask.shared_pages import same_for_all
from queue_app.web.booking.offerings import days_of, load_offering
from queue_app.web.public.blueprint import bp
from queue_app.web.request import now, settings
from queue_app.web.site.language import lazy_gettext as _l

CATEGORIES = {
    Category.CARD: _l("KTP-el dan identitas digital"),
    Category.FAMILY_CARD: _l("Kartu Keluarga"),
    Category.CHILD_CARD: _l("Kartu Identitas Anak"),
    Category.CERTIFICATE: _l("Akta"),
    Category.MOVE: _l("Pindah dan datang"),
    Category.OTHER: _l("Layanan lain"),
}


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
    days = days_of(offering, now=now())
    nearest = next((day for day in days if day.status is Availability.OPEN), None)
    others = [] if nearest else office_queries.other_offices(db.session(), offering.service_id, offering.office_id)
    return render_template(
        "public/service.html", offering=offering, nearest=nearest, opens_next=_next_opening(days), others=others
    )


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
    return render_template("public/privacy.html", retention_days=retention.days)


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
    order = list(CATEGORIES)
    offerings.sort(key=lambda offering: order.index(offering.service.category))  # stable: positions stay
    groups = [
        (CATEGORIES[category], list(members))
        for category, members in groupby(offerings, key=lambda offering: offering.service.category)
    ]
    others = [other for other in offices if other.id != office.id]
    return render_template("public/services.html", office=office, groups=groups, others=others)


def _next_opening(days: Sequence[DayAvailability]) -> DayAvailability | None:
    return next((day for day in days if day.opens_at is not None), None)
