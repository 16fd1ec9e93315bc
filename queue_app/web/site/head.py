"""The head of every page: title, subtitle and colour, as the administrator has set them, or as the settings say."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from queue_app.config import Settings
from queue_app.db import db
from queue_app.domain.site import is_colour
from queue_app.models import Site

LIFE = 5.0  # seconds until a change is seen in every process
HEADS = "heads"  # in `app.extensions`


@dataclass(frozen=True)
class Head:
    """``brand_colour``: #rrggbb, checked: it goes into a stylesheet as it stands."""

    title: str
    subtitle: str
    brand_colour: str

    @property
    def letter(self) -> str:
        return self.title[:1].upper()

    @property
    def line(self) -> str:
        """On one line, where there is no room for two."""
        return " · ".join(filter(None, (self.title, self.subtitle)))

    @property
    def theme(self) -> str:
        """The stylesheet of the colour; links are legible in it wherever white is on it."""
        return f":root{{--govuk-brand-colour:{self.brand_colour};--govuk-link-colour:{self.brand_colour}}}\n"


class Heads:
    """As it was a few seconds ago; the page that says "the database is away" has a head too."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._head = Head(settings.office_title, settings.office_subtitle, settings.brand_colour)
        self._until = float("-inf")

    def forget(self) -> None:
        self._until = float("-inf")

    def present(self) -> Head:
        if self.now() >= self._until and not g.get("database_away"):
            self._until = self.now() + LIFE
            try:
                site = db.session().get(Site, 1)
            except (SQLAlchemyError, PoolTimeout):
                db.session.rollback()
            else:
                if site is not None:
                    self._head = Head(site.title, site.subtitle, site.brand_colour)
        return self._head


def prepare_heads(app: Flask, settings: Settings) -> None:
    """Raises ValueError for a brand colour that is none."""
    if not is_colour(settings.brand_colour):
        raise ValueError(f"The brand colour must look like #0f4c5c, not {settings.brand_colour!r}.")
    app.extensions[HEADS] = Heads(settings)
    app.jinja_env.globals.update(site_head=site, theme_url=theme_url)


def site() -> Head:
    heads: Heads = current_app.extensions[HEADS]
    return heads.present()


def forget_site() -> None:
    """After a change, in this process; the others see it within seconds."""
    heads: Heads = current_app.extensions[HEADS]
    heads.forget()


def theme_url() -> str:
    return url_for("site.theme", v=hashlib.sha256(site().theme.encode()).hexdigest()[:8])
