"""Offices and the services they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.models import FormerAddress, Office, OfficeService, Service, Slot


@dataclass(frozen=True)
class Contact:
    """How people reach an office; the same names as the columns of `Office`."""

    name: str
    slug: str
    address: str
    map_url: str | None
    phone: str | None
    whatsapp: str | None
    email: str | None
    complaint_url: str | None
    opening_hours_id: str
    opening_hours_en: str


def contacts(session: Session) -> tuple[Contact, ...]:
    """Of all offices that give a service, the main one first."""
    names = Contact.__dataclass_fields__
    return tuple(Contact(**{name: getattr(office, name) for name in names}) for office in offices(session))


def offices(session: Session) -> list[Office]:
    """All offices that give a service, the main one first."""
    gives_service = select(OfficeService.id).where(OfficeService.office_id == Office.id, OfficeService.active).exists()
    return list(session.scalars(select(Office).where(gives_service).order_by(Office.position, Office.name)))


def any_office(session: Session) -> bool:
    return session.scalars(select(Office.id).limit(1)).first() is not None


def office_of_slug(session: Session, slug: str) -> Office | None:
    return session.scalars(select(Office).where(Office.slug == slug)).one_or_none()


def office_called(session: Session, slug: str) -> Office | None:
    """By its address or one that it had: programs go on naming an office as they always did."""
    return session.scalars(select(Office).where(_called(slug))).one_or_none()


def present_address(session: Session, slug: str) -> str | None:
    """Of the office that had this one before; None where it leads nowhere else."""
    here = select(Office.slug).join(FormerAddress, FormerAddress.office_id == Office.id)
    return session.scalars(here.where(FormerAddress.slug == slug)).one_or_none()


def former_addresses(session: Session, office_id: int) -> Sequence[FormerAddress]:
    """That still lead to the office, the latest first."""
    which = select(FormerAddress).where(FormerAddress.office_id == office_id)
    return session.scalars(which.order_by(FormerAddress.left_at.desc(), FormerAddress.slug)).all()


def _called(slug: str) -> ColumnElement[bool]:
    # At most one office: nobody can take an address that leads to another one.
    former = select(FormerAddress.office_id).where(FormerAddress.slug == slug).scalar_subquery()
    return (Office.slug == slug) | (Office.id == former)


def services_of(session: Session, office_id: int) -> list[OfficeService]:
    return _services_of(session, OfficeService.office_id == office_id, OfficeService.active)


def stopped_services_of(session: Session, office_id: int) -> list[OfficeService]:
    """Those that the office gave once and gives no more."""
    return _services_of(session, OfficeService.office_id == office_id, ~OfficeService.active)


def services_elsewhere(session: Session, office_id: int) -> list[OfficeService]:
    """What other offices give and this one does not."""
    own = select(OfficeService.service_id).where(OfficeService.office_id == office_id, OfficeService.active)
    others = OfficeService.office_id != office_id, OfficeService.service_id.not_in(own)
    return _services_of(session, *others, OfficeService.active)


def _services_of(session: Session, *which: ColumnExpressionArgument[bool]) -> list[OfficeService]:
    return list(session.scalars(select(OfficeService).where(*which).order_by(OfficeService.position, OfficeService.id)))


def offices_giving(session: Session, service_id: int) -> list[Office]:
    """Also those that have given it up: they may give it again."""
    own = select(OfficeService.office_id).where(OfficeService.service_id == service_id)
    return list(session.scalars(select(Office).where(Office.id.in_(own)).order_by(Office.position, Office.name)))


def offering_of_slugs(session: Session, office_slug: str, service_slug: str) -> OfficeService | None:
    return session.scalars(
        select(OfficeService)
        .join(Office, Office.id == OfficeService.office_id)
        .join(Service, Service.id == OfficeService.service_id)
        .where(Office.slug == office_slug, Service.slug == service_slug, OfficeService.active)
    ).one_or_none()


def offering_of_code(session: Session, office_slug: str, service_code: str) -> OfficeService | None:
    """As programs name it: by the code of the service, which no change of an address touches."""
    return session.scalars(
        select(OfficeService)
        .join(Office, Office.id == OfficeService.office_id)
        .join(Service, Service.id == OfficeService.service_id)
        .where(_called(office_slug), Service.code == service_code, OfficeService.active)
    ).one_or_none()


def offering_at(session: Session, office_id: int, service_id: int) -> OfficeService:
    """The service as the office gives it, also one that it has ceased to give. Raises NotFound where it never did."""
    offering = session.scalars(
        select(OfficeService).where(OfficeService.office_id == office_id, OfficeService.service_id == service_id)
    ).one_or_none()
    if offering is None:
        raise NotFound()
    return offering


def offering_of_slot(session: Session, slot_id: int) -> OfficeService | None:
    return session.scalars(
        select(OfficeService)
        .join(
            Slot,
            (Slot.office_id == OfficeService.office_id) & (Slot.service_id == OfficeService.service_id),
        )
        .where(Slot.id == slot_id, OfficeService.active)
    ).one_or_none()
