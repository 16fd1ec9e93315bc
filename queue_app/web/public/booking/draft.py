"""The details between form and chosen time: in an encrypted cookie, because nothing is stored before a place is.

The cookie is named after the service at the office, so that two services open in two tabs do not mix. It lives for half
an hour from the last page that used it: a telephone or computer may be passed on, and whoever opens the form next must
not find somebody's NIK in it. Pages on which one chooses carry the same details, encrypted too, for as long as their
form is good: what somebody still has before their eyes is not lost to a clock.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask import request, url_for
from werkzeug.wrappers import Response

from queue_app.domain.identity import Nik, parse_nik
from queue_app.models import OfficeService
from queue_app.web.access.cookies import cookie, give_cookie, take_cookie
from queue_app.web.access.form_tokens import FORM_LIFETIME
from queue_app.web.before_flask.claim_sent import DRAFT
from queue_app.web.request import keyring, now

LIFETIME = timedelta(minutes=30)
PART_OF_SITE = "/slots"  # any: it is given for some addresses only, by one name


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
    return _open(cookie(_name(offering_id), PART_OF_SITE) or "", _bound(offering_id))


def keep_draft(response: Response, offering: OfficeService, draft: Draft) -> None:
    sealed = _seal(draft, LIFETIME, _bound(offering.id))
    for path in _paths(offering):
        give_cookie(response, _name(offering.id), sealed, path=path, max_age=LIFETIME)


def drop_draft(response: Response, offering: OfficeService) -> None:
    for path in _paths(offering):
        take_cookie(response, _name(offering.id), path=path)


def for_page(draft: Draft, offering_id: int) -> str:
    """For a hidden field; `draft_of_page` reads it."""
    return _seal(draft, timedelta(seconds=FORM_LIFETIME), _bound_to_page(offering_id))


def draft_of_page(sealed: str | None, offering_id: int) -> Draft | None:
    return _open(sealed or "", _bound_to_page(offering_id))


def _seal(draft: Draft, life: timedelta, bound: str) -> str:
    # Letters as they are: escaped ones would take six bytes each, and a browser drops a cookie of more than 4 KB.
    content = json.dumps({**asdict(draft), "until": (now() + life).timestamp()}, ensure_ascii=False)
    return base64.urlsafe_b64encode(keyring().seal(content, bound_to=bound)).decode()


def _open(sealed: str, bound: str) -> Draft | None:
    try:
        content = json.loads(keyring().open(base64.urlsafe_b64decode(sealed.encode()), bound_to=bound))
        until, people = content.pop("until"), tuple(Person(**person) for person in content.pop("people"))
    except (ValueError, KeyError):  # KeyError: written by an older version of this page
        return None
    return Draft(people=people, **content) if now().timestamp() < until else None


def _paths(offering: OfficeService) -> tuple[str, ...]:
    """Where it is needed: the pages of the service and the two addresses that book; it travels nowhere else."""
    own = url_for("public.service", office=offering.office.slug, service=offering.service.slug)
    return own, f"{request.script_root}/slots", f"{request.script_root}/bookings"


def _name(offering_id: int) -> str:
    return f"{DRAFT}{offering_id}"


def _bound(offering_id: int) -> str:
    return f"draft/{offering_id}"


def _bound_to_page(offering_id: int) -> str:
    return f"draft-of-page/{offering_id}"
