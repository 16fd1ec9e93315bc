"""A form that could not be taken just now, with all that was typed, to be sent once more. Never a password.

It is kept in the page itself; over a log-in in between, sealed.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request

from queue_app.domain.clock import lies_within
from queue_app.web.access.form_tokens import FORM_LIFETIME
from queue_app.web.request import keyring, now
from queue_app.web.site.language import gettext as _

NEVER_KEPT = {"csrf_token", "password", "present", "repeat", "time_code"}
_BOUND = "typed-before"


@dataclass(frozen=True, repr=False)
class TypedBefore:
    """``action``: where the form was sent to, on this site; ``fields``: names with values, in their order."""

    action: str
    fields: tuple[tuple[str, str], ...]
    without_password: bool = False

    def sealed(self) -> str:
        content = [self.action, self.fields, self.without_password, now().isoformat()]
        return base64.urlsafe_b64encode(keyring().seal(json.dumps(content), bound_to=_BOUND)).decode()

    def page(self) -> str:
        """One press sends it again, with a new token."""
        return render_template("errors/send_again.html", title=_("Kirim sekali lagi"), typed=self)


def of_this_request(action: str | None = None) -> TypedBefore:
    sent = list(request.form.items(multi=True))
    kept = tuple((name, value) for name, value in sent if name not in NEVER_KEPT)
    secret = any(name in NEVER_KEPT and name != "csrf_token" for name, _value in sent)
    return TypedBefore(action or request.full_path.rstrip("?"), kept, secret)


def opened(sealed: str | None) -> TypedBefore | None:
    """None where it was not sealed here, or too long ago."""
    try:
        content = json.loads(keyring().open(base64.urlsafe_b64decode((sealed or "").encode()), bound_to=_BOUND))
    except ValueError:
        return None
    action, fields, without_password, made = content
    if not lies_within(datetime.fromisoformat(made), timedelta(seconds=FORM_LIFETIME), now()):
        return None
    return TypedBefore(action, tuple((name, value) for name, value in fields), without_password)
