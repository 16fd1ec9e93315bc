"""The head of every page: title, subtitle, colour and logo, as the administrator set them, or as the settings say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Flask, current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.config import Settings
from queue_app.domain.site import is_colour
from queue_app.models import Site, SiteLogo

from .recently import Recently

HEAD = "head"  # in `app.extensions`


@dataclass(frozen=True)
class LogoShown:
    """``version`` stands in its address; sides in pixels."""

    version: str
    width: int
    height: int


@dataclass(frozen=True)
class Head:
    """``brand_colour``: #rrggbb, checked: it goes into a stylesheet as it stands. ``logo``: None for a letter."""

    title: str
    subtitle: str
    brand_colour: str
    logo: LogoShown | None = None

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


def _stored(session: Session) -> Head | None:
    logo = (SiteLogo.version, SiteLogo.width, SiteLogo.height)
    head = select(Site.title, Site.subtitle, Site.brand_colour, *logo).outerjoin(SiteLogo, SiteLogo.id == Site.id)
    row = session.execute(head).one_or_none()
    if row is None:
        return None
    return Head(*row[:3], LogoShown(*row[3:]) if row.version else None)


def prepare_heads(app: Flask, settings: Settings) -> None:
    """Raises ValueError for a brand colour that is none."""
    if not is_colour(settings.brand_colour):
        raise ValueError(f"The brand colour must look like #0f4c5c, not {settings.brand_colour!r}.")
    by_settings = Head(settings.office_title, settings.office_subtitle, settings.brand_colour)
    app.extensions[HEAD] = Recently(by_settings, _stored)
    app.jinja_env.globals.update(site_head=site, theme_url=theme_url)


def site() -> Head:
    return _head().present()


def forget_site() -> None:
    """After a change of it."""
    _head().forget()


def theme_url() -> str:
    return url_for("site.theme", v=hashlib.sha256(site().theme.encode()).hexdigest()[:8])


def _head() -> Recently[Head]:
    head: Recently[Head] = current_app.extensions[HEAD]
    return head
