"""The releases of a service at an office."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import ShareRelease


def releases_of(session: Session, office_service_id: int) -> Sequence[ShareRelease]:
    """In the order in which they happen."""
    of_service = select(ShareRelease).where(ShareRelease.office_service_id == office_service_id)
    order = (ShareRelease.days_before.desc(), ShareRelease.at, ShareRelease.source, ShareRelease.target)
    return session.scalars(of_service.order_by(*order)).all()
