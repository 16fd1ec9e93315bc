"""The audit log as it is asked: what each question finds, page after page, and by which index."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.models import OfficeService
from queue_app.models.audit import REVEALING
from queue_app.queries.records.audit import AuditFilter, audit_pages, audit_rows, count_up_to
from queue_app.services.records import audit
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.plans import read_whole, sent_to

ACTS = (  # action, actor, reason, days ago, of the office
    ("ticket.booked", "citizen", None, 9, True),
    ("ticket.checked_in", "staff:7", None, 8, True),
    ("day.quota", "staff:8", "Alat 100% rusak", 7, True),
    ("booking.contact_shown", "staff:7", None, 6, True),
    ("visit.served", "staff:77", None, 5, True),
    ("holiday.added", "staff:8", "Keputusan bersama", 4, False),
    ("booking.purged", "system:purge", None, 3, False),
    ("ticket.cancelled", "staff:7", "Alat mati", 2, True),
    ("day.closed", "staff:8", "Alat dipinjam", 2, True),
    ("ticket.checked_in", "device:2", None, 20, True),
    ("ticket.booked", "api-key:3", None, 30, True),
)


@pytest.fixture
def log(session: Session, offering: OfficeService) -> AuditFilter:
    """Written in this order, one for another office among them; answers with everything that an office may read."""
    for number, (action, actor, reason, days, here) in enumerate(ACTS):
        about = {"actor": Actor(actor), "now": MONDAY_MORNING - timedelta(days=days), "reason": reason}
        office = offering.office_id if here else None
        audit.record(session, action, "ticket" if "ticket" in action else "x", number, office_id=office, **about)
        session.flush()
    session.commit()
    return AuditFilter(offering.office_id)


def newest_first() -> list[str]:
    return [ACTS[number][0] for number in sorted(range(len(ACTS)), key=lambda number: (ACTS[number][3], -number))]


def found(session: Session, office_id: int, **asked: object) -> list[str]:
    return [row.entry.action for row in audit_rows(session, AuditFilter(office_id, **asked))]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 10]),
        ({"kinds": ("ticket.",)}, [7, 1, 0, 9, 10]),
        ({"kinds": ("day.", "holiday.")}, [8, 5, 2]),
        ({"kinds": REVEALING}, [3]),
        ({"kinds": ("booking.",)}, [6, 3]),
        ({"staff_id": 7}, [7, 3, 1]),
        ({"staff_id": 8}, [8, 5, 2]),
        ({"staff_id": 9}, []),
        ({"staff_id": 7, "kinds": ("ticket.",)}, [7, 1]),
        ({"program": "device:2"}, [9]),
        ({"program": "api-key:3"}, [10]),
        ({"program": "api-key:3", "since": MONDAY_MORNING - timedelta(days=9)}, []),
        ({"reason": "ALAT"}, [8, 7, 2]),
        ({"reason": "100%"}, [2]),
        ({"reason": "0_"}, []),
        ({"reason": "alat", "staff_id": 8}, [8, 2]),
        ({"since": MONDAY_MORNING - timedelta(days=5)}, [8, 7, 6, 5, 4]),
        ({"until": MONDAY_MORNING - timedelta(days=8)}, [0, 9, 10]),
        ({"since": MONDAY_MORNING - timedelta(days=8), "until": MONDAY_MORNING - timedelta(days=6)}, [2, 1]),
        ({"about": (("ticket", (1, 7)), ("visit", (1,)))}, [7, 1]),
        ({"about": (("ticket", (1, 7)),), "staff_id": 7, "reason": "mati"}, [7]),
    ],
    ids=str,
)
def test_each_question_finds_its_entries_and_reads_no_whole_table(
    session: Session, log: AuditFilter, asked: dict[str, object], numbers: list[int]
) -> None:
    with sent_to(session.get_bind()) as sent:
        assert found(session, log.office_id, **asked) == [ACTS[number][0] for number in numbers]
    assert count_up_to(session, AuditFilter(log.office_id, **asked), 100) == len(numbers)
    for one in sent:
        if "audit_entry" in one.statement:
            assert read_whole(session.connection(), one) == []


def test_pages_follow_each_other_also_within_one_instant(session: Session, log: AuditFilter) -> None:
    pages = list(audit_pages(session, log, at_once=2))
    assert [len(page) for page in pages] == [2, 2, 2, 2, 2, 1]
    assert [row.entry.action for page in pages for row in page] == newest_first()


def test_another_office_has_its_own(session: Session, log: AuditFilter) -> None:
    assert found(session, log.office_id + 1) == ["booking.purged", "holiday.added"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"kinds": ("day.",)}, "ix_audit_entry_office_acts"),
        ({"reason": "alat"}, "ix_audit_entry_with_reason"),
        ({"staff_id": 7}, "ix_audit_entry_of_staff"),
        ({"staff_id": 7, "since": MONDAY_MORNING}, "ix_audit_entry_of_staff"),
        ({"since": MONDAY_MORNING, "reason": "alat"}, "ix_audit_entry_with_reason"),
        ({"about": (("ticket", (1,)),), "staff_id": 7}, "ix_audit_entry_subject"),
    ],
    ids=str,
)
def test_the_smallest_index_leads(session: Session, log: AuditFilter, asked: dict[str, object], index: str) -> None:
    """Of two that would do, SQLite takes the one that was made last: the order of the migration matters."""
    with sent_to(session.get_bind()) as sent:
        found(session, log.office_id, **asked)
    (one,) = [one for one in sent if "audit_seal" in one.statement]
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one.statement}", one.parameters).all()
    used = {step[3].split("USING ")[1].split(" (")[0] for step in plan if "audit_entry" in step[3] and "ix_" in step[3]}
    assert {name.split()[-1] for name in used} == {index}
