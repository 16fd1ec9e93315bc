"""The details between form and chosen time: in an encrypted cookie, because nothing is stored before a place is.

The cookie is named after the service at the office, so that two services open in two tabs do not mix.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from queue_app.domain.identity import Nik, parse_nik
from queue_app.models import OfficeService
from queue_app.web.request import keyring, now

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, repr=False)
class Person:
    """Somebody who comes: ``nik`` is the checked digits."""

    name: str
    nik: str

    @property
    def checked(self) -> Nik:
        return parse_nik(self.nik)


@dataclass(frozen=True, repr=False)
class Draft:
    """Checked details. ``request_key`` is random and stays with them, so that a repeated request books once."""

    people: tuple[Person, ...]
    phone: str
    email: str | None
    request_key: str = ""

    def keyed(self, earlier: Draft | None) -> Draft:
        """With the key of ``earlier`` when nothing differs, for that may be a repetition; else with a fresh one."""
        if earlier is not None and replace(self, request_key=earlier.request_key) == earlier:
            return earlier
        return replace(self, request_key=secrets.token_urlsafe(16))


def read_draft(offering_id: int) -> Draft | None:
    """None when there is none, when it is too old, or when it was not made here."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_name(offering_id), "").encode())
        content = json.loads(keyring().open(sealed, bound_to=_bound(offering_id)))
        until, people = content.pop("until"), tuple(Person(**person) for person in content.pop("people"))
    except (ValueError, KeyError):  # KeyError: written by an older version of this page
        return None
    return Draft(people=people, **content) if now().timestamp() < until else None


def keep_draft(response: Response, offering: OfficeService, draft: Draft) -> None:
    # Letters as they are: escaped ones would take six bytes each, and a browser drops a cookie of more than 4 KB.
    content = json.dumps({**asdict(draft), "until": (now() + LIFETIME).timestamp()}, ensure_ascii=False)
    sealed = keyring().seal(content, bound_to=_bound(offering.id))
    for path in _paths(offering):
        response.set_cookie(
            _name(offering.id),
            base64.urlsafe_b64encode(sealed).decode(),
            max_age=LIFETIME,
            path=path,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )


def drop_draft(response: Response, offering: OfficeService) -> None:
    for path in _paths(offering):
        response.delete_cookie(_name(offering.id), path=path, httponly=True, samesite="Lax")


def _paths(offering: OfficeService) -> tuple[str, ...]:
    """Where it is needed: the pages of the service and the two addresses that book; it travels nowhere else."""
    own = url_for("public.service", office=offering.office.slug, service=offering.service.slug)
    return own, f"{request.script_root}/slots", f"{request.script_root}/bookings"


def _name(offering_id: int) -> str:
    return f"draft-{offering_id}"


def _bound(offering_id: int) -> str:
    return f"draft/{offering_id}"
