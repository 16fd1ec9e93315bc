"""End the day because of a disruption: how many people it reaches is said first, and two persons answer for it."""

from __future__ import annotations

from typing import ClassVar

from flask import g, render_template
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import InputRequired

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotDisrupted
from queue_app.domain.roles import Permission
from queue_app.models import Disruption
from queue_app.services.visits.closing_today import Reach, reach_of
from queue_app.services.visits.closing_today import close_today as close
from queue_app.services.visits.disruptions import disruptions_of
from queue_app.web.access.passwords import verified
from queue_app.web.access.rules import requires
from queue_app.web.counter.blueprint import bp
from queue_app.web.forms.closing_form import ClosingForm, reason_for_citizens, reason_in_english
from queue_app.web.forms.second_person import password_field, username_field
from queue_app.web.refusals.status import status_of
from queue_app.web.request import now
from queue_app.web.site.announcements import forget_announcements
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .disruption import in_words, said_and_back

MOST_DIGITS = 9


class CloseTodayForm(ClosingForm):
    """``people``: how many the page said that it reaches."""

    people = HiddenField()
    reason_id = reason_for_citizens(_l("Tulis alasannya, supaya warga tahu."))
    reason_en = reason_in_english()


class CloseTodayTogetherForm(CloseTodayForm):
    """For whoever may not do it alone: a second member of staff logs on with it, for this one act."""

    refusal_fields: ClassVar[dict[str, str]] = {
        **ClosingForm.refusal_fields,
        "wrong_credentials": "username",
        "too_many_attempts": "username",
        "second_person_needed": "username",
    }

    username = username_field(InputRequired(_l("Petugas kedua menulis nama penggunanya sendiri.")))
    password = password_field(InputRequired(_l("Petugas kedua menulis kata sandinya sendiri.")))


@bp.route("/gangguan/<int:disruption_id>/tutup", methods=["GET", "POST"])
@requires(Permission.STOP_CALLING)
def close_today(disruption_id: int) -> str | Response | tuple[str, int]:
    found = [one for one in disruptions_of(db.session(), g.staff.office_id) if one.id == disruption_id]
    if not found:
        raise NotDisrupted()
    form = CloseTodayForm() if g.staff.may(Permission.CLOSE_TODAY) else CloseTodayTogetherForm()
    reach = reach_of(db.session(), found[0], now=now())
    status = 200
    if form.is_submitted():
        try:
            status = _close(form, disruption_id, reach) if form.validate() else 422
            if not status:
                forget_announcements()
                return said_and_back()
        except DomainError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    return _page(form, found[0], reach), status


def _close(form: CloseTodayForm, disruption_id: int, reach: Reach) -> int:
    """0 when it is done; else the status of what it was refused for, which the form says."""
    if reach.people > _number(form.people.data):  # somebody has come or booked since: that is read first
        form.complain(_("Sementara itu jumlah orangnya bertambah. Baca sekali lagi, lalu tutup."))
        return 409
    second = None
    if isinstance(form, CloseTodayTogetherForm):
        second = verified(form.username.data or "", form.password.data or "").staff_id
    reasons = (form.reason_id.data or "", form.reason_en.data or "")
    with unit_of_work() as session:
        by = {"staff_id": g.staff.staff_id, "second_id": second}
        close(session, g.staff.office_id, disruption_id, reasons, **by, now=now())
    return 0


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) <= MOST_DIGITS else 0


def _page(form: CloseTodayForm, disruption: Disruption, reach: Reach) -> str:
    form.people.data = str(reach.people)
    return render_template(
        "counter/close_today.html",
        title=_("Tutup hari ini"),
        form=form,
        disruption=disruption,
        what=in_words(disruption),
        reach=reach,
    )
