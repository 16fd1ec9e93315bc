"""The office that a citizen's page is about: its hours, telephone and channel for complaints stand on each page."""

from __future__ import annotations

from flask import Flask, current_app

from queue_app.domain.contact import channel_name, dialable, written_mobile
from queue_app.models import Office
from queue_app.queries.calendar.offices import Contact, contacts

from .recently import Recently

CONTACTS = "contacts"  # in `app.extensions`


def prepare_contacts(app: Flask) -> None:
    app.extensions[CONTACTS] = Recently((), contacts)
    app.jinja_env.globals["contact_for"] = contact_for
    app.jinja_env.filters.update(channel_name=channel_name, dialable=dialable, written_mobile=written_mobile)


def contact_for(office: Office | Contact | None = None) -> Office | Contact | None:
    """The office of the page; on a page of none, the only office there is."""
    if office is not None:
        return office
    known = _known().present()
    return known[0] if len(known) == 1 else None


def forget_contacts() -> None:
    """After a change of them."""
    _known().forget()


def _known() -> Recently[tuple[Contact, ...]]:
    known: Recently[tuple[Contact, ...]] = current_app.extensions[CONTACTS]
    return known
