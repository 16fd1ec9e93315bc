"""The services that give numbers to people without an appointment just now, and why the others do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_app.adapters.language import format_time
from queue_app.db import db
from queue_app.domain.clock import zone_label
from queue_app.domain.priority import Priority
from queue_app.models import OfficeService
from queue_app.queries.assisted.windows import WalkInPlaces, walk_in_places
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _


@dataclass(frozen=True)
class Choice:
    """``places``: how many numbers there are; with none, ``reason`` says why. ``first_served_only``: what is left is
    kept for those who are served before others.
    """

    offering: OfficeService
    places: int
    first_served_only: bool
    reason: str

    @property
    def open(self) -> bool:
        return self.places > 0


def choice_of(offering: OfficeService, *, now: datetime) -> Choice:
    session = db.session()
    anybody = walk_in_places(session, offering, priority=None, now=now)
    if anybody.available:
        return Choice(offering, anybody.available, False, "")
    vulnerable = walk_in_places(session, offering, priority=Priority.VULNERABLE, now=now)
    if vulnerable.available:
        return Choice(offering, vulnerable.available, True, "")
    return Choice(offering, 0, False, _why_none(anybody, offering, now))


def _why_none(places: WalkInPlaces, offering: OfficeService, now: datetime) -> str:
    if not places.open:
        return _("Tutup")
    if places.numbers_left and now < places.released_at:
        zone = offering.office.time_zone
        at = f"{format_time(places.released_at, zone, current_language())} {zone_label(zone)}"
        return _("Mulai pukul %(time)s") % {"time": at}
    return _("Habis untuk hari ini")
