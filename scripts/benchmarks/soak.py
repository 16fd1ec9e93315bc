"""A month of five offices under a clock that is moved: does the memory of each process stay where it is?"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import select

from queue_app.adapters.key_file import load_keyring
from queue_app.domain.roles import Role
from queue_app.jobs.registry import JOBS
from queue_app.models import JobRun
from queue_app.services.visits.counters import create_counter
from scripts.benchmarks.bench import Bench
from scripts.benchmarks.installation import Installation
from scripts.benchmarks.machine import Memory, family, memory, progress
from scripts.benchmarks.moved_clock import MovedClock
from scripts.benchmarks.servers import Server
from scripts.benchmarks.table import Line
from scripts.benchmarks.town import OfficeOfTheTown, Town
from tests.harness import factories
from tests.harness.backups import postgresql_programs
from tests.harness.surfer import Surfer

ZONE = ZoneInfo("Asia/Jakarta")
OFFICES = ("sragen", "gemolong", "gondang", "masaran", "sumberlawang")
REQUESTS = (700, 860)  # of a day, all offices together
FLAT = 1.05  # times the first week's memory, at most
QUARTER = timedelta(minutes=15)
AWAKE, OPEN, SHUT, ASLEEP = 6, 8, 15, 22  # hours of the day
JOBS_WITHIN = 240  # seconds until all that is due has run, on a machine that does other things
MEANWHILE = timedelta(seconds=10)  # of the clock in half a second, while jobs are waited for
PROGRAM = "scripts.benchmarks.moved_clock"


def soak(bench: Bench) -> Iterator[Line]:
    """Each day the town's requests in its hours and every job of the scheduler; memory is read late in the evening."""
    first = _next_monday(datetime.now(ZONE))
    clock = MovedClock(bench.folder / "clock", _at(first, -2))
    more = clock.environment
    if not bench.is_sqlite:  # for the backup of each night
        more["QUEUE_APP_POSTGRESQL_PROGRAMS"] = str(postgresql_programs() or "")
    installation = Installation(bench.folder / "soak", bench.databases.fresh("soak"), bench.workers, PROGRAM, more)
    samples: dict[str, list[Memory]] = {}
    with installation.start() as server, installation.scheduler() as scheduler:
        town = _settle(installation, server.port, clock)
        for day in range(bench.scale.days):
            asked = _live(town, installation, clock, first + timedelta(days=day))
            held = {name: memory(pid) for name, pid in _processes(server, scheduler).items()}
            for name, sample in held.items():
                samples.setdefault(name, []).append(sample)
            told = ", ".join(f"{name} {sample.resident:.0f}/{sample.own:.0f}" for name, sample in held.items())
            progress(f"day {day + 1}: {asked} requests; MB resident/own: {told}")
        bench.note(*installation.check(), *town.faults)
    progress(f"what came of it: {dict(sorted(town.done.items()))}; {Surfer.asked} requests")
    yield from _lines(samples)


def _lines(samples: dict[str, list[Memory]]) -> Iterator[Line]:
    """What each process held in each week, and the last one beside the first."""
    for name, days in samples.items():
        for said, values in (
            ("resident", [sample.resident for sample in days]),
            ("its own", [sample.own for sample in days]),
        ):
            weeks = weeks_of(values)
            for number, held in enumerate(weeks, start=1):
                yield Line(f"{name}, {said}, week {number}", [held], "MB")
            yield Line(f"{name}, {said}, last week / first week", [weeks[-1] / weeks[0]], "×", at_most=FLAT)


def weeks_of(days: list[float]) -> list[float]:
    """The median of each whole week; of all days together when they are fewer."""
    return [median(days[first : first + 7]) for first in range(0, max(len(days) - 6, 1), 7)]


def _live(town: Town, installation: Installation, clock: MovedClock, day: date) -> int:
    """One day from midnight to eleven in the evening; how many requests it brought."""
    chance = town.chance
    before, wanted = Surfer.asked, chance.randint(*REQUESTS)
    working = day.weekday() < 5
    _move(clock, day, 3)
    _wait_for_jobs(installation, clock)  # the night's: the backup, what is past its retention
    _move(clock, day, AWAKE)
    quarters = [AWAKE + number / 4 for number in range(4 * (ASLEEP - AWAKE))]
    for number, hour in enumerate(quarters, start=1):
        _move(clock, day, hour)
        while Surfer.asked - before < wanted * number / len(quarters):
            _somebody_comes(town, day, working and OPEN <= hour < SHUT)
        if working and hour == SHUT:
            town.go_home()
    _move(clock, day, 23)
    _wait_for_jobs(installation, clock)
    return Surfer.asked - before


def _somebody_comes(town: Town, day: date, is_open: bool) -> None:
    deeds = [(town.book, 2), (town.look, 4), (lambda: town.ask_by_program(day), 2)]
    if is_open:
        deeds += [(lambda: town.scan(day), 4), (town.serve, 8), (town.kiosk, 1), (town.watch, 4)]
        deeds += [(town.work_at_the_desk, 3), (lambda: town.administrate(day), 1)]
    (deed,) = town.chance.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])
    deed()


def _move(clock: MovedClock, day: date, hour: float) -> None:
    """In steps that no job takes for a clock that was set."""
    to = _at(day, hour)
    while clock.now() < to:
        clock.set(min(clock.now() + QUARTER, to))
        time.sleep(0.02)


def _at(day: date, hour: float) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hour)


def _wait_for_jobs(installation: Installation, clock: MovedClock) -> None:
    """Until each has run since it was last due; time goes on meanwhile, for one that failed is tried again later."""
    now, until = clock.now(), time.monotonic() + JOBS_WITHIN
    with installation.session() as session:
        while True:
            runs = {run.name: run for run in session.scalars(select(JobRun))}
            late = [job.name for job in JOBS if not _has_run(runs.get(job.name), since=now - job.every)]
            if not late:
                return
            if time.monotonic() > until:
                errors = {name: runs[name].error for name in late if name in runs}
                raise SystemExit(f"jobs that are due did not run: {', '.join(late)}; {errors}")
            session.rollback()
            time.sleep(0.5)
            clock.set(clock.now() + MEANWHILE)


def _has_run(run: JobRun | None, since: datetime) -> bool:
    return run is not None and run.finished_at is not None and run.finished_at >= since


def _processes(server: Server, scheduler: subprocess.Popen[bytes]) -> dict[str, int]:
    first, *workers = family(server.process.pid)
    named = {f"worker {number}": pid for number, pid in enumerate(sorted(workers), start=1)}
    return {"first process": first, **named, "scheduler": scheduler.pid}


def _settle(installation: Installation, port: int, clock: MovedClock) -> Town:
    """Five offices with a desk, a counter, an administrator and a kiosk each."""
    town, now = Town(port, [], random.Random(5), factories.PASSWORD, clock.now), clock.now()
    keyring = load_keyring(installation.settings.keys_file)
    with installation.session() as session:
        service = factories.make_service(session)
        for slug in OFFICES:
            office = factories.make_office(session, slug)
            hours = {"hours": tuple(range(OPEN, SHUT)), "capacity": 12, "opens_days_before": 7, "walk_ins_per_day": 50}
            factories.make_offering(session, office, service, now=now, early_minutes=480, late_minutes=480, **hours)
            roles = (Role.DESK, Role.COUNTER, Role.ADMINISTRATOR)
            staff = [factories.make_staff(session, office, role, now=now, keyring=keyring).username for role in roles]
            own = {"number": 1, "service_ids": [service.id]}
            create_counter(session, office_id=office.id, **own, actor=factories.TESTER, now=now)
            kiosk = factories.make_kiosk(session, office, now=now)
            town.offices.append(OfficeOfTheTown(slug, kiosk, *map(town.clerk, staff)))
    return town


def _next_monday(now: datetime) -> date:
    return now.date() + timedelta(days=7 - now.weekday())
