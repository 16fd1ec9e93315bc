"""The office that a citizen's page is about: its hours, telephone and channel for complaints stand on each page."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, current_app, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from queue_app.db import db
from queue_app.domain.contact import channel_name, dialable, written_mobile
from queue_app.models import Office
from queue_app.queries.calendar.offices import Contact, contacts

LIFE = 5.0  # seconds until a change is seen in every process
CONTACTS = "contacts"  # in `app.extensions`


class Contacts:
    """All offices as they were a few seconds ago; the page that says "the database is away" needs them too."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._found: tuple[Contact, ...] = ()
        self._until = float("-inf")

    def forget(self) -> None:
        self._until = float("-inf")

    def all(self) -> tuple[Contact, ...]:
        if self.now() >= self._until and not g.get("database_away"):
            try:
                self._found = contacts(db.session())
            except (SQLAlchemyError, PoolTimeout):
                db.session.rollback()
            self._until = self.now() + LIFE
        return self._found


def prepare_contacts(app: Flask) -> None:
    app.extensions[CONTACTS] = Contacts()
    app.jinja_env.globals["contact_for"] = contact_for
    app.jinja_env.filters.update(channel_name=channel_name, dialable=dialable, written_mobile=written_mobile)


def contact_for(office: Office | Contact | None = None) -> Office | Contact | None:
    """The office of the page; on a page of none, the only office there is."""
    if office is not None:
        return office
    known = _known().all()
    return known[0] if len(known) == 1 else None


def forget_contacts() -> None:
    """After a change, in this process; the others see it within seconds."""
    _known().forget()


def _known() -> Contacts:
    known: Contacts = current_app.extensions[CONTACTS]
    return known
