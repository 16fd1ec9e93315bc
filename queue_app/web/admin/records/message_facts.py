"""That messages went out, for whoever audits it: when, how and to which ticket, without address or text."""

from __future__ import annotations

from flask import g, render_template, request

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.models import IN_A_FILE, OutboxMessage
from queue_app.queries.records.messages import messages_of, tickets_written_to
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.booking.message_words import KINDS, state_said
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.site.language import gettext as _

A_PAGE = 50


@bp.get("/pesan-terkirim")
@requires(Permission.VIEW_MESSAGE_FACTS)
def message_facts() -> str:
    before_id = request.args.get("sebelum", type=row_number)
    found = messages_of(db.session(), g.staff.office_id, before_id=before_id, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "admin/message_facts.html",
        messages=shown,
        tickets=tickets_written_to(db.session(), shown),
        before=before_id,
        next_before=shown[-1].id if len(found) > A_PAGE else None,
        kinds=KINDS,
        state_said=state_said,
        channel=_channel,
    )


def _channel(message: OutboxMessage) -> str:
    words = {"email": _("email"), IN_A_FILE: _("ditulis ke berkas")}
    return words.get(message.channel, message.channel) if message.channel else "–"
