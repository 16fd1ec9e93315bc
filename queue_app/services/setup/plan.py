"""Set offices up as a plan says, and tell as a plan what is set up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.errors import DomainError
from queue_app.domain.opening_hours import hours_in_words
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup, windows_of_week
from queue_app.domain.setup_plan import (
    CONTACT_KEYS,
    NAME_KEYS,
    TEXT_KEYS,
    HolidayPlan,
    MessagePlan,
    OfficePlan,
    ServicePlan,
    SetupPlan,
    SitePlan,
)
from queue_app.domain.site import Logo
from queue_app.models import Counter, MessageText, Office, OfficeService, Service, Site, SiteLogo
from queue_app.queries.calendar.holidays import holidays_between
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.calendar.schedules import usual_schedule
from queue_app.services.calendar.holidays import add_holiday
from queue_app.services.calendar.offices import OfficeChange, update_office
from queue_app.services.calendar.schedule import NewSchedule
from queue_app.services.texts.messages import word_message
from queue_app.services.visits.counters import create_counter

from .hours import USUAL
from .names import ServiceNames, arrange, rename_service
from .offered import OF_CATALOGUE, OwnService, change_letter, offer_by_code, offer_services
from .offices import NewOffice, create_office
from .site import change_logo, update_site
from .weeks import give_week

REASON = "Persiapan kantor"


def carry_out_all(session: Session, plan: SetupPlan, *, actor: Actor, now: datetime) -> None:
    """Raises what the steps raise, with the number of the office among the details as ``office``."""
    if plan.site is not None:
        update_site(session, plan.site, actor=actor, now=now)
        if plan.site.logo is not None:
            change_logo(session, plan.site.logo, plan.site, actor=actor, now=now)
    for number, office in enumerate(plan.offices, start=1):
        try:
            carry_out(session, office, actor=actor, now=now)
        except DomainError as refusal:
            refusal.details["office"] = number
            raise


def carry_out(session: Session, plan: OfficePlan, *, actor: Actor, now: datetime) -> Office:
    """An office that is ready to open. Raises what its steps raise, and then nothing of it is there."""
    place = NewOffice(plan.name, plan.time_zone, plan.region_name, plan.region_code, plan.slug)
    office = create_office(session, place, actor=actor, now=now)
    contact = dict.fromkeys(CONTACT_KEYS, "") | plan.contact
    words = hours_in_words(plan.hours)
    change = OfficeChange(name=office.name, opening_hours_id=words[0], opening_hours_en=words[1], **contact)
    update_office(session, office.id, change, reason=REASON, actor=actor, now=now)
    codes = [service.code for service in plan.services]
    if len(set(codes)) < len(codes):
        raise InvalidSetup(reason="named_twice")
    offerings = _offer_all(session, office.id, plan.services, actor=actor, now=now)
    for service in plan.services:
        _set_up(session, offerings[service.code], plan, service, actor=actor, now=now)
    for number in range(1, plan.counters + 1):
        taken = [one.service_id for one in offerings.values()]
        create_counter(session, office_id=office.id, number=number, service_ids=taken, actor=actor, now=now)
    _declare(session, office, plan, actor=actor, now=now)
    for message in plan.messages:
        text = {"subject": message.subject, "body": message.body}
        word_message(session, office.id, message.kind, message.language, **text, actor=actor, now=now)
    return office


def _declare(session: Session, office: Office, plan: OfficePlan, *, actor: Actor, now: datetime) -> None:
    """Its own holidays. What is over is left out, so that a file stays good for long."""
    today = office_date(now, office.time_zone)
    by: dict[str, Any] = {"office_id": office.id, "reason": REASON, "actor": actor, "now": now, "today": today}
    for holiday in plan.holidays:
        if holiday.date >= today:
            add_holiday(session, holiday.date, name_id=holiday.name_id, name_en=holiday.name_en, **by)


def _offer_all(
    session: Session, office_id: int, services: Sequence[ServicePlan], *, actor: Actor, now: datetime
) -> dict[str, OfficeService]:
    """Those of the catalogue and the others, called and arranged as the plan says; by their codes."""
    own = [one for one in services if one.code not in OF_CATALOGUE and len(one.names) == len(NAME_KEYS)]
    codes = [one.code for one in services if one not in own]
    offer_services(session, office_id, codes, actor=actor, now=now)
    for one in own:
        texts = [one.names[key] for key in NAME_KEYS]
        called = OwnService((texts[0], texts[1]), (texts[2], texts[3]))
        offer_by_code(session, office_id, one.code, called, actor=actor, now=now)
    offerings = {one.service.code: one for one in services_of(session, office_id)}
    everywhere = session.scalars(select(Office.id)).all()
    for one in services:
        service = offerings[one.code].service
        names = ServiceNames(**{key: one.names.get(key, getattr(service, key)) for key in NAME_KEYS})
        rename_service(session, service.id, names, answers_for=everywhere, reason=REASON, actor=actor, now=now)
    arrange([offerings[one.code] for one in services])
    return offerings


def _set_up(
    session: Session, offering: OfficeService, plan: OfficePlan, service: ServicePlan, *, actor: Actor, now: datetime
) -> None:
    for name, text in service.texts.items():
        setattr(offering, name, text)
    if service.letter and service.letter != offering.letter:
        change_letter(session, offering.id, service.letter, reason=REASON, actor=actor, now=now)
    windows = service.windows
    if not windows and service.quota:
        windows = windows_of_week(plan.hours, plan.window_minutes, service.quota)
    if windows:
        week = NewSchedule(USUAL, office_date(now, plan.time_zone), None, windows)
        give_week(session, offering, week, reason=REASON, actor=actor, now=now)


def describe(session: Session, *, now: datetime) -> SetupPlan:
    """All offices as they are now: the same plan makes the same offices elsewhere."""
    offices = session.scalars(select(Office).order_by(Office.position, Office.name))
    return SetupPlan(tuple(_describe(session, office, now=now) for office in offices), _head(session))


def _head(session: Session) -> SitePlan | None:
    site, logo = session.get(Site, 1), session.get(SiteLogo, 1)
    if site is None:
        return None
    picture = Logo(logo.picture, logo.width, logo.height) if logo else None
    return SitePlan(site.title, site.subtitle, site.brand_colour, picture)


def _describe(session: Session, office: Office, *, now: datetime) -> OfficePlan:
    today = office_date(now, office.time_zone)
    counters = session.scalars(select(Counter.id).where(Counter.office_id == office.id, Counter.active)).all()
    services = []
    for offering in services_of(session, office.id):
        schedule = usual_schedule(session, offering.id, today)
        windows = schedule.dated.windows if schedule else ()
        texts = {name: getattr(offering, name) for name in TEXT_KEYS}
        services.append(
            ServicePlan(offering.service.code, 0, offering.letter, windows, texts, names=_names(offering.service))
        )
    return OfficePlan(
        office.name,
        office.time_zone,
        office.region_name,
        office.region_code,
        office.slug,
        {name: getattr(office, name) or "" for name in CONTACT_KEYS},
        services=tuple(services),
        counters=len(counters),
        messages=_messages(session, office.id),
        holidays=_holidays(session, office.id, today),
    )


def _holidays(session: Session, office_id: int, first: date) -> tuple[HolidayPlan, ...]:
    found = holidays_between(session, first, date.max, [office_id])
    return tuple(HolidayPlan(one.date, one.name_id, one.name_en) for one in found if one.office_id == office_id)


def _messages(session: Session, office_id: int) -> tuple[MessagePlan, ...]:
    order = MessageText.kind, MessageText.language
    rows = session.scalars(select(MessageText).where(MessageText.office_id == office_id).order_by(*order))
    return tuple(MessagePlan(row.kind, row.language, row.subject, row.body) for row in rows)


def _names(service: Service) -> dict[str, str]:
    """None where they are the catalogue's."""
    names = {key: getattr(service, key) for key in NAME_KEYS}
    entry = OF_CATALOGUE.get(service.code)
    is_as_known = entry is not None and tuple(names.values()) == (*entry.name, *entry.summary)
    return {} if is_as_known else names
