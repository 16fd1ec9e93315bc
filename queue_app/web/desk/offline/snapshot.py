"""The desk's snapshot for the time without a network: the list of today, and shells of the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, g, render_template
from sqlalchemy import Row
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.keyring import person_of
from queue_app.domain.roles import Permission
from queue_app.domain.stages import waits_in_vain
from queue_app.domain.tickets import show_number
from queue_app.queries.offline.snapshot import answering_to_code, fingerprint, tickets_of_day
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.desk.arrivals.forms import ScanForm
from queue_app.web.desk.blueprint import bp
from queue_app.web.offline.exchange import snapshot_for_device
from queue_app.web.request import keyring, today
from queue_app.web.site.headers import CAMERA_POLICY
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import legible

A_DAY = 24 * 60  # minutes


@bp.get("/hari-ini.json")
@requires(Permission.VIEW_ARRIVALS)
@in_the_background
def day_snapshot() -> Response:
    """Today's tickets without names: devices ask every minute, and mostly hear that nothing has changed."""
    rows = tickets_of_day(db.session(), g.staff.office_id, today())
    return snapshot_for_device(fingerprint(rows), lambda: {"tickets": _tickets(rows)})


@bp.get("/kerangka/<page>")
@requires(Permission.VIEW_ARRIVALS)
@in_the_background
def shell(page: str) -> Response:
    """A page as it is kept for the time without a network: nobody's name is in it."""
    if page == "pindai":
        form = ScanForm(formdata=None)
        made = render_template("desk/scan.html", title=_("Pindai tiket"), form=form, answer=None, shell=True)
        return current_app.response_class(made, headers={"Content-Security-Policy": CAMERA_POLICY})
    if page == "kedatangan":
        return current_app.response_class(render_template("desk/arrivals_shell.html"))
    if page == "lain":
        return current_app.response_class(render_template("offline/elsewhere.html"))
    abort(404)


def _tickets(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    salt = today().isoformat()
    by_code = answering_to_code(rows)
    return [
        {
            "id": row.id,
            "token": _hash(keyring().ticket_token(row.id)),
            "code": _hash(f"{salt}:{row.code}") if row.id in by_code else None,
            "number": show_number(row.letter, row.queue_number),
            "initials": legible(person_of(row, row.code, keyring()).initials) or "–",
            "starts": row.starts_at.isoformat(),
            "ends": row.ends_at.isoformat(),
            # Who came without an appointment was given no hour to come too early for.
            "early": A_DAY if row.walk_in else row.early_minutes,
            "late": row.late_minutes,
            "state": row.state.value,
            "given": row.accepts or not waits_in_vain(row.visit, row.outcome),
            "visit": row.visit.value if row.visit else None,
        }
        for row in rows
    ]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
