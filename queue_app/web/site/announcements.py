"""Announcements on the pages and displays that are about an office: what it says, and when it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy.orm import Session

from queue_app.domain.announcements import Level
from queue_app.domain.clock import office_date
from queue_app.domain.closures import ClosureKind
from queue_app.models import Office
from queue_app.queries.calendar.closures_told import ClosedSoon, closures_to_tell
from queue_app.queries.texts.announcements import Announced, announcements_to_come
from queue_app.web.request import now

from .closed_words import closed_text
from .language import in_language
from .recently import Recently

ANNOUNCEMENTS = "announcements"  # in `app.extensions`


@dataclass(frozen=True)
class Told:
    """One of them in the reader's language."""

    text: str
    important: bool


@dataclass(frozen=True)
class _Known:
    """Of all offices. Closures are read where they stand, and never written down a second time."""

    closures: tuple[ClosedSoon, ...] = ()
    announcements: tuple[Announced, ...] = ()


def prepare_announcements(app: Flask) -> None:
    app.extensions[ANNOUNCEMENTS] = Recently[_Known](_Known(), _read)
    app.jinja_env.globals |= {"announced_on_pages": announced_on_pages, "closed_by_tomorrow": closed_by_tomorrow}


def announced_on_pages(office: Office, service_id: int | None = None) -> list[Told]:
    """``service_id``: of the service that the page is about; then nothing is said of others that are closed."""
    known = _known().present()
    closures = [one for one in known.closures if one.concerns(service_id)]
    return _told(office, closures, [one for one in known.announcements if one.on_pages])


def closed_by_tomorrow(office: Office) -> list[str]:
    """Beside the way to another office: when it, or a service of it, is closed today or tomorrow."""
    return [told.text for told in _told(office, _known().present().closures, ()) if told.important]


def announced_on_display(office: Office) -> list[Told]:
    """Without a day that a disruption has ended: of that the display says more, in its own place."""
    known = _known().present()
    closures = [one for one in known.closures if one.kind is not ClosureKind.TODAY]
    return _told(office, closures, [one for one in known.announcements if one.on_display])


def forget_announcements() -> None:
    """After a change of them, or of a closure."""
    _known().forget()


def _told(office: Office, closures: Iterable[ClosedSoon], announcements: Iterable[Announced]) -> list[Told]:
    """The important ones first, and closures before what the office says itself."""
    moment = now()
    tomorrow = office_date(moment, office.time_zone) + timedelta(days=1)
    found = []
    for one in closures:
        days = one.days_to_tell(now=moment) if one.office_id == office.id else None
        if days:
            found.append(Told(closed_text(one, days, now=moment), important=days[0] <= tomorrow))
    for said in announcements:
        if said.is_for(office.id, now=moment):
            found.append(Told(in_language(said, "text"), said.level is Level.IMPORTANT))
    return sorted(found, key=lambda told: not told.important)


def _read(session: Session) -> _Known:
    moment = now()
    return _Known(closures_to_tell(session, now=moment), announcements_to_come(session, now=moment))


def _known() -> Recently[_Known]:
    known: Recently[_Known] = current_app.extensions[ANNOUNCEMENTS]
    return known
