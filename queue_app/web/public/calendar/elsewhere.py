"""The places of other offices, for whoever finds none here: in the rush that is everybody at once."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import current_app

from queue_app.db import db
from queue_app.models import OfficeService
from queue_app.queries.calendar.elsewhere import Elsewhere, offices_with_room
from queue_app.web.request import now
from queue_app.web.site.short_cache import ShortCache

ELSEWHERE = "elsewhere"  # in `app.extensions`
LIFE = 1.0  # seconds that the answer may be old
MOST = 10_000  # services, each for one to five persons


class PlacesElsewhere:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._known = ShortCache[tuple[int, int], tuple[Elsewhere, ...]](LIFE, MOST)

    def of(self, offering: OfficeService, places: int) -> tuple[Elsewhere, ...]:
        asked, key = self.now(), (offering.service_id, places)
        known = self._known.get(key, asked)
        if known is None:
            found = offices_with_room(db.session(), offering.service_id, places=places, now=now())
            known = self._known.put(key, found, asked)
        return tuple(one for one in known if one.office_id != offering.office_id)


def elsewhere(offering: OfficeService, *, places: int = 1) -> tuple[Elsewhere, ...]:
    """Other offices that have room for so many, the nearest day first."""
    known: PlacesElsewhere = current_app.extensions[ELSEWHERE]
    return known.of(offering, places)
