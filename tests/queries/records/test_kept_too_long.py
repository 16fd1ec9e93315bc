"""What is kept is named, has its time, and `queue-app check` sees what outlived it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import JSON, Enum, LargeBinary, String, insert, select, update
from sqlalchemy.orm import Session

from queue_app.domain.retention import HOLDINGS, OF_BOOKINGS, PURGED_WITHIN, SESSION_RETENTION
from queue_app.domain.roles import Role
from queue_app.domain.visits import StepKind
from queue_app.models import Base, Booking, InvitedRole, OfficeService, Staff, StaffSession, Ticket, VisitStep
from queue_app.queries.records.kept_too_long import verify_retention
from queue_app.services.access.invitations import invite
from queue_app.services.access.password_resets import make_link
from queue_app.services.records.retention import purge
from queue_app.web.privacy.holding_words import TABLES, WORDS, holding_rows
from tests.harness.factories import TESTER, make_booking, make_staff, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

RETENTION = timedelta(days=90)
# Columns of text and bytes that say nothing about a person: whoever adds one decides where it belongs.
NOBODYS = {
    "announcement": {"text_id", "text_en"},  # refuse numbers
    "api_key": {"name", "shown", "key_hash", "scopes"},  # a partner's program
    "attempt_count": {"rule", "counted", "account"},  # keyed hashes, forgotten within the hour
    "audit_entry": {"actor", "action", "subject", "before", "after"},
    "audit_seal": {"hash"},
    "backup": {"file", "host"},
    "booking": {"code", "request_key", "language"},
    "breach": {"happened", "data", "notice_id", "notice_en", "created_by", "told_by", "authority_by"},  # refuse numbers
    "check_in": {"nonce"},
    "clock_trust": {"boot"},
    "closure": {"reason_id", "reason_en", "created_by", "confirmed_by", "revoked_by"},
    "counter": {"pause_reason"},
    "coverage": {"code", "name"},
    "data_request": {"received_by", "answered_by"},
    "day_count": {"word"},  # of a list: a channel, an outcome, minutes
    "day_figures": {"mark"},  # counts and times of rows
    "device": {"name", "code_hash", "token_hash"},
    "disruption": {"started_by", "ended_by"},
    "former_address": {"slug"},  # refuses numbers
    "hall_device": {"token_hash"},
    "holiday": {"name_id", "name_en"},
    "holiday_year": {"confirmed_by"},
    "job_lease": {"name", "holder"},
    "job_run": {"name", "error"},
    "key_check": {"name", "value"},
    "former_key": {"name", "value"},
    "quota_change": {"reason"},  # refuses numbers
    "message_text": {"language", "subject", "body"},  # refuse numbers
    "offline_entry": {"nonce", "answer", "digest"},
    "office": {
        *("slug", "name", "region_code", "region_name", "address", "map_url", "phone", "whatsapp", "email"),
        *("complaint_url", "opening_hours_id", "opening_hours_en", "time_zone"),
    },
    "office_service": {
        *("letter", "who_id", "who_en", "requirements_id", "requirements_en"),
        *("steps_id", "steps_en", "legal_basis"),
    },
    "outbox_message": {"last_error", "channel"},
    "print_job": {"asked_by", "problem"},
    "printer": {"name", "host"},
    "site": {"title", "subtitle", "brand_colour"},
    "site_logo": {"picture", "version"},
    "restoration": {"restored_by"},  # the operator's account and machine
    "schedule": {"name"},
    "service": {"code", "slug", "name_id", "name_en", "summary_id", "summary_en"},
    "service_day": {"reason_id", "reason_en"},
    "survey_answer": {"key"},
    "survey_remark": {"key", "remark", "follow_up"},  # nobody is asked for, and numbers are refused
    "ticket": {"letter"},
    "visit_step": {"actor", "before", "nonce"},
    "webhook": {"partner", "address", "events", "secret", "former_secret"},  # a partner's program; refuse numbers
    "webhook_delivery": {"event_id", "event", "body", "problem", "answer"},
}


def texts() -> dict[str, set[str]]:
    """The columns in which something about a person could stand: bytes and free text, not words from a list."""
    return {
        table.name: {
            column.name
            for column in table.c
            if isinstance(column.type, String | LargeBinary | JSON) and not isinstance(column.type, Enum)
        }
        for table in Base.metadata.sorted_tables
    }


def undecided(stored: dict[str, set[str]]) -> set[str]:
    named = {(holding.table, column) for holding in HOLDINGS for column in holding.columns}
    known = named | {(table, column) for table, columns in NOBODYS.items() for column in columns}
    return {f"{table}.{column}" for table, columns in stored.items() for column in columns} - {
        f"{table}.{column}" for table, column in known
    }


def test_every_column_that_could_hold_a_person_is_decided_on() -> None:
    assert undecided(texts()) == set()


def test_a_new_column_of_text_is_seen() -> None:
    stored = texts()
    stored["visit"] = {"remark"}
    assert undecided(stored) == {"visit.remark"}


def test_what_is_named_is_there_and_nothing_twice() -> None:
    stored = texts()
    for holding in HOLDINGS:
        assert set(holding.columns) <= stored[holding.table], holding.table
        assert not set(holding.columns) & NOBODYS.get(holding.table, set()), holding.table
    assert all(columns <= stored[table] for table, columns in NOBODYS.items())


def test_every_holding_has_words() -> None:
    assert {holding.table for holding in HOLDINGS} == set(WORDS)
    assert set(WORDS) | {"outbox_file"} == set(TABLES)


@pytest.fixture
def kept(session: Session, offering: OfficeService, keyring, clock: FixedClock) -> Booking:
    slot = slots_of(session, offering, THURSDAY)[0]
    booking = make_booking(session, slot.id, keyring=keyring, now=clock.now(), email="siti@contoh.id")
    ticket = booking.tickets[0]
    own = {"ticket_id": ticket.id, "office_id": ticket.office_id, "service_id": ticket.service_id, "day": ticket.day}
    session.add(VisitStep(**own, at=clock.now(), kind=StepKind.MORE_TIME, actor="citizen", before={}, reason="Lansia"))
    session.commit()
    return booking


def test_the_check_sees_what_outlived_its_time_and_the_purge_ends_it(
    session: Session, kept: Booking, clock: FixedClock
) -> None:
    def breaches() -> tuple[str, ...]:
        return verify_retention(session, retention=RETENTION, now=now).breaches

    over = kept.tickets[0].starts_at + RETENTION
    now = over + PURGED_WITHIN
    assert breaches() == ()  # its last hour
    now += timedelta(seconds=1)
    found = breaches()
    assert {breach.split(": ")[1].split()[0] for breach in found} == {"ticket", "booking", "visit_step"}
    assert all(breach.startswith(f"booking {kept.id}:") for breach in found)
    assert purge(session, retention=RETENTION, now=now) == 1
    assert breaches() == ()


@pytest.mark.parametrize("holding", OF_BOOKINGS[:2], ids=lambda holding: holding.table)
def test_each_column_alone_is_seen(session: Session, kept: Booking, holding) -> None:
    """Emptied by a purge that forgot one of them."""
    now = kept.tickets[0].starts_at + RETENTION + PURGED_WITHIN + timedelta(seconds=1)
    purge(session, retention=RETENTION, now=now)
    table = Base.metadata.tables[holding.table]
    for column in holding.columns:
        session.execute(update(table).values({column: b"left"}))
        (breach,) = verify_retention(session, retention=RETENTION, now=now).breaches
        assert f"{holding.table} still holds" in breach
        session.execute(update(table).values({column: None}))


def test_old_sessions_of_staff_are_seen(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    staff = Staff(username="siapa", name="Siapa", password_hash="-", created_at=clock.now())
    session.add(staff)
    session.flush()
    seen = clock.now() - SESSION_RETENTION - PURGED_WITHIN - timedelta(seconds=1)
    values = {"token_hash": b"x", "staff_id": staff.id, "office_id": offering.office_id}
    session.execute(insert(StaffSession).values(**values, started_at=seen, last_seen_at=seen))
    found = verify_retention(session, retention=RETENTION, now=clock.now()).breaches
    assert found == ("staff_session: 1 older than their retention",)


def test_old_one_time_links_are_seen_and_purged(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    boss = make_staff(session, offering.office, Role.ADMINISTRATOR, now=clock.now())
    made = clock.now() - SESSION_RETENTION - PURGED_WITHIN - timedelta(seconds=1)
    who = {"roles": [Role.DESK], "office_ids": [offering.office_id], "invited_by": boss.id}
    invite(session, name="Rina", **who, now=made)
    make_link(session, boss.id, made_by=None, actor=TESTER, now=made)
    session.commit()
    found = verify_retention(session, retention=RETENTION, now=clock.now()).breaches
    assert found == tuple(f"{table}: 1 older than their retention" for table in ("staff_invitation", "password_reset"))
    purge(session, retention=RETENTION, now=clock.now())
    assert verify_retention(session, retention=RETENTION, now=clock.now()).breaches == ()
    assert session.scalars(select(InvitedRole)).all() == []


def test_the_table_says_the_setting(app) -> None:
    with app.test_request_context():
        (row,) = (row for row in holding_rows(timedelta(days=45)) if row.table == "Tiket")
    assert "45 hari" in row.kept


def test_a_ticket_still_to_come_keeps_the_whole_booking(session: Session, kept: Booking) -> None:
    """The last appointment counts, for the table of tickets as for the others."""
    first = kept.tickets[0]
    session.execute(update(Ticket).where(Ticket.id == first.id).values(starts_at=first.starts_at + RETENTION))
    session.commit()
    session.refresh(first)
    now = first.starts_at + PURGED_WITHIN
    assert verify_retention(session, retention=RETENTION, now=now).breaches == ()
