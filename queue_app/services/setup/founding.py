"""The first administrator, and on an empty installation the first office: with it everything begins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.setup_plan import SitePlan
from queue_app.models import Staff
from queue_app.services.access.staff import create_first_administrator

from .offices import NewOffice, create_office
from .site import found_site

FOUNDER = Actor.system("first-administrator")


def found(
    session: Session,
    office: NewOffice | None,
    head: SitePlan,
    *,
    username: str,
    name: str,
    password: str,
    now: datetime,
) -> Staff:
    """``office``: where there is none yet. Once: of several who try at the same moment one stores the head of the
    pages, and the others hear NotFound; so does whoever comes later.

    Raises InvalidSetup, and as `create_staff` does.
    """
    if not found_site(session, head, now=now):
        raise NotFound()
    if office is not None:
        create_office(session, office, actor=FOUNDER, now=now)
    return create_first_administrator(session, username=username, name=name, password=password, now=now)
