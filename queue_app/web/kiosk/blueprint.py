"""The kiosk in the hall: /kiosk/<office>. Nobody looks after it, so nothing of one person stays for the next."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")
