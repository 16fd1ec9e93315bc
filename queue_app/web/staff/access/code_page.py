"""The page that asks for the code after a right password."""

from __future__ import annotations

from flask import render_template, url_for

from queue_app.db import db
from queue_app.models import Staff
from queue_app.services.access.passwords import Proof
from queue_app.web.access.second_step import sealed_proof
from queue_app.web.forms.typed_before import TypedBefore
from queue_app.web.request import now
from queue_app.web.site.language import gettext as _

from .forms import CodeForm


def code_page(form: CodeForm, proof: Proof, target: str | None, typed: TypedBefore | None) -> str:
    """It says the server's time: codes go by it, and a telephone that tells another one gives wrong ones."""
    staff = db.session().get_one(Staff, proof.staff_id)
    zone = staff.assignments[0].office.time_zone if staff.assignments else "Asia/Jakarta"
    return render_template(
        "staff/code.html",
        title=_("Kode masuk"),
        form=form,
        proof=sealed_proof(proof),
        action=url_for("staff.second_step", next=target),
        kept=typed.sealed() if typed else None,
        server_time=now(),
        zone=zone,
    )
