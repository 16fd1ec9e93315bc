"""A batch of entries from a device: each is answered by itself, so that none stands in the way of the others.

What is refused stays on the device, with the words that staff read there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, jsonify, request
from jsonschema_rs import Draft202012Validator
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.domain.errors import DomainError, RepeatedRequest
from queue_app.models.base import LARGEST_ID
from queue_app.queries.offline.conflicts import count_conflicts
from queue_app.web.forms.json_text import read_json, require_characters
from queue_app.web.refusals.errors import problem
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _

log = logging.getLogger(__name__)
Entry = dict[str, Any]
NONCE = re.compile(r"[a-p]{32}")  # as devices make them: letters only, so that none looks like a NIK
MOST = 100  # of one request; devices send fifty
INVALID = "invalid"
# Shapes that the entries of both kinds share.
ROW_ID = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
INSTANT = {"type": "string", "maxLength": 40}


@dataclass(frozen=True)
class Taken:
    """What became of one entry. ``corrected``: its time was set right."""

    answer: str
    conflict: bool
    corrected: bool


class NoSense(Exception):
    """No device of ours makes such an entry."""


def shape(required: list[str], **properties: Any) -> Draft202012Validator:
    """Of an entry: devices add what only they need."""
    return Draft202012Validator({"type": "object", "required": required, "properties": properties})


def answer_each(valid: Draft202012Validator, take_over: Callable[[Entry], Taken]) -> Response:
    """Answers and refusals by nonce, and the places of entries without one. Harmless to repeat: what stands in none
    comes again.
    """
    entries = _entries_sent()
    if entries is None:
        return problem("invalid_entries", _("Kiriman tidak dapat dibaca."), 422)
    answers: dict[str, Any] = {}
    refused: dict[str, Any] = {}
    unreadable, corrected = [], 0
    for place, entry in enumerate(entries):
        nonce = entry.get("nonce") if isinstance(entry, dict) else None
        if not isinstance(nonce, str) or not NONCE.fullmatch(nonce):
            unreadable.append(place)
            continue
        try:
            _require_sense(valid, entry)
            taken = take_over(entry)
        except RepeatedRequest:
            continue  # it is being stored at this very moment: asked again, it has its answer
        except (OperationalError, PoolTimeout):
            raise
        except Exception as fault:
            refused[nonce] = _refusal(fault)
            continue
        answers[nonce] = {"answer": taken.answer, "conflict": taken.conflict}
        corrected += taken.corrected
    return jsonify(
        {
            "answers": answers,
            "refused": refused,
            "unreadable": unreadable,
            "corrected": corrected,
            "conflicts": count_conflicts(db.session(), g.staff.office_id),
        }
    )


def whole(value: Any) -> int | None:
    """A number of a row; JSON counts 7.0 among the integers, and we do as well."""
    return None if value is None else int(value)


def _entries_sent() -> list[Any] | None:
    """None when it is no batch at all."""
    if not request.is_json:
        return None
    try:
        body = read_json(request.get_data())
    except ValueError:
        return None
    entries = body.get("entries") if isinstance(body, dict) else None
    return entries if isinstance(entries, list) and len(entries) <= MOST else None


def _require_sense(valid: Draft202012Validator, entry: Entry) -> None:
    try:
        require_characters(entry)
        if not valid.is_valid(entry):
            raise NoSense()
    except (ValueError, OverflowError):  # numbers beyond what the validator can hold
        raise NoSense() from None


def _refusal(fault: Exception) -> dict[str, str]:
    if isinstance(fault, NoSense):
        return {"code": INVALID, "words": _("Isinya rusak: tidak jelas apa yang dicatat, untuk siapa, atau kapan.")}
    if isinstance(fault, DomainError):
        return {"code": fault.code, "words": message_for(fault)}
    log.error("an entry of a device cannot be stored: %s", type(fault).__name__)  # its text could hold personal data
    return {"code": "server_error", "words": _("Server tidak dapat menyimpan ini. Beri tahu administrator.")}
