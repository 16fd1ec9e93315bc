"""Administrator and auditor: /admin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint

from queue_app.adapters.language import format_short_day, format_time
from queue_app.domain.clock import office_date
from queue_app.web.site.language import current_language

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.app_template_filter("wall")
def wall(instant: datetime, zone: str) -> str:
    """``09:00`` on the office's wall, as it stands in an address."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")


@bp.app_template_filter("moment")
def moment(instant: datetime, zone: str) -> str:
    """``Sen 23 Nov 2026, 09.00``: for tables with many of them."""
    day = office_date(instant, zone)
    at = format_time(instant, zone, current_language())
    return f"{format_short_day(day, current_language())} {day.year}, {at}"
