"""Texts of messages in an office's own words: plain, with a few places for what differs from message to message.

A place is a name in braces. Nothing is computed and nothing is looked up by it but the value of that name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import DomainError
from .identity import holds_personal_number
from .reminders import MessageKind

SUBJECT_MAX, BODY_MAX = 120, 2000  # characters
# What the built-in texts tell as well; the address, the map and what to bring may be empty.
_OF_TICKET = ("nomor", "kode", "layanan", "hari", "jam", "kantor", "alamat", "tautan", "peta", "syarat")
_TICKET_TO_COME = (*_OF_TICKET, "perubahan")
_OF_CLOSURE = (*_OF_TICKET, "sebab", "tawaran")
# The messages that an office may word, each with the places that it may have. What answers a request of the law, or
# whoever lost a code, is worded by the program alone.
PLACES = {
    MessageKind.CONFIRMATION: _TICKET_TO_COME,
    MessageKind.RESCHEDULED: _TICKET_TO_COME,
    MessageKind.CANCELLED: _TICKET_TO_COME,
    MessageKind.REMINDER_DAY_BEFORE: _TICKET_TO_COME,
    MessageKind.REMINDER_SAME_DAY: _TICKET_TO_COME,
    MessageKind.DAY_CLOSED: _OF_CLOSURE,
    MessageKind.SENT_HOME: _OF_CLOSURE,
    MessageKind.DAY_OPENED: _OF_CLOSURE,
    MessageKind.HOUR_CUT: (*_TICKET_TO_COME, "ubah"),
    MessageKind.SURVEY: (*_OF_TICKET, "survei"),
}
_TO_COME = frozenset({"nomor", "kode", "hari", "jam", "kantor", "tautan"})
_CLOSED = frozenset({"nomor", "kode", "hari", "kantor", "tawaran"})
# Those that each must have: without them nobody finds the way.
OBLIGATORY = {
    MessageKind.CONFIRMATION: _TO_COME,
    MessageKind.RESCHEDULED: _TO_COME,
    MessageKind.CANCELLED: frozenset({"nomor", "kode", "hari"}),
    MessageKind.REMINDER_DAY_BEFORE: _TO_COME,
    MessageKind.REMINDER_SAME_DAY: _TO_COME,
    MessageKind.DAY_CLOSED: _CLOSED | {"sebab", "jam"},  # it may be closed for some hours alone
    MessageKind.SENT_HOME: _CLOSED | {"sebab"},
    MessageKind.DAY_OPENED: frozenset({"hari", "kantor", "tawaran"}),  # number and code stand in what is offered
    MessageKind.HOUR_CUT: _TO_COME | {"ubah"},
    MessageKind.SURVEY: frozenset({"kantor", "survei"}),
}
# Places that stand for a part of the built-in texts, which says more than a value.
_PARTS = {"perubahan": "changing", "survei": "survey_links", "tawaran": "offer"}
# More than a line, or a link that nobody can press in a subject.
_OF_BODY = frozenset({"tautan", "peta", "syarat", "perubahan", "tawaran", "ubah", "survei"})
_PLACE = re.compile(r"\{([^{}\n]*)\}|[{}]")


class InvalidMessageText(DomainError):
    """``details['reason']``: subject | body | personal | brace | unknown | long | missing.

    ``field``: subject or body; ``place``: as it was typed, or the first that is missing; ``line``: from 1 on.
    """

    code = "invalid_message_text"


def read_message_text(kind: MessageKind, subject: str, body: str) -> tuple[str, str]:
    """Subject (one line) and body as they are stored. Raises InvalidMessageText."""
    subject = " ".join(subject.split())
    body = "\n".join(line.rstrip() for line in body.strip().splitlines())
    for field, text, most in (("subject", subject, SUBJECT_MAX), ("body", body, BODY_MAX)):
        if not text or len(text) > most:
            raise InvalidMessageText(reason=field, field=field)
        if holds_personal_number(text):
            raise InvalidMessageText(reason="personal", field=field)
        _check_places(kind, field, text)
    for place in PLACES[kind]:
        if place in OBLIGATORY[kind] and f"{{{place}}}" not in body:
            raise InvalidMessageText(reason="missing", field="body", place=place)
    return subject, body


def parts_of(kind: MessageKind) -> dict[str, str]:
    """Of the places of a kind of message those that stand for a part of the built-in text, with its name."""
    parts = {place: part for place, part in _PARTS.items() if place in PLACES[kind]}
    return parts | {"tawaran": "opened"} if kind is MessageKind.DAY_OPENED else parts


def closing_of(kind: MessageKind) -> tuple[str, ...]:
    """The parts that stand under every message, and no office can leave out: that nothing is to be paid; and that
    answers to the survey lead to nobody.
    """
    return ("nameless", "closing") if kind is MessageKind.SURVEY else ("closing",)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with a value at each place; what a value holds is never read as a place. Lines that are empty because
    their places are do not pile up.
    """
    filled = _PLACE.sub(lambda found: values.get(found[1] or "", ""), text)
    return re.sub(r"\n{3,}", "\n\n", filled).strip()


def _check_places(kind: MessageKind, field: str, text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _PLACE.finditer(line):
            if found[1] is None:
                raise InvalidMessageText(reason="brace", field=field, line=number)
            if field == "subject" and found[1] in _OF_BODY:
                raise InvalidMessageText(reason="long", field=field, line=number, place=found[0])
            if found[1] not in PLACES[kind]:
                raise InvalidMessageText(reason="unknown", field=field, line=number, place=found[0])
