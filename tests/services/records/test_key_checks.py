"""The database knows the keys that it was sealed with: others are refused, and a rotation only has to say so."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from queue_app.adapters.key_content import KeyFile
from queue_app.adapters.key_file import create_keyring, load_keyring
from queue_app.adapters.keyring import PURPOSES, FileKeyring
from queue_app.domain.keyring import KeysDoNotFit, KeysInForce
from queue_app.models import Booking, KeyCheck, OfficeService
from queue_app.queries.records.key_checks import keys_in_force, misfits
from queue_app.services.records import audit, key_checks
from queue_app.services.records.key_checks import adopt_keys, require_keys
from tests.harness.engines import Engines
from tests.harness.factories import make_booking, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

FILE = Path("/srv/queue/keys.json")
Fill = Callable[[FileKeyring], Booking]


@pytest.fixture
def other(tmp_path: Path) -> FileKeyring:
    create_keyring(tmp_path / "other" / "keys.json")
    return load_keyring(tmp_path / "other" / "keys.json")


@pytest.fixture
def fill(session: Session, clock: FixedClock) -> Fill:
    """Books for somebody, and seals it with the keys given."""

    def fill(keyring: FileKeyring) -> Booking:
        slots = slots_of(session, session.scalars(select(OfficeService)).one(), THURSDAY)
        slot = next(slot for slot in slots if slot.booked < slot.capacity)
        booking = make_booking(session, slot.id, keyring=keyring, now=clock.now())
        while audit.seal_entries(session, keyring=keyring, now=clock.now()):
            session.flush()
        session.commit()
        return booking

    return fill


@pytest.fixture(autouse=True)
def _an_office(offering: OfficeService) -> None: ...


def test_the_first_keys_are_written_down_and_others_refused(
    session: Session, keyring: FileKeyring, other: FileKeyring
) -> None:
    adopt_keys(session, keyring, file=FILE)
    stored = {row.name: row.value for row in session.scalars(select(KeyCheck))}
    assert stored == keyring.check_values
    adopt_keys(session, keyring, file=FILE)
    with pytest.raises(KeysDoNotFit, match=r"/srv/queue/keys\.json .*audit, cookie, data 1, person_index, ticket"):
        adopt_keys(session, other, file=FILE)
    assert {row.name: row.value for row in session.scalars(select(KeyCheck))} == stored


@pytest.mark.parametrize("purpose", ["person_index", "ticket", "audit", "cookie"])
def test_each_key_is_looked_at(session: Session, keyring: FileKeyring, other: FileKeyring, purpose: str) -> None:
    adopt_keys(session, keyring, file=FILE)
    mixed = replace(keyring, **{f"{purpose}_key": getattr(other, f"{purpose}_key")})
    assert misfits(session, mixed) == (purpose,)


def test_nothing_of_a_key_is_stored(session: Session, keyring: FileKeyring) -> None:
    adopt_keys(session, keyring, file=FILE)
    keys = {*keyring.data.values(), keyring.person_index_key, keyring.ticket_key, keyring.audit_key, keyring.cookie_key}
    assert not keys & set(session.scalars(select(KeyCheck.value)))
    assert keyring.ticket_token(1) not in str(session.scalars(select(KeyCheck.value)).all())


def test_what_is_in_force_and_nothing_else_has_to_be_there(
    session: Session, keyring: FileKeyring, other: FileKeyring
) -> None:
    """A key that waits does no harm; one that is forgotten may be missing."""
    file = KeyFile(2, keyring.data | {2: other.data[1]}, {name: (key,) for name, key in purposes(keyring).items()})
    adopt_keys(session, keyring, file=FILE)
    assert misfits(session, file.keyring(keys_in_force(session))) == ()
    values = dict(keys_in_force(session).values)
    values["data 2"] = file.keyring().check_values["data 2"]
    put_in_force(session, values)
    assert misfits(session, file.keyring(keys_in_force(session))) == ()
    assert file.keyring(keys_in_force(session)).current == 2
    assert misfits(session, keyring) == ("data 2",)
    del values["data 1"]
    put_in_force(session, values | {"ticket": other.check_values["ticket"]})
    rotated = replace(file.keyring(), data={2: other.data[1]}, ticket_key=other.ticket_key)
    assert misfits(session, rotated) == ()
    assert misfits(session, keyring) == ("data 2", "ticket")


def purposes(keyring: FileKeyring) -> dict[str, bytes]:
    return {purpose: getattr(keyring, f"{purpose}_key") for purpose in PURPOSES}


def put_in_force(session: Session, values: dict[str, bytes]) -> None:
    session.execute(delete(KeyCheck))
    known = KeysInForce(values).complete()
    session.add_all(KeyCheck(name=name, value=value) for name, value in known.values.items())
    session.flush()


def test_a_database_of_before_is_tried_by_what_it_holds(
    session: Session, fill: Fill, keyring: FileKeyring, other: FileKeyring
) -> None:
    fill(keyring)
    with pytest.raises(KeysDoNotFit, match="data, audit"):
        adopt_keys(session, other, file=FILE)
    assert misfits(session, replace(keyring, person_index_key=other.person_index_key)) == ("person_index",)
    assert misfits(session, replace(keyring, audit_key=other.audit_key)) == ("audit",)
    assert not session.scalars(select(KeyCheck)).all()
    adopt_keys(session, keyring, file=FILE)
    assert misfits(session, other)


def test_the_first_keys_are_the_right_ones(
    session: Session, fill: Fill, keyring: FileKeyring, other: FileKeyring
) -> None:
    """After a wrong file was in use for a while there are rows of both: the older ones decide, one alone does not."""
    for keys in (other, keyring, keyring, keyring):
        fill(keys)
    require_keys(session, keyring, file=FILE)
    with pytest.raises(KeysDoNotFit):
        require_keys(session, other, file=FILE)


def test_an_empty_database_takes_any_keys(session: Session, other: FileKeyring) -> None:
    assert misfits(session, other) == ()


def first_starts(url: str, engines: Engines, keyrings: list[FileKeyring]) -> list[str]:
    """Both begin before either has looked; what came of each."""
    together, outcomes = threading.Barrier(len(keyrings)), []

    def start(keyring: FileKeyring) -> None:
        with Session(bind) as session:
            options = {"writes": True} if bind.dialect.name == "sqlite" else {}
            together.wait(10)
            session.connection(execution_options=options)
            try:
                adopt_keys(session, keyring, file=FILE)
                session.commit()
                outcomes.append("adopted")
            except KeysDoNotFit:
                session.rollback()
                outcomes.append("refused")

    with engines.at(url) as bind:
        threads = [threading.Thread(target=start, args=(keyring,)) for keyring in keyrings]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    return sorted(outcomes)


def test_of_two_first_starts_with_keys_of_their_own_one_is_refused(
    database_url: str, engines: Engines, session: Session, keyring: FileKeyring, other: FileKeyring
) -> None:
    session.rollback()
    for _ in range(20):
        assert first_starts(database_url, engines, [keyring, other]) == ["adopted", "refused"]
        stored = {row.name: row.value for row in session.execute(select(KeyCheck.name, KeyCheck.value))}
        assert stored in (dict(keyring.check_values), dict(other.check_values))
        session.execute(delete(KeyCheck))
        session.commit()


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_look_at_the_end_is_what_refuses(
    database_url: str,
    engines: Engines,
    session: Session,
    keyring: FileKeyring,
    other: FileKeyring,
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
) -> None:
    """Both find no keys, in any case; without the guard both would serve. (SQLite lets one write at a time: there the
    second one's first look sees everything.)
    """
    both_have_looked, looks = threading.Barrier(2), threading.local()
    guard = key_checks.misfits

    def look(session: Session, keys: FileKeyring) -> tuple[str, ...]:
        if not hasattr(looks, "first"):
            looks.first = guard(session, keys)
            both_have_looked.wait(10)
            return looks.first
        return guard(session, keys) if guarded else ()

    monkeypatch.setattr(key_checks, "misfits", look)
    session.rollback()
    second = "refused" if guarded else "adopted"
    assert first_starts(database_url, engines, [keyring, other]) == ["adopted", second]
