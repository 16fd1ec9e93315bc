"""Services of a list: from the catalogue or an office's own, with letters, minutes and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.catalogue import CATALOGUE, Category
from queue_app.domain.exchange.cells import Cell, impersonal, key_of, lines_of, text_of, whole_number_of
from queue_app.domain.exchange.columns import (
    CATEGORY,
    CODE,
    LETTER,
    MINUTES,
    NAME,
    NAME_EN,
    OFFICE,
    SUMMARY,
    SUMMARY_EN,
    TEXTS,
)
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.exchange.rows import ImportRow
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Office, OfficeService
from queue_app.queries.exchange.places import offerings_by_name, offices_by_name
from queue_app.services.calendar.offerings import OfferingChange, update_offering
from queue_app.services.setup.offered import (
    OF_CATALOGUE,
    OwnService,
    change_letter,
    offer_own_service,
    offer_services,
    resume_offering,
)

from .report import Act, Done, Report, in_turn

NAME_MAX, SUMMARY_MAX, LINES_MAX = 80, 200, 3000  # as the forms
CATEGORY_WORDS = {
    Category.CARD: "KTP-el",
    Category.FAMILY_CARD: "Kartu Keluarga",
    Category.CHILD_CARD: "Kartu Identitas Anak",
    Category.CERTIFICATE: "Akta",
    Category.MOVE: "Pindah datang",
    Category.OTHER: "Lainnya",
}
# Who writes the name only means the service of the catalogue all the same.
_CODES = {key_of(name): entry.code for entry in CATALOGUE for name in entry.name}
_CATEGORIES = {key_of(word): category for category, said in CATEGORY_WORDS.items() for word in (said, category)}


def import_services(
    session: Session,
    rows: Sequence[ImportRow],
    *,
    offices: Sequence[Office],
    may_add_own: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Report:
    """Offices give the services that they do not give yet, and all have the letter, minutes and texts of their row; an
    empty cell leaves what is there. ``may_add_own``: also services that the catalogue does not know.
    Raises ReasonRequired, ImportRefused.
    """
    reason, here = read_reason(reason), offices_by_name(offices)
    by: dict[str, Any] = {"actor": actor, "now": now}

    def act(row: ImportRow) -> Done:
        office = row.wanted(OFFICE, here.one, None)
        own = _own(row)
        code = row.possible(CODE, text_of, "").upper() or _CODES.get(key_of(own.name[0]), "")
        letter = row.possible(LETTER, text_of, "").upper()
        texts = {name: row.possible(column, lines_of(LINES_MAX), "") for column, name in TEXTS.items()}
        changed: dict[str, Any] = {name: text for name, text in texts.items() if text}
        if row.has(MINUTES):
            changed["minutes"] = row.possible(MINUTES, whole_number_of, 0)
        known = offerings_by_name(session, [office.id]) if office else {}
        given = known.get((office.id, key_of(code or own.name[0]))) if office else None
        if given is None and code not in OF_CATALOGUE and not own.name[0]:
            row.complain(CellRefused(reason="name_needed"), NAME)
        elif given is None and code not in OF_CATALOGUE and not may_add_own:
            row.complain(CellRefused(reason="own_service"), NAME)
        row.require_sound()
        assert office is not None  # else something would have been complained of
        was_given = given is not None and given.active
        if code in OF_CATALOGUE:
            offer_services(session, office.id, [code], **by)
        elif given is None:
            given = offer_own_service(session, office.id, own, **by)
        elif not given.active:
            resume_offering(session, given.id, reason=reason, **by)
        offering = given or offerings_by_name(session, [office.id])[office.id, key_of(code)]
        other = _change(session, offering, letter, changed, reason=reason, **by)
        done = Act.ADD if not was_given else Act.CHANGE if other else Act.SAME
        return Done(row.line, done, (offering.service.name_id, office.name))

    return in_turn(session, rows, act)


def _own(row: ImportRow) -> OwnService:
    """What a service is that the catalogue does not know."""
    name, summary = row.possible(NAME, impersonal(NAME_MAX), ""), row.possible(SUMMARY, impersonal(SUMMARY_MAX), "")
    name_en = row.possible(NAME_EN, impersonal(NAME_MAX), "") or name
    summary_en = row.possible(SUMMARY_EN, impersonal(SUMMARY_MAX), "") or summary
    return OwnService((name, name_en), (summary, summary_en), row.possible(CATEGORY, _category, Category.OTHER))


def _category(cell: Cell) -> Category:
    found = _CATEGORIES.get(key_of(text_of(cell)))
    if found is None:
        raise CellRefused(reason="category")
    return found


def _change(
    session: Session,
    offering: OfficeService,
    letter: str,
    changed: dict[str, Any],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Whether anything is another than before."""
    by: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
    change = replace(_present(offering), **changed)
    other = bool(update_offering(session, offering.id, change, **by))
    if not letter or letter == offering.letter:
        return other
    change_letter(session, offering.id, letter, **by)
    return True


def _present(of: OfficeService) -> OfferingChange:
    rules = of.booking_rules
    kept = ("early_minutes", "late_minutes", "walk_ins_per_day", "releases_at", "minutes", *TEXTS.values())
    return OfferingChange(
        opens=rules.opens,
        closes=rules.closes,
        changes_close=rules.changes_close,
        **{name: getattr(of, name) for name in kept},
    )
