"""The head of every page: set with the first administrator, changed by whoever answers for all offices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup, require_impersonal
from queue_app.domain.setup_plan import SitePlan
from queue_app.domain.site import Logo, require_colour, require_heading
from queue_app.models import Site, SiteLogo
from queue_app.services.records import audit
from queue_app.services.records.changes import change_columns
from queue_app.services.records.upsert import insert_if_absent


def found_site(session: Session, plan: SitePlan, *, now: datetime) -> bool:
    """Store the head of the pages unless there is one; whether nobody has founded the site before. Of two at the same
    moment one does: a conditional statement decides.
    """
    _store(session, plan, now=now)
    founded = update(Site).where(Site.founded_at.is_(None)).values(founded_at=now).returning(Site.id)
    return session.execute(founded.execution_options(synchronize_session=False)).first() is not None


def _store(session: Session, plan: SitePlan, *, now: datetime) -> None:
    insert_if_absent(session, Site, ["id"], id=1, changed_at=now, **_columns(plan))


def update_site(session: Session, plan: SitePlan, *, actor: Actor, now: datetime) -> bool:
    """Whether anything changed. Raises InvalidSetup (``title``, ``personal``, ``colour``)."""
    site = _locked(session, plan, now=now)
    before, after = change_columns(site, _columns(plan))
    if not after:
        return False
    site.changed_at = now
    session.flush()
    audit.record(session, "site.updated", "site", 1, actor=actor, now=now, before=before, after=after)
    return True


def change_logo(session: Session, logo: Logo | None, head: SitePlan, *, actor: Actor, now: datetime) -> bool:
    """Another picture in the head, or none; whether that changed anything. ``head``: as it is, where none is stored
    yet. Raises InvalidSetup as `update_site`.
    """
    _locked(session, head, now=now)
    row = session.get(SiteLogo, 1, populate_existing=True)
    before, after = (one.version if one is not None else "" for one in (row, logo))
    if before == after:
        return False
    session.execute(delete(SiteLogo))
    if logo is not None:
        sides = {"width": logo.width, "height": logo.height}
        session.execute(
            insert(SiteLogo).values(id=1, picture=logo.picture, version=logo.version, changed_at=now, **sides)
        )
    was, is_now = {"logo": before}, {"logo": after}
    audit.record(session, "site.logo", "site", 1, actor=actor, now=now, before=was, after=is_now)
    return True


def _locked(session: Session, plan: SitePlan, *, now: datetime) -> Site:
    _store(session, plan, now=now)
    site = session.get(Site, 1, with_for_update={"key_share": True}, populate_existing=True)
    if site is None:
        raise NotFound()
    return site


def _columns(plan: SitePlan) -> dict[str, str]:
    title, subtitle = (" ".join(text.split()) for text in (plan.title, plan.subtitle))
    require_impersonal(title, subtitle)
    if not title:
        raise InvalidSetup(reason="title")
    return {
        "title": require_heading(title),
        "subtitle": require_heading(subtitle),
        "brand_colour": require_colour(plan.brand_colour),
    }
