"""The display in the hall, and the place in the queue for those who look from a telephone: /display, /antrean."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from queue_app.web.hall.shared import HALLS, Halls


def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[HALLS] = Halls()


bp = Blueprint("display", __name__)
bp.record(_prepare)
