"""The notice on every page of staff while nobody has acknowledged that the database was restored."""

from __future__ import annotations

from flask import g
from sqlalchemy.exc import SQLAlchemyError

from queue_app.db import db
from queue_app.queries.records.restorations import latest_gap
from queue_app.web.refusals.lost import gap_to_staff


def restoration_notice() -> str:
    """ "" for others than staff, and where there is nothing to say. Also a page about an error asks."""
    if g.get("staff") is None or g.get("database_away"):
        return ""
    try:
        gap = latest_gap(db.session())
    except SQLAlchemyError:
        return ""
    return gap_to_staff(gap) if gap and not gap.acknowledged else ""
