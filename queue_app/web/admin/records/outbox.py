"""The messages to citizens, those written into files, and the clockwork that sends them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import g, render_template

from queue_app.db import db
from queue_app.domain.keyring import bound_to
from queue_app.domain.phones import mask_phone
from queue_app.domain.roles import Permission
from queue_app.models import OutboxMessage
from queue_app.queries.access.office_rows import message_at
from queue_app.queries.records.job_runs import job_runs
from queue_app.queries.records.messages import messages_of
from queue_app.queries.records.restorations import count_held, last_backup
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.booking.message_words import KINDS, state_said
from queue_app.web.request import keyring, settings


@bp.get("/pesan")
@requires(Permission.VIEW_OUTBOX)
def outbox() -> str:
    return render_template(
        "admin/outbox.html",
        messages=messages_of(db.session(), g.staff.office_id),
        runs=job_runs(db.session()),
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
    phone = _phone(row)
    return render_template(
        "admin/message.html",
        message=row,
        text=text,
        kinds=KINDS,
        state_said=state_said,
        masked_phone=mask_phone(phone) if phone else None,
        whatsapp_url=_whatsapp(phone, text) if phone and text else None,
    )


def _written(path: Path) -> str | None:
    """What the sender wrote into its file; None when there is none (any more)."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _phone(row: OutboxMessage) -> str | None:
    booking = row.booking
    if booking.phone is None:
        return None
    opened: str = keyring().open(booking.phone, bound_to=bound_to(booking.code, "phone"))
    return opened


def _whatsapp(phone: str, written: str) -> str:
    """A link out of the page into the officer's own WhatsApp: the number stands in no address of ours."""
    body = written.partition("\n\n")[2] or written  # without the head of the file
    return f"https://wa.me/{phone.lstrip('+')}?text={quote(body.strip())}"
