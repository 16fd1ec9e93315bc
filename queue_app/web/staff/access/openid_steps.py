"""Between this server and the provider: what the browser keeps while it is there, and what a page keeps afterwards."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, request, session, url_for

from queue_app.db import db
from queue_app.domain.accounts import SECOND_STEP_LIFETIME
from queue_app.domain.clock import lies_within
from queue_app.domain.errors import NotFound
from queue_app.domain.openid import Begun, Identity, IdentityRefused
from queue_app.web.request import keyring, now, settings
from queue_app.web.site.language import current_language

if TYPE_CHECKING:
    from queue_app.adapters.openid import Provider

PROVIDER = "openid_provider"
BEGUN = "openid_begun"  # in the session: what was begun, where to go on to, when; until the browser is back
_BOUND = "openid-identity"


def provider() -> Provider:
    """Raises NotFound where the operator has set none."""
    found, chosen = current_app.extensions.get(PROVIDER), settings().openid
    if found is None:
        if chosen is None:
            raise NotFound()
        # Not above: whoever has no provider is spared the memory of the libraries.
        from queue_app.adapters.openid import Provider

        found = current_app.extensions[PROVIDER] = Provider(chosen)
    return cast("Provider", found)


def provider_label() -> str | None:
    """What its button says; None where there is none."""
    chosen = settings().openid
    return chosen.labels[current_language()] if chosen else None


def begin(target: str | None) -> str:
    """The address at the provider. Raises ProviderAway, NotFound."""
    db.session().rollback()  # a provider takes its time: nobody waits for this connection to the database
    begun = provider().begin(_comes_back_to())
    session[BEGUN] = [asdict(begun), target, now().isoformat()]
    return begun.address


def finish() -> tuple[Identity, str | None]:
    """Who came back, and where they go on to; each beginning is good once. Raises IdentityRefused, ProviderAway."""
    kept, target, made = session.pop(BEGUN, (None, None, None))
    if kept is None or not lies_within(datetime.fromisoformat(made), SECOND_STEP_LIFETIME, now()):
        raise IdentityRefused("nothing was begun in this browser")
    begun = Begun(**kept)
    if request.args.get("state") != begun.state:
        raise IdentityRefused("state")
    if "code" not in request.args:
        raise IdentityRefused("the provider gave no code")
    db.session().rollback()
    return provider().finish(begun, request.args["code"], _comes_back_to(), now=now()), target


def sealed(identity: Identity) -> str:
    """For the page that asks whose account it is."""
    content = json.dumps([asdict(identity), now().isoformat()])
    return base64.urlsafe_b64encode(keyring().seal(content, bound_to=_BOUND)).decode()


def opened(kept: str | None) -> Identity | None:
    """None where it was not sealed here, or too long ago."""
    try:
        content = keyring().open(base64.urlsafe_b64decode((kept or "").encode()), bound_to=_BOUND)
    except ValueError:
        return None
    identity, made = json.loads(content)
    return Identity(**identity) if lies_within(datetime.fromisoformat(made), SECOND_STEP_LIFETIME, now()) else None


def _comes_back_to() -> str:
    return settings().public_url + url_for("staff.back_from_provider")
