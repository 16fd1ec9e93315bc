"""The rules of access. Each view carries exactly one: `@public`, `@requires(Permission.X)`, `@with_api_key(…)`,
`@with_device` or `@for_monitoring`.

A view without a rule is refused, so that forgetting it shows at once instead of opening a door.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queue_app.db import db, note
from queue_app.domain.api_keys import Scope
from queue_app.domain.roles import Actor, Permission
from queue_app.services.access import staff as staff_service
from queue_app.services.access.staff import StaffIdentity
from queue_app.web.refusals.errors import problem, unavailable, wants_json
from queue_app.web.request import now, settings
from queue_app.web.site.language import gettext as _

from .api_keys import KeyRule, admit, remember_keys
from .cookies import cookie
from .hall_devices import hear_device, know_devices
from .kiosks import DEVICE, DeviceRule, admit_device
from .monitors import MONITOR, MonitorRule, admit_monitor

View = TypeVar("View", bound=Callable[..., Any])

log = logging.getLogger(__name__)
STAFF_COOKIE = "staff_session"
LOG_IN = "staff.log_in"
ENROL = "staff.enrol"
PUBLIC = "public"
WITHOUT_KEYS = ("static", "health.alive", "health.ready")
Rule = str | Permission | KeyRule | DeviceRule | MonitorRule


def public(view: View) -> View:
    """Everybody may open it."""
    return _mark(view, PUBLIC)


def requires(permission: Permission) -> Callable[[View], View]:
    """Staff who hold this permission at the office they work at just now; the view finds them in `g.staff`."""
    return lambda view: _mark(view, permission)


def with_api_key(scope: Scope, *, or_ticket: bool = False) -> Callable[[View], View]:
    """Programs that show a key with this scope: the view finds the `Partner` in `g.partner`.

    ``or_ticket``: or whoever shows the token of a ticket, its id in `g.ticket_id`. The view still has to look whether
    the booking is theirs.
    """
    return lambda view: _mark(view, KeyRule(scope, or_ticket))


def with_device(view: View) -> View:
    """Enrolled kiosks of the office that the address names; the view finds the kiosk in `g.device`."""
    return _mark(view, DEVICE)


def for_monitoring(view: View) -> View:
    """The operator's monitoring, by its token; without one in the settings nobody."""
    return _mark(view, MONITOR)


def in_the_background(view: View) -> View:
    """Asked for by a page and not by a person: it does not keep those logged in who have gone away."""
    view.in_the_background = True  # type: ignore[attr-defined]
    return view


def before_enrolment(view: View) -> View:
    """Open to those who have to enrol a second factor and have not; all other pages lead here."""
    view.before_enrolment = True  # type: ignore[attr-defined]  # a function has room for it, its type does not say so
    return view


def rule_of(view: Callable[..., Any]) -> Rule | None:
    return getattr(view, "access_rule", None)


def _mark(view: View, rule: Rule) -> View:
    if rule_of(view) is not None:
        raise TypeError(f"{view.__qualname__} has an access rule already")
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def enforce_access(app: Flask) -> None:
    remember_keys(app)
    know_devices(app)
    app.before_request(_enforce)


def safe_next(target: str | None) -> str | None:
    """A path on this site to go on to after logging in; None for anything that could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    return target if target.isprintable() else None


def current_staff() -> StaffIdentity | None:
    """Who is logged in, for pages that are open to all; asks the database once a request."""
    if "staff" not in g:
        g.staff = _load_staff()
    staff: StaffIdentity | None = g.staff
    return staff


def _load_staff() -> StaffIdentity | None:
    token = cookie(STAFF_COOKIE)
    if not token:
        return None
    moment, limits = now(), {"idle": settings().staff_idle, "absolute": settings().staff_absolute}
    staff = staff_service.current(db.session(), token, now=moment, **limits)
    if staff is not None and not _asked_by_a_page() and staff.is_stale(moment):
        note(lambda session: staff_service.touch(session, token, now=moment))
    return staff


def _asked_by_a_page() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "in_the_background", False))


def _enforce() -> AnyResponse | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None  # no such page: the router says so
    view = current_app.view_functions[endpoint]
    rule = rule_of(view)
    if current_app.extensions["keys"].unfit and not (isinstance(rule, MonitorRule) or endpoint in WITHOUT_KEYS):
        # What it would show, and whom it would let in, goes by keys that were replaced.
        return unavailable()
    if rule == PUBLIC:
        return None
    if isinstance(rule, KeyRule):
        return admit(rule)
    if isinstance(rule, DeviceRule):
        return admit_device()
    if isinstance(rule, MonitorRule):
        return admit_monitor()
    if not isinstance(rule, Permission):
        raise RuntimeError(f"{endpoint} has no access rule")
    staff = current_staff()
    if staff is None:
        return _ask_to_log_in()
    if staff.must_enrol:
        return None if getattr(view, "before_enrolment", False) else _ask_to_enrol()
    if not staff.may(rule):
        log.warning("%s may not open %s", Actor.staff(staff.staff_id).label, endpoint)
        abort(403)
    hear_device()
    return None


def _ask_to_log_in() -> Response | AnyResponse:
    if wants_json():
        return problem("not_logged_in", _("Anda belum masuk, atau sudah terlalu lama diam. Masuk lagi."), 401)
    return _lead_to(LOG_IN)


def _ask_to_enrol() -> Response | AnyResponse:
    if wants_json():
        return problem("second_factor_needed", _("Pasang kode masuk lebih dulu."), 403)
    return _lead_to(ENROL)


def _lead_to(endpoint: str) -> AnyResponse:
    target = safe_next(request.full_path.rstrip("?"))
    if request.method == "GET":
        return redirect(url_for(endpoint, next=target), 303)
    # The browser sends the form on, and that page keeps what was typed until somebody may send it.
    return redirect(url_for(endpoint, form=target), 307)
