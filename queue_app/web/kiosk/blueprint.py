"""The kiosk in the hall: /kiosk/<office>. Nobody looks after it, so nothing of one person stays for the next."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from queue_app.web.access.attempts import enrolment_attempts

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")


@bp.record_once
def count_attempts(state: BlueprintSetupState) -> None:
    state.app.extensions["enrolment_attempts"] = enrolment_attempts()
