"""The messages to citizens, those written into files, and the clockwork that sends them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.clock_trust import Doubt
from queue_app.domain.errors import ReasonRequired
from queue_app.domain.keyring import Unreadable
from queue_app.domain.phones import mask_phone
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import message_at
from queue_app.queries.booking.contacts import contact_of
from queue_app.queries.records.clock_trust import clock_trust
from queue_app.queries.records.job_runs import job_runs
from queue_app.queries.records.messages import messages_of
from queue_app.queries.records.restorations import count_held, last_backup
from queue_app.services.records.clock_trust import confirm_clock
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.booking.message_words import KINDS, state_said
from queue_app.web.request import actor, clock, keyring, now, settings
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .job_words import JOBS

DOUBTS = {
    Doubt.JUMPED: _l("Jam server diubah lebih dari satu jam."),
    Doubt.UNSEEN: _l("Server mati lebih dari satu jam, jadi jamnya tidak dapat dibandingkan dengan yang terakhir."),
    Doubt.DATABASE: _l("Jam server dan jam basis data berbeda."),
}


@bp.get("/pesan")
@requires(Permission.VIEW_OUTBOX)
def outbox() -> str:
    return _page(ReasonForm(formdata=None))


@bp.post("/pesan/jam")
@requires(Permission.CONFIRM_CLOCK)
def confirm_server_clock() -> Response | tuple[str, int]:
    """Somebody has looked at another clock: the jobs that waited go on."""
    form = ReasonForm()
    form.validate_on_submit()
    try:
        with unit_of_work() as session:
            still = confirm_clock(session, clock(), actor=actor(), reason=read_reason(form.reason.data or ""))
    except ReasonRequired as refusal:
        form.refuse(refusal, "reason")
        return _page(form), 422
    if still:
        flash(_("Jam basis data masih berbeda. Minta pengelola server menyamakan kedua jam."), "important")
    else:
        flash(_("Jam dipastikan benar. Tugas berkala berjalan lagi dalam beberapa menit."), "success")
    return redirect(url_for(".outbox"), 303)


def _page(form: ReasonForm) -> str:
    trust = clock_trust(db.session())
    return render_template(
        "admin/outbox.html",
        form=form,
        trust=trust if trust and trust.doubt else None,
        doubts=DOUBTS,
        now=now(),
        messages=messages_of(db.session(), g.staff.office_id),
        runs=job_runs(db.session()),
        job_names=JOBS,
        kinds=KINDS,
        state_said=state_said,
        held=count_held(db.session(), g.staff.office_id),
        last_backup=last_backup(db.session()),
    )


@bp.get("/pesan/<int:message_id>")
@requires(Permission.VIEW_OUTBOX)
def message(message_id: int) -> str:
    row = message_at(db.session(), message_id, g.staff.office_id)
    text = _written(settings().outbox_folder / f"{row.id}.txt")
    phone = contact_of(row.booking, keyring()).phone
    return render_template(
        "admin/message.html",
        message=row,
        text=text,
        kinds=KINDS,
        state_said=state_said,
        phone=phone,
        mask_phone=mask_phone,
        whatsapp_url=_whatsapp(phone, text) if phone and text and not isinstance(phone, Unreadable) else None,
    )


def _written(path: Path) -> str | None:
    """What the sender wrote into its file; None when there is none (any more)."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _whatsapp(phone: str, written: str) -> str:
    """A link out of the page into the officer's own WhatsApp: the number stands in no address of ours."""
    body = written.partition("\n\n")[2] or written  # without the head of the file
    return f"https://wa.me/{phone.lstrip('+')}?text={quote(body.strip())}"
