"""A new office, and what it takes over from another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.clock import ZONE_LABELS
from queue_app.domain.regions import read_region_code
from queue_app.domain.roles import Actor, Role
from queue_app.domain.setup import InvalidSetup, require_impersonal, slug_of
from queue_app.models import Office, StaffAssignment
from queue_app.queries.access.staff import administrators_of_every_office
from queue_app.services.records import audit

from .addresses import claim_address


@dataclass(frozen=True)
class NewOffice:
    """What has to be known before anything else. ``time_zone``: an IANA name of one of Indonesia's three zones."""

    name: str
    time_zone: str
    region_name: str = ""
    region_code: str = ""  # Kemendagri code, "91.71"
    slug: str = ""  # in addresses; made of the name where nothing is said


def create_office(session: Session, new: NewOffice, *, actor: Actor, now: datetime) -> Office:
    """An office without services. Whoever answers for all offices answers for this one as well.

    Raises InvalidSetup (``name``, ``name_taken``, ``address_kept``, ``personal``, ``zone``, ``region``).
    """
    name = " ".join(new.name.split())
    require_impersonal(name, new.region_name)
    slug = slug_of(new.slug or name)
    require_impersonal(slug)
    if new.time_zone not in ZONE_LABELS:
        raise InvalidSetup(reason="zone")
    region_code = read_region_code(new.region_code)
    administrators = administrators_of_every_office(session)
    last = session.scalars(select(func.max(Office.position))).one()
    office = Office(
        slug=slug,
        name=name,
        region_code=region_code,
        region_name=" ".join(new.region_name.split()),
        address="",
        time_zone=new.time_zone,
        position=0 if last is None else last + 1,
    )
    session.add(office)
    claim_address(session, office)
    session.add_all(
        StaffAssignment(staff_id=staff_id, office_id=office.id, role=Role.ADMINISTRATOR) for staff_id in administrators
    )
    session.flush()
    after = {"name": office.name, "time_zone": office.time_zone, "administrators": len(administrators)}
    audit.record(session, "office.created", "office", office.id, actor=actor, now=now, office_id=office.id, after=after)
    return office
