"""The display of an office, and the page that its QR code opens."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request, url_for
from markupsafe import Markup

from queue_app.adapters.language import format_time
from queue_app.adapters.qr import address_svg
from queue_app.db import db
from queue_app.domain.errors import NotFound
from queue_app.domain.typed_text import cleaned
from queue_app.models import Office
from queue_app.queries.calendar import offices as office_queries
from queue_app.queries.visits import hall as hall_queries
from queue_app.web.access.rules import public
from queue_app.web.before_flask.shared_pages import same_for_all
from queue_app.web.hall.place_in_queue import UNKNOWN, place_in_queue, queues_today, words_for_script
from queue_app.web.hall.state import CallShown, OutOfOrderShown, QueueShown, hall_now
from queue_app.web.request import now, settings
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .blueprint import bp

LONGEST_NUMBER = 8  # "A-012", and some room for spaces
NEXT_OF_QUEUE, NEXT = 3, 6  # numbers that are announced as the next ones: of a queue, and of all


@bp.get("/display/<office:office>")
@public
@same_for_all
def display(office: str) -> str:
    """Full screen. ``?layanan=``: codes of the services it is for, with commas; ``?suara=``: id, en, or both.

    Written for browsers without scripts too; those with them do the same in `static/js/display.js`,
    with the numbers in ``most``. tests/harness/hall_cases.py holds both to one table.
    """
    found = _office(office)
    state = hall_now(found)
    wanted = _services(request.args.get("layanan", ""))
    calls = [call for call in state.recent if _is_wanted(call, wanted)][: hall_queries.RECENT_CALLS]
    queues = [queue for queue in state.lines if _is_wanted(queue, wanted)]
    address = settings().public_url + url_for(".place", office=office)
    return render_template(
        "display/display.html",
        office=found,
        stop=state.stop_text(wanted),
        out_of_order=[one.number for one in state.out_of_order if _is_wanted(one, wanted)],
        call=calls[0] if calls else None,
        before=calls[1:],
        following=[number for queue in queues for number in queue.numbers[:NEXT_OF_QUEUE]][:NEXT],
        most={"recent": hall_queries.RECENT_CALLS, "next": NEXT, "next_of_queue": NEXT_OF_QUEUE},
        announcements=state.announcements,
        services=",".join(sorted(wanted)),
        time=format_time(now(), found.time_zone, current_language()),
        code=Markup(address_svg(address, title=_("Alamat halaman antrean"))),
    )


@bp.get("/display/<office:office>/now", endpoint="now")
@public
@same_for_all
def hall_as_json(office: str) -> Response:
    """The hall as JSON, for displays every two seconds and telephones every fifteen."""
    response = jsonify(hall_now(_office(office)).as_json())
    # Beside the body, which stays the same until something happens and then costs a display nothing to ask for.
    response.headers["Hall-Time"] = str(int(now().timestamp() * 1000))
    return response


@bp.get("/antrean/<office:office>")
@public
@same_for_all
def place(office: str) -> str:
    """One's place in the queue by the number on the ticket: for whoever has only paper."""
    found = _office(office)
    state = hall_now(found)
    typed = cleaned(request.args.get("nomor", ""))[:LONGEST_NUMBER]
    number = read_number(typed)
    return render_template(
        "display/place.html",
        title=_("Antrean hari ini"),
        office=found,
        now=state,
        typed=typed,
        asked=bool(typed.strip()),
        places=[place_in_queue(state, number, elsewhere=UNKNOWN)] if number else [],
        words=words_for_script(),
        queues=queues_today(state),
        time=now(),
    )


def read_number(typed: str) -> str:
    """``a12``, ``A 012`` and ``A-012`` are one number; "" when it is none."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    letters = signs.rstrip("0123456789")
    digits = signs[len(letters) :]
    return f"{letters}-{int(digits):03d}" if letters.isalpha() and digits else ""


def _services(asked: str) -> frozenset[str]:
    """Codes as they stand in the administration, or as in addresses: ``ktp-rekam``."""
    codes = (code.strip().upper().replace("-", "_") for code in asked.split(","))
    return frozenset(code for code in codes if code)


def _is_wanted(one: CallShown | QueueShown | OutOfOrderShown, wanted: frozenset[str]) -> bool:
    return not wanted or one.service in wanted


def _office(slug: str) -> Office:
    found = office_queries.office_of_slug(db.session(), slug)
    if found is None:
        raise NotFound()
    return found
