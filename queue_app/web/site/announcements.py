"""Announcements on the pages and displays that are about an office."""

from __future__ import annotations

from flask import Flask, current_app

from queue_app.models import Office
from queue_app.queries.texts.announcements import Announced, announcements_to_come
from queue_app.web.request import now

from .recently import Recently

ANNOUNCEMENTS = "announcements"  # in `app.extensions`


def prepare_announcements(app: Flask) -> None:
    known = Recently[tuple[Announced, ...]]((), lambda session: announcements_to_come(session, now=now()))
    app.extensions[ANNOUNCEMENTS] = known
    app.jinja_env.globals["announced_on_pages"] = announced_on_pages


def announced_on_pages(office: Office) -> list[Announced]:
    return [one for one in _announced(office) if one.on_pages]


def announced_on_display(office: Office) -> list[Announced]:
    return [one for one in _announced(office) if one.on_display]


def forget_announcements() -> None:
    """After a change of them."""
    _known().forget()


def _announced(office: Office) -> list[Announced]:
    moment = now()
    return [one for one in _known().present() if one.is_for(office.id, now=moment)]


def _known() -> Recently[tuple[Announced, ...]]:
    known: Recently[tuple[Announced, ...]] = current_app.extensions[ANNOUNCEMENTS]
    return known
