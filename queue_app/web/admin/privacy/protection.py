"""Protection of personal data: who waits for an answer, what is kept how long, and what was deleted."""

from __future__ import annotations

from flask import g, render_template

from queue_app.db import db
from queue_app.domain.data_rights import RequestState
from queue_app.domain.roles import Permission
from queue_app.queries.privacy.deletions import deletions
from queue_app.queries.privacy.requests import requests_at
from queue_app.queries.records.job_runs import job_runs
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.privacy.holding_words import TABLES, holding_rows
from queue_app.web.privacy.trace_words import PROOFS, REQUESTS, STATES
from queue_app.web.request import now, settings


@bp.get("/pelindungan-data")
@requires(Permission.PROTECT_DATA)
def protection() -> str:
    lines = requests_at(db.session(), g.staff.office_id, now=now())
    return render_template(
        "admin/protection.html",
        waiting=[line for line in lines if line.request.state is RequestState.OPEN],
        answered=[line for line in lines if line.request.state is not RequestState.OPEN],
        requests=REQUESTS,
        states=STATES,
        proofs=PROOFS,
        tables=TABLES,
        deletions=deletions(db.session()),
        last_run=next((run for run in job_runs(db.session()) if run.name == "purge"), None),
        holdings=holding_rows(settings().retention),
    )
