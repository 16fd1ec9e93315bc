"""Figures of days: the job, a rebuild and a plain recount agree, whatever happens to the rows afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from queue_app.cli import figures, main
from queue_app.config import Settings
from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.jobs.figures import store_days
from queue_app.jobs.registry import run_job
from queue_app.models import (
    Booking,
    CheckIn,
    DayCount,
    DayFigures,
    Office,
    OfflineEntry,
    SurveyMark,
    Ticket,
    Visit,
    VisitStep,
)
from queue_app.queries.figures.due import due_days, finished_days
from queue_app.services.arrivals.no_shows import take_back_no_show
from queue_app.services.records.retention import purge
from tests.harness.factories import TESTER
from tests.harness.fakes import THURSDAY, FixedClock
from tests.services.figures.recount import recounted, stored
from tests.upgrades.office_life import live

Recount = Callable[[], int]


@pytest.fixture
def lived(app: Flask, session: Session, clock: FixedClock) -> Recount:
    """An office after its week, ten days later, counted by the jobs; what rebuilds all of it."""
    live(app, clock)
    clock.advance(days=10)
    for job in ("end-days", "mark-no-shows", "count-days"):
        run_job(app, job)
    session.expire_all()

    def rebuild() -> int:
        with app.app_context():
            stored = store_days(finished_days(db.session(), now=clock.now()))
        session.rollback()
        return stored

    return rebuild


def test_job_rebuild_and_plain_recount_agree(lived: Recount, session: Session) -> None:
    by_the_job = stored(session)
    assert lived() > 10
    assert stored(session) == by_the_job
    assert len(by_the_job["day_work"]) > 1
    days = session.execute(select(DayFigures.office_id, DayFigures.day).distinct()).all()
    assert len(days) > 15
    tickets = 0
    for office_id, day in days:
        zone = session.get_one(Office, office_id).time_zone
        plain = recounted(session, office_id, day, zone)
        rows = session.scalars(select(DayFigures).filter_by(office_id=office_id, day=day)).all()
        assert {row.service_id for row in rows} == set(plain)
        for row in rows:
            counts = plain[row.service_id].pop("counts")
            assert {name: getattr(row, name) for name in plain[row.service_id]} == plain[row.service_id], day
            mine = select(DayCount).filter_by(office_id=office_id, day=day, service_id=row.service_id)
            assert Counter({(one.breakdown.value, one.word): one.people for one in session.scalars(mine)}) == counts
            tickets += row.tickets
    assert tickets == len(session.scalars(select(Ticket.id)).all()) > 50


def test_nothing_is_due_when_all_is_counted(lived: Recount, app: Flask, session: Session, clock: FixedClock) -> None:
    assert due_days(session, now=clock.now()) == []
    session.rollback()
    assert run_job(app, "count-days") == 0


def test_a_day_that_was_changed_afterwards_is_counted_again(
    lived: Recount, app: Flask, session: Session, clock: FixedClock
) -> None:
    clock.set(clock.now() - timedelta(days=6))
    missed = session.scalars(select(Ticket).where(Ticket.state == TicketState.NO_SHOW, Ticket.day == THURSDAY)).first()
    assert missed
    before = of_thursday(session)
    own = {"office_id": missed.office_id, "actor": TESTER, "now": clock.now()}
    take_back_no_show(session, missed.id, reason="Salah catat", **own)
    session.commit()
    assert run_job(app, "count-days") == 1
    session.expire_all()
    after = of_thursday(session)
    assert (after.missed, after.unsettled) == (before.missed - 1, before.unsettled + 1)
    changed = stored(session)
    lived()
    assert stored(session) == changed


def of_thursday(session: Session) -> Any:
    query = select(DayFigures.missed, DayFigures.unsettled).where(DayFigures.day == THURSDAY, DayFigures.tickets > 0)
    return session.execute(query).one()


def test_figures_outlive_the_deletion_of_personal_data(
    lived: Recount, session: Session, settings: Settings, clock: FixedClock
) -> None:
    """Nothing that they are counted from is emptied: a rebuild gives the same."""
    before = stored(session)
    later = clock.now() + settings.retention + timedelta(days=30)
    assert purge(session, retention=settings.retention, now=later) > 10
    session.commit()
    assert session.scalars(select(Ticket.nik).where(Ticket.nik.is_not(None))).first() is None
    lived()
    assert stored(session) == before


def test_a_rebuild_keeps_the_figures_of_days_whose_rows_are_gone(
    lived: Recount, app: Flask, session: Session, clock: FixedClock
) -> None:
    before, finished = stored(session), len(finished_days(session, now=clock.now()))
    for table in (SurveyMark, OfflineEntry, VisitStep, Visit, CheckIn):
        session.execute(delete(table).where(table.ticket_id.in_(select(Ticket.id).where(Ticket.day == THURSDAY))))
    session.execute(delete(Ticket).where(Ticket.day == THURSDAY))
    session.commit()
    assert lived() == finished - 1
    assert run_job(app, "count-days") == 0
    assert stored(session) == before


def test_no_figure_holds_anything_of_a_citizen(lived: Recount, session: Session) -> None:
    words = {value for rows in stored(session).values() for row in rows for value in row.values()}
    texts = {value for value in words if isinstance(value, str)}
    codes = set(session.scalars(select(Booking.code)))
    assert codes
    assert not any(code in text for code in codes for text in texts)
    assert not any("331499" in text for text in texts)


def test_an_old_day_is_looked_at_for_as_long_as_somebody_is_open(
    lived: Recount, app: Flask, session: Session, clock: FixedClock
) -> None:
    old = session.scalars(select(Ticket).where(Ticket.state == TicketState.NO_SHOW, Ticket.day == THURSDAY)).first()
    assert old
    old.state = TicketState.BOOKED
    session.commit()
    assert run_job(app, "count-days") == 1
    clock.advance(days=100)
    old.state = TicketState.NO_SHOW
    session.commit()
    assert run_job(app, "count-days") > 1  # and the days that have gone by since
    session.expire_all()
    assert of_thursday(session).unsettled == 0


def test_the_command_counts_again_and_names_what_it_keeps(
    lived: Recount, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    before = stored(session)
    session.execute(delete(DayCount))
    session.commit()
    monkeypatch.setattr(figures, "opened_app", lambda: app)
    slug = session.scalars(select(Office.slug).order_by(Office.position)).first()
    assert slug

    def run(*words: str) -> str:
        return CliRunner().invoke(main, ["figures", "rebuild", *words]).output

    assert "No such office" in run("--office", "solo")
    assert "1 days counted, 0 keep" in run("--office", slug, "--from", str(THURSDAY), "--to", str(THURSDAY))
    assert "0 keep" in run()
    session.rollback()
    assert stored(session) == before
