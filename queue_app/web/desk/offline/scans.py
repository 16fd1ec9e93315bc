"""Scans made while the connection was cut: taken over afterwards, settled by a person where they do not fit."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.arrivals import ScanResult
from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.keyring import person_of
from queue_app.domain.roles import Permission
from queue_app.domain.scanners import LONGEST
from queue_app.domain.tickets import show_number
from queue_app.domain.typed_text import cleaned
from queue_app.models import OfflineAct, OfflineEntry
from queue_app.queries.access.office_rows import ticket_at
from queue_app.queries.offline.conflicts import corrected_since, count_conflicts, open_conflicts
from queue_app.services.offline.scans import OfflineScan, settle, sync_scan
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.desk.arrivals.scan_answer import TONES
from queue_app.web.desk.blueprint import bp
from queue_app.web.offline.batches import INSTANT, ROW_ID, Entry, NoSense, Taken, answer_each, shape, whole
from queue_app.web.offline.exchange import form_token, instant, sender
from queue_app.web.refusals.people import message_for
from queue_app.web.refusals.settling import words_at_settling
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now, stored_once, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.language import legible, ngettext

NOTHING = {"type": "null"}
SCAN = shape(
    ["nonce", "at"],
    at=INSTANT,
    withdrawn_at={"anyOf": [INSTANT, NOTHING]},
    code={"anyOf": [{"type": "string", "maxLength": LONGEST}, NOTHING]},
    ticket={"anyOf": [ROW_ID, NOTHING]},
    admitted={"anyOf": [{"type": "array", "items": ROW_ID, "maxItems": PARTY_MAX}, NOTHING]},
)
ACTS = {
    OfflineAct.SCAN: _l("Dicatat hadir"),
    OfflineAct.CALL: _l("Dipanggil"),
    OfflineAct.RECALL: _l("Dipanggil ulang"),
    OfflineAct.SKIP: _l("Dilewati"),
    OfflineAct.START: _l("Mulai dilayani"),
    OfflineAct.FINISH: _l("Selesai dilayani"),
    OfflineAct.HOLD: _l("Ditunda"),
}


@bp.get("/sinkron")
@requires(Permission.SERVE)
@in_the_background
def sync_token() -> Response:
    """What a device needs before it sends, and how much waits for a person."""
    return jsonify({**form_token(), "conflicts": count_conflicts(db.session(), g.staff.office_id)})


@bp.post("/sinkron")
@requires(Permission.CHECK_IN)
def sync_scans() -> Response:
    """Scans made without a connection, each in a transaction of its own; the answers by nonce. Harmless to repeat."""
    return answer_each(SCAN, _take_over)


@bp.get("/luring")
@requires(Permission.SERVE)
def conflicts() -> str:
    return _page()


@bp.post("/luring/<int:entry_id>")
@requires(Permission.SERVE)
def settle_conflict(entry_id: int) -> Response | tuple[str, int]:
    own = {"office_id": g.staff.office_id, "staff_id": g.staff.staff_id}
    try:
        with unit_of_work() as session:
            settle(session, entry_id, **own, note=cleaned(request.form.get("note", "")), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(complaint=message_for(refusal), about=entry_id), status_of(refusal)
    flash(_("Keputusan dicatat."), "success")
    return redirect(url_for(".conflicts"), 303)


def _take_over(entry: Entry) -> Taken:
    kept, own = _scan_of(entry), sender()
    stored = stored_once(lambda session: sync_scan(session, kept, sender=own, keyring=keyring(), now=now()))
    corrected = any(one.claimed_at is not None for one in stored)
    return Taken(stored[0].answer, any(one.conflict for one in stored), corrected)


def _scan_of(entry: Entry) -> OfflineScan:
    """``code`` is what was scanned or typed; ``ticket`` names a row of the list instead.

    Raises NoSense, NotFound for a ticket that the office has not.
    """
    at, withdrawn_at = instant(entry["at"]), instant(entry.get("withdrawn_at"))
    typed, ticket_id = entry.get("code"), whole(entry.get("ticket"))
    if ticket_id is not None:
        typed = keyring().ticket_token(ticket_at(db.session(), ticket_id, g.staff.office_id).id)
    if at is None or typed is None or (withdrawn_at is None and entry.get("withdrawn_at") is not None):
        raise NoSense()
    return OfflineScan(
        nonce=entry["nonce"],
        typed=cleaned(typed),
        at=at,
        admitted=frozenset(int(one) for one in entry.get("admitted") or ()),
        withdrawn_at=withdrawn_at,
    )


def _page(complaint: str = "", about: int | None = None) -> str:
    listed = [_described(entry) for entry in open_conflicts(db.session(), g.staff.office_id)]
    count = ngettext("%(num)d hal menunggu keputusan", "%(num)d hal menunggu keputusan", len(listed))
    count %= {"num": len(listed)}
    morning = office_instant(today(), time(), g.staff.time_zone)
    corrected = [_described(entry) for entry in corrected_since(db.session(), g.staff.office_id, morning)]
    return render_template(
        "desk/conflicts.html",
        title=_("Pekerjaan luring"),
        listed=listed,
        corrected=corrected,
        count=count,
        complaint=complaint,
        about=about,
        acts=ACTS,
    )


def _described(entry: OfflineEntry) -> dict[str, Any]:
    ticket = entry.ticket
    initials = person_of(ticket, ticket.booking.code, keyring()).initials if ticket is not None else ""
    return {
        "id": entry.id,
        "number": show_number(ticket.letter, ticket.queue_number) if ticket else "–",
        "initials": legible(initials) or "–",
        "what": str(ACTS[entry.act]),
        "at": entry.at,
        "claimed_at": entry.claimed_at,
        "counter": entry.counter.number if entry.counter else None,
        "by": entry.staff.name,
        "answer": _answer_words(entry),
        "ticket_id": entry.ticket_id,
    }


def _answer_words(entry: OfflineEntry) -> str:
    if entry.act is OfflineAct.SCAN and entry.answer in set(ScanResult):
        return str(TONES[ScanResult(entry.answer)][2])
    return words_at_settling(entry.answer)
