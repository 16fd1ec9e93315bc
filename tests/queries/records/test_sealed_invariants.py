"""`queue-app check` finds what the keys do not open, and who got a second place while other keys were in use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import create_keyring, load_keyring
from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.keyring import bound_to
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_code
from queue_app.models import Booking, OfficeService
from queue_app.queries.records import sealed_invariants
from queue_app.queries.records.invariants import verify
from tests.harness.factories import make_applicant, make_booking, make_staff, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

SITI = make_applicant(4711)
Book = Callable[[FileKeyring], Booking]


@pytest.fixture
def strange(tmp_path: Path) -> FileKeyring:
    create_keyring(tmp_path / "strange.json")
    return load_keyring(tmp_path / "strange.json")


@pytest.fixture
def siti(session: Session, offering: OfficeService, clock: FixedClock) -> Book:
    """Books for one and the same person, while these keys are in use."""
    slot = slots_of(session, offering, THURSDAY)[0]

    def book(keyring: FileKeyring) -> Booking:
        return make_booking(session, slot.id, SITI, keyring=keyring, now=clock.now())

    return book


@pytest.fixture
def broken(session: Session, keyring: FileKeyring, clock: FixedClock) -> Callable[[str], tuple[str, ...]]:
    def breaches(code: str) -> tuple[str, ...]:
        session.flush()
        session.expire_all()
        return next(one for one in verify(session, keyring=keyring, now=clock.now()) if one.code == code).breaches

    return breaches


def test_rows_that_other_keys_sealed_are_named(
    siti: Book, keyring: FileKeyring, strange: FileKeyring, broken: Callable[[str], tuple[str, ...]]
) -> None:
    siti(keyring)
    assert broken("I16") == broken("I17") == ()
    code = show_code(siti(strange).code)
    assert broken("I3") == (), "the index takes her for somebody else"
    assert broken("I16") == tuple(
        f"{column}: 1 cannot be opened, first of booking {code}"
        for column in ("ticket.nik", "ticket.name", "booking.phone")
    )
    assert broken("I17") == (
        "1 active tickets cannot be opened: whether their persons have another place is not known",
    )


def test_a_second_factor_that_other_keys_sealed_is_named(
    session: Session, offering: OfficeService, strange: FileKeyring, clock: FixedClock, broken: Callable[..., Any]
) -> None:
    staff = make_staff(session, offering.office, Role.AUDITOR, now=clock.now(), keyring=strange)
    assert broken("I16") == (f"second_factor.secret: 1 cannot be opened, first of staff {staff.id}",)


def test_a_second_place_is_seen_where_the_nik_can_be_read(
    session: Session,
    siti: Book,
    keyring: FileKeyring,
    strange: FileKeyring,
    broken: Callable[[str], tuple[str, ...]],
) -> None:
    """As after the index key alone was another one, or after the second booking was sealed anew."""
    first, second = (siti(keys).tickets[0] for keys in (keyring, strange))
    code = second.booking.code
    second.nik = keyring.seal(SITI.nik.digits, bound_to=bound_to(code, "nik", second.position))
    assert broken("I17") == (
        f"ticket {second.id}: its person index is not that of its NIK",
        f"service {first.service_id}: ticket {second.id} is a second place of the person of ticket {first.id}",
    )
    session.execute(text("UPDATE ticket SET state = 'cancelled' WHERE id = :id"), {"id": second.id})
    assert broken("I17") == ()


def test_only_the_first_codes_of_many_are_named(
    session: Session,
    offering: OfficeService,
    strange: FileKeyring,
    clock: FixedClock,
    broken: Callable[[str], tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealed_invariants, "OWNERS", 2)
    people = [make_applicant(serial) for serial in range(1, 5)]
    for slot, two in zip(slots_of(session, offering, THURSDAY), (people[:2], people[2:]), strict=True):
        for one in two:
            make_booking(session, slot.id, one, keyring=strange, now=clock.now())
    (niks, *_others) = broken("I16")
    assert niks.startswith("ticket.nik: 4 cannot be opened, first of booking ")
    assert niks.count(", ") == 2
