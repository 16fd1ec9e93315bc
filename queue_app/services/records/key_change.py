"""Change the keys in force, and forget those of which nothing is left: each in one transaction that no other unit of
work and no claim overlaps (`db.unit_of_work(changes_keys=True)`).

What is stored under a former key is brought under the new one by `resealing.py` (docs/decisions/0028-key-rotation.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased

from queue_app.domain.keyring import EPOCH, Keyring, KeysInForce, is_data_key
from queue_app.domain.roles import Actor
from queue_app.models import FormerKey, KeyCheck, StaffSession, Ticket
from queue_app.queries.records.key_checks import keys_in_force
from queue_app.queries.records.sealed_rows import may_become_active

from . import audit
from .resealing import anything_under, forget_digests, reindex

Chosen = Callable[[KeysInForce], Keyring]  # the keys of the file that are in force then
# What browsers hold sealed, drafts and forms over a log-in, is no older than this (`web/access/form_tokens.py`).
BROWSERS_HOLD = timedelta(hours=6)
REPEATED_WITHIN = timedelta(days=1)  # a request whose answer got lost is sent again long before
OPERATOR = Actor.system("command-line")


def change_keys(session: Session, newest: Keyring, chosen: Chosen, *, today: date, now: datetime) -> tuple[str, ...]:
    """Put those of the ``newest`` keys in force that the database does not know; return their names.

    The person index of all who hold a place follows in the same transaction. ``today``: the earliest date that any
    office has now.
    """
    known, wanted = keys_in_force(session), newest.check_values
    own = [name for name in wanted if not is_data_key(name) and name != EPOCH]
    names = tuple(name for name in (newest.current_name, *own) if known.values.get(name) != wanted[name])
    if not names:
        return ()
    former = dict(known.former_tickets)
    if newest.current_name in names:
        for name in filter(is_data_key, known.values.keys() - _remembered(session)):
            session.add(FormerKey(name=name, value=known.values[name], replaced_at=now))
    if "person_index" in names:
        session.add(FormerKey(name="person_index", value=known.values["person_index"], replaced_at=now))
    if "ticket" in names:
        # Nobody has a ticket under way while this transaction has the table of keys for itself.
        last = session.scalar(select(func.max(Ticket.id))) or 0
        former[known.values["ticket"]] = last
        replaced = {"value": known.values["ticket"], "replaced_at": now, "settled_at": now}
        session.add(FormerKey(name="ticket", last_ticket_id=last, **replaced))
    if "cookie" in names:
        session.execute(update(StaffSession).where(StaffSession.ended_at.is_(None)).values(ended_at=now))
    after = KeysInForce(dict(known.values) | {name: wanted[name] for name in names}, former).complete()
    _write(session, after)
    if "person_index" in names:
        reindex(session, chosen(after), may_become_active(today))
        forget_digests(session, since=now - REPEATED_WITHIN)
    audit.record(session, "keys.changed", "keys", 0, actor=OPERATOR, now=now, after={"keys": list(names)})
    session.flush()
    return names


def is_any_over(session: Session, keyring: Keyring, *, today: date, now: datetime) -> bool:
    """Whether there is a former key of which nothing is left, as it looks from here."""
    return any(_is_over(session, row, keyring, today=today, now=now) for row in former_keys(session))


def forget_keys(session: Session, keyring: Keyring, *, today: date, now: datetime) -> tuple[str, ...]:
    """Forget the former keys of which nothing is left; return their names. From then on they are refused."""
    known = keys_in_force(session)
    over = [row for row in former_keys(session) if _is_over(session, row, keyring, today=today, now=now)]
    if not over:
        return ()
    values, former = dict(known.values), dict(known.former_tickets)
    for row in over:
        if is_data_key(row.name):
            values.pop(row.name, None)
        former.pop(row.value, None)
        session.delete(row)
    _write(session, KeysInForce(values, former).complete())
    names = tuple(row.name for row in over)
    audit.record(session, "keys.forgotten", "keys", 0, actor=OPERATOR, now=now, after={"keys": list(names)})
    session.flush()
    return names


def former_keys(session: Session) -> list[FormerKey]:
    return list(session.scalars(select(FormerKey).order_by(FormerKey.id)))


def settle(session: Session, names: Iterable[str], *, now: datetime) -> None:
    """Nothing is stored any more under the former keys of these names."""
    rows = update(FormerKey).where(FormerKey.name.in_(list(names)), FormerKey.settled_at.is_(None))
    session.execute(rows.values(settled_at=now))


def _is_over(session: Session, row: FormerKey, keyring: Keyring, *, today: date, now: datetime) -> bool:
    if row.settled_at is None:
        return False
    if row.name == "ticket":
        return not _has_days_to_come(session, row.last_ticket_id or 0, today)
    if is_data_key(row.name):
        # Looked at once more: here nobody can be storing what they have read before.
        return now >= row.replaced_at + BROWSERS_HOLD and not anything_under(session, keyring, row.name)
    return True


def _has_days_to_come(session: Session, last_ticket_id: int, today: date) -> bool:
    """Of the tickets given by then, or of those that they were moved to: the old link leads on to them."""
    old = aliased(Ticket)
    later = select(Ticket.id).join(old, old.booking_id == Ticket.booking_id)
    return session.scalar(later.where(old.id <= last_ticket_id, Ticket.day >= today).limit(1)) is not None


def _remembered(session: Session) -> set[str]:
    return {row.name for row in former_keys(session)}


def _write(session: Session, after: KeysInForce) -> None:
    session.execute(delete(KeyCheck))
    session.add_all(KeyCheck(name=name, value=value) for name, value in after.values.items())
    session.flush()
