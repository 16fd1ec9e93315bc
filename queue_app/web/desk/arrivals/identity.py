"""The comparison of the person at the desk with the document, and what came of it."""

from __future__ import annotations

from flask import abort, g, request
from werkzeug.wrappers import Response

from queue_app.db import unit_of_work
from queue_app.domain.arrivals import ADMITTING, IdentityResult
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.services.arrivals import taking_back
from queue_app.services.arrivals.check_in import find_scan
from queue_app.web.access.rules import requires
from queue_app.web.desk.blueprint import bp
from queue_app.web.request import now

from .answering import answered, refused, scan_of


@bp.post("/pindai/<int:check_in_id>/identitas")
@requires(Permission.CHECK_IN)
def record_identity(check_in_id: int) -> Response:
    """Record the comparison with the document; ``everybody``: for all persons of the party not yet compared."""
    try:
        result = IdentityResult(request.form.get("result", ""))
    except ValueError:
        abort(400)
    moment = now()
    try:
        with unit_of_work() as session:
            scanned = scan_of(check_in_id)
            open_ones = [
                row.id
                for row in find_scan(session, scanned)
                if row.result in ADMITTING and row.undone_at is None and row.identity is None
            ]
            for row_id in open_ones if "everybody" in request.form else [check_in_id]:
                taking_back.record_identity(
                    session, row_id, result, office_id=g.staff.office_id, staff_id=g.staff.staff_id, now=moment
                )
    except DomainError as refusal:
        return refused(refusal)
    return answered(scanned)
