"""Services that an office gives: taken from the catalogue or made by itself, given up, given again; and letters."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.catalogue import ANYONE, CATALOGUE, CatalogueService, Category
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.domain.setup import LETTERS, InvalidSetup, free_letter, require_impersonal, slug_of
from queue_app.models import Office, OfficeService, Service, Ticket
from queue_app.queries.setup.progress import letters_of
from queue_app.services.booking.places import lock_calendars
from queue_app.services.records.upsert import insert_if_absent

from .traces import record_added, record_offering

_CODE = re.compile(r"[A-Z0-9]{1,60}(_[A-Z0-9]{1,60}){0,20}")
OF_CATALOGUE = {entry.code: entry for entry in CATALOGUE}


@dataclass(frozen=True)
class OwnService:
    """A service that the catalogue does not know, with its names in Indonesian and English."""

    name: tuple[str, str]
    summary: tuple[str, str]
    category: Category = Category.OTHER


def offer_services(
    session: Session, office_id: int, codes: Collection[str], *, actor: Actor, now: datetime
) -> list[OfficeService]:
    """Give these services of the catalogue as well, each with its letter or the next free one; return the new ones.

    Those given already stay as they are; those given up before are given again. Raises NotFound (no office);
    InvalidSetup (``unknown_service``, ``no_letter``).
    """
    lock_office(session, office_id)
    if unknown := set(codes) - set(OF_CATALOGUE):
        raise InvalidSetup(reason="unknown_service", code=min(unknown))
    return [
        offering
        for entry in CATALOGUE
        if entry.code in codes and (offering := _offer(session, office_id, entry, actor=actor, now=now))
    ]


def offer_own_service(
    session: Session, office_id: int, own: OwnService, *, actor: Actor, now: datetime
) -> OfficeService:
    """Raises NotFound (no office); InvalidSetup (``name``, ``name_taken``, ``personal``, ``no_letter``)."""
    lock_office(session, office_id)
    own = replace(own, name=(" ".join(own.name[0].split()), " ".join(own.name[1].split())))
    require_impersonal(*own.name, *own.summary)
    slug = slug_of(own.name[0])
    code = slug.upper().replace("-", "_")
    if session.scalars(select(Service.id).where((Service.slug == slug) | (Service.code == code))).first() is not None:
        raise InvalidSetup(reason="name_taken")
    offering = offer_by_code(session, office_id, code, own, actor=actor, now=now)
    if offering is None:
        raise InvalidSetup(reason="name_taken")  # somebody else made it in this very second
    return offering


def offer_by_code(
    session: Session, office_id: int, code: str, own: OwnService, *, actor: Actor, now: datetime
) -> OfficeService | None:
    """A service that the catalogue does not know, by the code that it has elsewhere; None where it is given already.

    Raises NotFound (no office); InvalidSetup (``unknown_service`` for what is no code, ``personal``, ``no_letter``).
    """
    lock_office(session, office_id)
    require_impersonal(*own.name, *own.summary)
    if _CODE.fullmatch(code) is None:
        raise InvalidSetup(reason="unknown_service", code=code)
    entry = CatalogueService(code, own.category, own.name, own.summary, ANYONE, (), LETTERS[0], 0)
    return _offer(session, office_id, entry, actor=actor, now=now)


def stop_offering(session: Session, office_service_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nobody books it any more. Who holds a ticket keeps it and is served. Raises ReasonRequired, NotFound."""
    _set_active(session, office_service_id, False, "offering.stopped", reason=reason, actor=actor, now=now)


def resume_offering(session: Session, office_service_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Give a service again that was given up. Raises ReasonRequired, NotFound."""
    _set_active(session, office_service_id, True, "offering.resumed", reason=reason, actor=actor, now=now)


def change_letter(
    session: Session, office_service_id: int, letter: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """The letter of numbers that are given from now on; numbers that are out keep theirs.

    Raises ReasonRequired, NotFound; InvalidSetup (``letter``; ``letter_taken`` by another service; ``letter_used``
    when another service has given numbers with it for today or later: two people would be called by one number).
    """
    reason = read_reason(reason)
    if letter not in LETTERS:
        raise InvalidSetup(reason="letter")
    offering = session.get(OfficeService, office_service_id)
    if offering is None:
        raise NotFound()
    lock_calendars(session, OfficeService.office_id == offering.office_id)
    session.refresh(offering)
    before = offering.letter
    if letter == before:
        return
    if letter in letters_of(session, offering.office_id):
        raise InvalidSetup(reason="letter_taken")
    if _given_by_others(session, offering, letter, now=now):
        raise InvalidSetup(reason="letter_used")
    offering.letter = letter
    session.flush()
    facts = {"before": {"letter": before}, "after": {"letter": letter}}
    record_offering(session, "offering.letter", offering, actor=actor, now=now, reason=reason, **facts)


def lock_office(session: Session, office_id: int) -> None:
    """Two who add services to one office go one after the other: they choose letters."""
    found = session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True)).first()
    if found is None:
        raise NotFound()


def _offer(
    session: Session, office_id: int, entry: CatalogueService, *, actor: Actor, now: datetime
) -> OfficeService | None:
    service = _service(session, entry)
    offering = session.scalars(
        select(OfficeService).where(OfficeService.office_id == office_id, OfficeService.service_id == service.id)
    ).one_or_none()
    if offering is not None and offering.active:
        return None
    action = "offering.resumed" if offering else "offering.added"
    if offering is None:
        offering = OfficeService(
            office_id=office_id,
            service_id=service.id,
            position=service.position,
            letter=free_letter(entry.letter, letters_of(session, office_id)),
            who_id=entry.who[0],
            who_en=entry.who[1],
            requirements_id="\n".join(need[0] for need in entry.needs),
            requirements_en="\n".join(need[1] for need in entry.needs),
        )
        session.add(offering)
    offering.active = True
    session.flush()
    record_added(session, offering, action=action, actor=actor, now=now)
    return offering


def _service(session: Session, entry: CatalogueService) -> Service:
    """The same row for all offices, whoever is the first to give it."""
    insert_if_absent(
        session,
        Service,
        ["code"],
        code=entry.code,
        slug=entry.code.lower().replace("_", "-"),
        category=entry.category,
        name_id=entry.name[0],
        name_en=entry.name[1],
        summary_id=entry.summary[0],
        summary_en=entry.summary[1],
        asks_recorded_before=entry.asks_recorded_before,
        position=_position(session, entry.code),
    )
    return session.scalars(select(Service).where(Service.code == entry.code)).one()


def _position(session: Session, code: str) -> int:
    """As in the catalogue; those that it does not know come after."""
    codes = list(OF_CATALOGUE)
    if code in OF_CATALOGUE:
        return codes.index(code)
    return max(len(codes), (session.scalars(select(func.max(Service.position))).one() or 0) + 1)


def _given_by_others(session: Session, offering: OfficeService, letter: str, *, now: datetime) -> bool:
    today = office_date(now, offering.office.time_zone)
    given = select(Ticket.id).where(
        Ticket.office_id == offering.office_id,
        Ticket.day >= today,
        Ticket.letter == letter,
        Ticket.service_id != offering.service_id,
    )
    return session.scalars(given.limit(1)).first() is not None


def _set_active(
    session: Session, office_service_id: int, active: bool, action: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    reason = read_reason(reason)
    offering = session.get(OfficeService, office_service_id, with_for_update={"key_share": True, "of": OfficeService})
    if offering is None:
        raise NotFound()
    if offering.active is active:
        return
    offering.active = active
    session.flush()
    record_offering(
        session, action, offering, actor=actor, now=now, reason=reason, after={"service": offering.service.code}
    )
