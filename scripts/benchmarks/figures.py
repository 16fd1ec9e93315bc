"""The lines about figures: a report from what was stored of each day, beside a recount of the rows themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.db import db
from queue_app.jobs.figures import store_days
from queue_app.queries.figures.due import DueDay, finished_days
from queue_app.queries.figures.report import report
from queue_app.services.figures.days import count_day
from scripts.benchmarks.bench import Bench
from scripts.benchmarks.filling import AHEAD, Content, fill
from scripts.benchmarks.installation import Installation
from scripts.benchmarks.machine import progress
from scripts.benchmarks.table import MORE, Line

OFFICES, A_DAY, DAYS = 5, 860, 365
MONTH = 30  # days that a round recounts: a year of it would take minutes
ZONE = "Asia/Jakarta"
LEAST = 100  # times as quick as the recount


def figures(bench: Bench) -> Iterator[Line]:
    if bench.databases.given:
        raise LookupError("'figures' needs a database that is made for the run")
    installation = Installation(bench.folder / "figures", bench.databases.fresh("figures"), 1)
    if (made := installation.command("init")).returncode:
        raise SystemExit(f"no database to count: {made.stderr.strip()}")
    now = datetime.now(UTC)
    days = DAYS + AHEAD + 1
    wanted = Content(OFFICES * A_DAY * days, OFFICES, days, now.date(), A_DAY)
    progress(f"{wanted.bookings:,} bookings: filling")
    engine = create_engine(installation.settings.database_url)
    fill(engine, wanted)
    engine.dispose()
    app = create_app(installation.settings)
    with app.app_context():
        progress("counting every day")
        began = time.perf_counter()
        counted = store_days(finished_days(db.session(), now=now))
        yield Line("a day of one office counted and stored", [1000 * (time.perf_counter() - began) / counted], "ms")
        yield from _rounds(bench, now.date())
        db.session.remove()
        db.engine.dispose()


def _rounds(bench: Bench, today: date) -> Iterator[Line]:
    """Another office each time; the year and the month end yesterday."""
    session: Session = db.session()
    last = today - timedelta(days=1)
    year, all_of_them, ratios = [], [], []
    for number in range(bench.scale.rounds):
        office = number % OFFICES + 1
        month = [last - timedelta(days=ago) for ago in range(MONTH)]
        year.append(_seconds(lambda office=office: report(session, office, last - timedelta(days=DAYS), last)))
        all_of_them.append(
            _seconds(lambda: [report(session, one + 1, last - timedelta(days=DAYS), last) for one in range(OFFICES)])
        )
        stored = _seconds(lambda office=office, month=month: report(session, office, month[-1], last))
        raw = _seconds(
            lambda office=office, month=month: [count_day(session, DueDay(office, ZONE, day)) for day in month]
        )
        ratios.append(raw / stored)
    yield Line(f"report of a year of one office ({A_DAY} a day)", [1000 * one for one in year], "ms", at_most=1000)
    yield Line(
        f"… of all {OFFICES} offices, one after the other", [1000 * one for one in all_of_them], "ms", at_most=1000
    )
    yield Line("a month by recount / from what was stored", ratios, "×", at_least=LEAST, better=MORE)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
