"""Invite the people of a list: each makes their own account, with user name and password of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import product

from sqlalchemy.orm import Session

from queue_app.domain.exchange.cells import Cell, impersonal, key_of, several_of
from queue_app.domain.exchange.columns import NAME, OFFICE, ROLE_WORDS, ROLES
from queue_app.domain.exchange.refusals import CellRefused
from queue_app.domain.exchange.rows import ImportRow
from queue_app.domain.roles import Role
from queue_app.models import Office
from queue_app.queries.exchange.places import offices_by_name, staff_held
from queue_app.services.access.invitations import invite

from .report import Act, Done, Report, in_turn

NAME_MAX = 100  # as the form that invites one
_ROLES = {key_of(word): role for role, said in ROLE_WORDS.items() for word in (said, role)}


def import_staff(
    session: Session, rows: Sequence[ImportRow], *, offices: Sequence[Office], invited_by: int, now: datetime
) -> Report:
    """``offices``: those that whoever invites answers for. What is given of each row is the token of the link.

    Who works there already with the same roles, or is invited to, stays as they are. Raises ImportRefused.
    """
    known, here = staff_held(session, [office.id for office in offices]), offices_by_name(offices)
    lines: dict[str, int] = {}

    def act(row: ImportRow) -> Done:
        name = row.wanted(NAME, impersonal(NAME_MAX), "")
        roles: list[Role] = row.wanted(ROLES, _roles, [])
        places: list[Office] = row.wanted(OFFICE, here.several, [])
        if name and not any(map(str.isalpha, name)):
            row.complain(CellRefused(reason="missing"), NAME)
        if (line := lines.setdefault(key_of(name), row.line)) != row.line:
            row.complain(CellRefused(reason="twice", line=line), NAME)
        held = frozenset(product((office.id for office in places), roles))
        others = known.get(key_of(name), set())
        if others and held not in others:
            row.complain(CellRefused(reason="already_there"), NAME)
        row.require_sound()
        if others:
            return Done(row.line, Act.SAME, (name,))
        place_ids = [office.id for office in places]
        _row, token = invite(session, name=name, roles=roles, office_ids=place_ids, invited_by=invited_by, now=now)
        return Done(row.line, Act.INVITE, (name,), (token,))

    return in_turn(session, rows, act)


def _roles(cell: Cell) -> list[Role]:
    """Commas do as well: no role has one in its name."""
    found = [_ROLES.get(key_of(name)) for part in several_of(cell) for name in part.split(",") if name.strip()]
    known = [role for role in found if role is not None]
    if len(known) < len(found) or not known:
        raise CellRefused(reason="role")
    return known
