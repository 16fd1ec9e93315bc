"""The chain shows every row that was altered, removed or slipped in."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import create_keyring, load_keyring
from queue_app.adapters.keyring import FileKeyring
from queue_app.models import AuditEntry, AuditSeal
from queue_app.queries.records.audit_chain import (
    PROBLEMS_MAX,
    BrokenBy,
    unsealed_before,
    verify_chain,
    verify_entries,
    verify_newest,
)
from queue_app.services.records import audit
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock


@pytest.fixture
def chain(session: Session, keyring: FileKeyring, clock: FixedClock) -> Session:
    """Five sealed rows."""
    for number in range(1, 6):
        audit.record(
            session,
            "day.quota_changed",
            "service_day",
            number,
            actor=TESTER,
            now=clock.now(),
            before={"quota": 50, "shares": {"public": 40, "assisted": 10}},
            after={"quota": 60},
            reason="Permintaan tinggi – “mendesak”",
        )
    session.flush()
    audit.seal_entries(session, keyring=keyring, now=clock.now())
    session.commit()
    return session


def test_an_untouched_chain_verifies(chain: Session, keyring: FileKeyring) -> None:
    assert verify_chain(chain, keyring) == []


def test_an_empty_chain_verifies(session: Session, keyring: FileKeyring) -> None:
    assert verify_chain(session, keyring) == []


def test_the_chain_grows_and_still_verifies(chain: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    audit.record(chain, "staff.created", "staff", 1, actor=TESTER, now=clock.advance(days=1))
    chain.flush()
    assert audit.seal_entries(chain, keyring=keyring, now=clock.now()) == 1
    chain.commit()
    assert verify_chain(chain, keyring) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "staff:1"},
        {"reason": None},
        {"after": {"quota": 61}},
        {"before": None},
        {"subject_id": 99},
        {"action": "day.closed"},
    ],
)
def test_an_altered_row_is_named(chain: Session, keyring: FileKeyring, change: dict[str, object]) -> None:
    chain.execute(update(AuditEntry).where(AuditEntry.id == 3).values(**change))
    chain.commit()
    assert verify_chain(chain, keyring) == ["Seal 3: audit entry 3 or the chain before it was altered."]


def test_a_moved_time_is_seen(chain: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    chain.execute(update(AuditEntry).where(AuditEntry.id == 1).values(at=clock.now() + timedelta(seconds=1)))
    chain.commit()
    assert len(verify_chain(chain, keyring)) == 1


def test_a_row_taken_out_with_its_seal_is_seen(chain: Session, keyring: FileKeyring) -> None:
    chain.execute(delete(AuditSeal).where(AuditSeal.sequence == 2))
    chain.execute(delete(AuditEntry).where(AuditEntry.id == 2))
    chain.commit()
    assert verify_chain(chain, keyring) == [
        "Seals 2 to 2 are missing.",
        "Seal 3: audit entry 3 or the chain before it was altered.",
    ]


def test_another_key_fits_no_link(chain: Session, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    create_keyring(path)
    assert len(verify_chain(chain, load_keyring(path))) == 5


def test_of_very_many_problems_the_first_are_told(chain: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    for number in range(30):
        audit.record(chain, "staff.created", "staff", number, actor=TESTER, now=clock.now())
    chain.flush()
    audit.seal_entries(chain, keyring=keyring, now=clock.now())
    chain.execute(update(AuditEntry).values(actor="citizen"))
    chain.commit()
    assert len(verify_chain(chain, keyring)) == PROBLEMS_MAX + 1


def test_seals_cut_off_at_the_end_leave_unsealed_rows(chain: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    chain.execute(delete(AuditSeal).where(AuditSeal.sequence >= 4))
    chain.commit()
    assert verify_chain(chain, keyring) == []
    assert unsealed_before(chain, clock.now() + timedelta(minutes=1)) == 2
    assert unsealed_before(chain, clock.now()) == 0


def test_the_newest_links_are_looked_at_alone(chain: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    found = verify_newest(chain, keyring, links=2, now=clock.now())
    assert (found.links, found.broken, found.unsealed, found.is_well) == (2, (), 0, True)
    assert verify_newest(chain, keyring, links=50, now=clock.now()).links == 5
    chain.execute(update(AuditEntry).where(AuditEntry.subject_id == 1).values(reason="Lain"))
    assert verify_newest(chain, keyring, links=4, now=clock.now()).is_well
    assert verify_newest(chain, keyring, links=5, now=clock.now()).broken == ((1, BrokenBy.ALTERED),)


def test_a_look_says_what_does_not_fit_and_what_bears_no_seal(
    chain: Session, keyring: FileKeyring, clock: FixedClock
) -> None:
    ids = chain.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()
    chain.execute(update(AuditEntry).where(AuditEntry.id == ids[4]).values(actor="staff:1"))
    chain.execute(delete(AuditSeal).where(AuditSeal.sequence == 2))
    found = verify_entries(chain, keyring, ids, now=clock.now())
    assert found.broken == ((3, BrokenBy.CUT), (5, BrokenBy.ALTERED))
    assert (found.links, found.unsealed, found.overdue, found.is_well) == (4, 1, 0, False)
    assert verify_entries(chain, keyring, [ids[1]], now=clock.advance(minutes=2)).overdue == 1
    assert verify_entries(chain, keyring, [ids[3]], now=clock.now()).is_well
