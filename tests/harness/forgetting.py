"""The values that processes remember for a moment, and how tests make them forget."""

from __future__ import annotations

import itertools

from flask import Flask

from queue_app.web.before_flask import KNOWN_REFUSALS, PAGES
from queue_app.web.booking.offerings import OFFERINGS
from queue_app.web.booking.recent_days import RECENT_DAYS
from queue_app.web.hall.shared import HALLS
from queue_app.web.public.calendar.elsewhere import ELSEWHERE
from queue_app.web.site.announcements import ANNOUNCEMENTS
from queue_app.web.site.contact import CONTACTS

OF_PAGES = (ANNOUNCEMENTS, CONTACTS, PAGES, KNOWN_REFUSALS, RECENT_DAYS, ELSEWHERE, OFFERINGS)


def forget_at_once(app: Flask) -> None:
    """What is kept for a second is older than that whenever a test asks. Tests of the keeping have their own clock."""
    for layer in (*OF_PAGES, HALLS):
        app.extensions[layer].now = itertools.count(step=100).__next__
    app.extensions["keys"].now = lambda: -10.0  # the second is never over: it would be one statement more, by chance
