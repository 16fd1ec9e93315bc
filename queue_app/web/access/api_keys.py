"""Lets partners' programs in: by a key of the right scope or, for a citizen's own booking, by its ticket."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

from queue_app.db import db, unit_of_work
from queue_app.domain.api_keys import Scope, hash_key
from queue_app.domain.errors import TooManyRequests
from queue_app.domain.roles import Actor
from queue_app.services.access import api_keys
from queue_app.services.access.api_keys import Partner
from queue_app.web.refusals.programs import missing_scope, refusal_problem, unauthenticated
from queue_app.web.request import keyring, now
from queue_app.web.site.short_cache import ShortCache

log = logging.getLogger(__name__)
# A withdrawn key opens nothing any more after so long. Every booking of a partner passes here in the rush.
REMEMBERED = 5.0  # seconds
MOST_KEYS = 1000
TICKET_TOKEN = "Ticket-Token"


@dataclass(frozen=True)
class KeyRule:
    """The access rule of a route for programs: a key with ``scope``, or instead of it a ticket's token."""

    scope: Scope
    or_ticket: bool = False


def remember_keys(app: Flask) -> None:
    app.extensions["known_partners"] = ShortCache[bytes, Partner](REMEMBERED, MOST_KEYS)


def admit(rule: KeyRule) -> Response | None:
    """None to go on, with the partner (or None) in `g.partner` and the ticket's id (or None) in `g.ticket_id`."""
    partner = ticket_id = None
    key = _bearer(request.headers.get("Authorization"))
    if key is not None:
        partner = _recognise(key)
        if partner is None:
            log.warning("an API key that is not known, or withdrawn, was refused")
            return unauthenticated("wrong_api_key")
        if rule.scope not in partner.scopes:
            log.warning("%s has no right to %s", Actor.api_key(partner.key_id).label, rule.scope)
            return missing_scope(rule.scope)
    if rule.or_ticket and (token := request.headers.get(TICKET_TOKEN)):
        ticket_id = keyring().read_ticket_token(token)
        if ticket_id is None:
            return unauthenticated("wrong_ticket_token")
    if partner is None and ticket_id is None:
        return unauthenticated("no_proof" if rule.or_ticket else "no_api_key")
    g.partner, g.ticket_id = partner, ticket_id
    return _count(partner) if partner is not None else None


def known_partner(app: Flask, environ: Mapping[str, str], scope: Scope) -> Partner | None:
    """Outside of Flask: whose key is shown, if it was recognised a moment ago, opens ``scope`` and is not counted."""
    key = _bearer(environ.get("HTTP_AUTHORIZATION"))
    known: ShortCache[bytes, Partner] = app.extensions["known_partners"]
    partner = known.get(hash_key(key), app.extensions["clock"].now().timestamp()) if key else None
    return partner if partner and scope in partner.scopes and partner.limit_per_minute is None else None


def _bearer(header: str | None) -> str | None:
    """What follows ``Bearer`` in the Authorization header; "" for another way of authorising, None for no header."""
    if header is None:
        return None
    kind, _, key = header.partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def _recognise(key: str) -> Partner | None:
    """Only keys that are valid are remembered, so that nobody can fill the memory with guesses."""
    known: ShortCache[bytes, Partner] = current_app.extensions["known_partners"]
    moment, hashed = now().timestamp(), hash_key(key)
    partner = known.get(hashed, moment)
    if partner is None and (partner := api_keys.recognise(db.session(), key)):
        known.put(hashed, partner, moment)
    return partner


def _count(partner: Partner) -> Response | None:
    if partner.limit_per_minute is None:
        return None
    try:
        with unit_of_work() as session:
            api_keys.count_use(session, partner, now=now())
    except TooManyRequests as refusal:
        return refusal_problem(refusal)
    return None
