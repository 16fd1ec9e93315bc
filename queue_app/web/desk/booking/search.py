"""The search field of every staff page: one way to a person, whatever is known of them and whenever they come."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import DomainError
from queue_app.domain.finding import Search, Sought, read_search
from queue_app.domain.identity import Nik
from queue_app.domain.phones import mask_phone
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_code, show_number
from queue_app.queries.booking.search import Hits, search_tickets
from queue_app.queries.records.restorations import latest_gap
from queue_app.services.arrivals.lost import is_lost
from queue_app.web.access.rules import requires
from queue_app.web.booking.stage_words import STAGES
from queue_app.web.desk.blueprint import bp
from queue_app.web.refusals.lost import lost_to_desk
from queue_app.web.refusals.status import status_of
from queue_app.web.request import keyring, now, today
from queue_app.web.site.language import gettext as _

from .forms import FindForm


@bp.get("/cari")
@requires(Permission.VIEW_ARRIVALS)
def find() -> str:
    return _page(FindForm(formdata=None))


@bp.post("/cari")
@requires(Permission.VIEW_ARRIVALS)
def find_person() -> Response | str | tuple[str, int]:
    """One hit leads on by a redirect. Several, or none, are answered at once: what was typed fits into no address."""
    form = FindForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        search = read_search(form.q.data or "", keyring().read_ticket_token)
    except DomainError as refusal:
        form.refuse(refusal, "q")
        return _page(form), status_of(refusal)
    hits = search_tickets(db.session(), g.staff.office_id, search, keyring=keyring(), today=today(), now=now())
    if len(hits.lines) == 1 and not hits.unreadable:  # somebody passed over may be the one
        return redirect(url_for(".person", ticket_id=hits.lines[0].ticket_id), 303)
    return _page(form, search, hits)


def _page(form: FindForm, search: Search | None = None, hits: Hits | None = None) -> str:
    return render_template(
        "desk/found.html",
        title=_("Cari orang"),
        form=form,
        hits=hits,
        sought=_sought(search) if search else "",
        lost=_lost(search) if search and hits and not hits.lines else "",
        stages=STAGES,
        today=today(),
    )


def _lost(search: Search) -> str:
    """Of a genuine ticket that is missing since the database was restored."""
    gap = latest_gap(db.session()) if search.kind is Sought.TICKET and is_lost(db.session(), search.ticket_id) else None
    return lost_to_desk(gap) if gap else ""


def _sought(search: Search) -> str:
    """What was looked for, as staff may see it on their screen."""
    match search.kind:
        case Sought.TICKET:
            return _("tiket yang dipindai")
        case Sought.NUMBER:
            number = show_number(search.letter, search.number) if search.letter else str(search.number)
            return _("nomor antrean %(number)s") % {"number": number}
        case Sought.NIK:
            return _("NIK %(nik)s") % {"nik": Nik(search.text).masked}
        case Sought.PHONE:
            return _("nomor HP %(phone)s") % {"phone": mask_phone(search.text)}
        case Sought.CODE if search.name:
            return _("kode pemesanan %(code)s, lalu nama “%(name)s”") % {
                "code": show_code(search.text),
                "name": search.name,
            }
        case Sought.CODE:
            return _("kode pemesanan %(code)s") % {"code": show_code(search.text)}
    return _("nama “%(name)s”") % {"name": search.name}
