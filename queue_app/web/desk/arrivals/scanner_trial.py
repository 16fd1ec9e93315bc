"""A page that shows in words what a scanner types, so that somebody can set it up. Nothing is sent or stored."""

from __future__ import annotations

from flask import render_template

from queue_app.adapters.qr import qr_svg
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import ALPHABET, TOKEN_LENGTH
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.site.language import gettext as _

# As long as a ticket's token, with every character that one can have; and no ticket's.
SAMPLE = (ALPHABET + "WMQA")[:TOKEN_LENGTH]


@bp.get("/uji-pemindai")
@requires(Permission.OWN_SESSION)
def try_scanner() -> str:
    code = qr_svg(SAMPLE, title=_("Kode QR untuk menguji pemindai"))
    return render_template("desk/scanner_trial.html", title=_("Uji pemindai"), sample=SAMPLE, code=code)
