"""The head of every page: set with the first administrator, changed by whoever answers for all offices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup, require_impersonal
from queue_app.domain.setup_plan import SitePlan
from queue_app.domain.site import require_colour, require_heading
from queue_app.models import Site
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
    _store(session, plan, now=now)
    site = session.get(Site, 1, with_for_update={"key_share": True}, populate_existing=True)
    if site is None:
        raise NotFound()
    before, after = change_columns(site, _columns(plan))
    if not after:
        return False
    site.changed_at = now
    session.flush()
    audit.record(session, "site.updated", "site", 1, actor=actor, now=now, before=before, after=after)
    return True


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
