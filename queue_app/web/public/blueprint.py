"""The pages of citizens: addresses without a prefix, in Indonesian, and never with personal data in them."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter, ValidationError

from queue_app.domain.setup import RESERVED
from queue_app.web.access.attempts import LOOK_UPS, ProcessAttempts
from queue_app.web.booking.offerings import OFFERINGS, Offerings

from .calendar.elsewhere import ELSEWHERE, PlacesElsewhere


class SlugConverter(BaseConverter):
    """The slug of an office or a service."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class OfficeConverter(SlugConverter):
    """The slug of an office: an address of the site itself is never one, whatever an office is called."""

    def to_python(self, value: str) -> str:
        if value in RESERVED:
            raise ValidationError()
        return value


def _prepare(state: BlueprintSetupState) -> None:
    state.app.url_map.converters.update(slug=SlugConverter, office=OfficeConverter)
    state.app.extensions[LOOK_UPS] = ProcessAttempts()
    state.app.extensions[ELSEWHERE] = PlacesElsewhere()
    state.app.extensions[OFFERINGS] = Offerings()


bp = Blueprint("public", __name__)
bp.record(_prepare)  # before the first route, which uses the converters


@bp.after_request
def hide_tickets(response: Response) -> Response:
    """A ticket's address opens it: no cache on the way and no search engine may keep what it shows."""
    if request.path.startswith("/t/"):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
