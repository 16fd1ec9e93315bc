"""The web layer: one package for each audience, and what they share."""

from __future__ import annotations

from flask import Flask

from .admin.views import bp as admin
from .api.views import bp as api
from .counter.views import bp as counter
from .desk.views import bp as desk
from .display.views import bp as display
from .forms.row_numbers import RowNumber
from .kiosk.views import bp as kiosk
from .public.views import bp as public
from .site import health, metrics, pages
from .staff.views import bp as staff

BLUEPRINTS = (pages.bp, health.bp, metrics.bp, api, public, staff, desk, counter, display, kiosk, admin)


def register_blueprints(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    # No cookie opens anything there, so another site's page can make nobody's browser do anything.
    app.extensions["csrf"].exempt(api)
