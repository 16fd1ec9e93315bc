"""No sweep reads more the longer an office keeps its bookings: by the plans of every statement that it sends."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.jobs.registry import JOBS, run_job
from tests.harness.fakes import FixedClock
from tests.harness.office import make_world
from tests.harness.plans import read_whole, sent_to
from tests.web.access.test_every_page import things

# By the beginning of the statement, with the reason why it may read on.
ALLOWED = (
    # From the ends of indexes: the newest link, the newest entry that is sealed, the newest day that is counted.
    "SELECT audit_seal.sequence, audit_seal.entry_id, audit_seal.hash, audit_seal.sealed_at \nFROM audit_seal ORDER BY",
    "SELECT max(audit_seal.entry_id)",
    "SELECT audit_seal.sequence \nFROM audit_seal ORDER BY audit_seal.sequence DESC\n LIMIT",
    "SELECT max(day_figures.day)",
)
# The purge looks, every six hours, at whatever still holds something about somebody, so that nothing is overlooked; but
# nobody waits for that. What was done without a connection is rare.
LOOKS_AT_ALL = "purge"
RARE = "offline_entry"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what PostgreSQL chooses depends on sizes
def test_no_sweep_reads_a_whole_table(app: Flask, session: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    world = make_world(session, keyring)
    things(app, world)
    with app.app_context():
        engine = db.engine
    looked_at: set[str] = set()
    found: list[str] = []
    for days in (0, 1, 100):
        clock.advance(days=days)
        for job in JOBS:
            with sent_to(engine) as sent:
                run_job(app, job.name)
            with engine.connect() as connection:
                for one in sent:
                    if one.statement in looked_at or one.statement.startswith(ALLOWED):
                        continue
                    looked_at.add(one.statement)
                    steps = read_whole(connection, one)
                    if job.name == LOOKS_AT_ALL:
                        steps = [step for step in steps if one.writes and RARE not in step]
                    found += [f"{job.name}: {step}\n{one.statement}" for step in steps]
    assert len(looked_at) > 50
    assert not found, "\n\n".join(found)
