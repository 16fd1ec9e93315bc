"""Administrator and auditor: /admin."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, g

from queue_app.domain.roles import Actor

bp = Blueprint("admin", __name__, url_prefix="/admin")


def now() -> datetime:
    moment: datetime = current_app.extensions["clock"].now()
    return moment


def actor() -> Actor:
    """Whoever is logged in, as the audit log names them."""
    return Actor.staff(g.staff.staff_id)
