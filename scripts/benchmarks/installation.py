"""The product as installed for the run: its instance, its server, and offices to rush at."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.config import Settings
from queue_app.db import db
from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.clock import office_date
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, Office, OfficeService, Schedule, ScheduleWindow, Service, Slot, Ticket
from queue_app.services.calendar.days import make_days
from scripts.benchmarks.databases import ROOT
from scripts.benchmarks.exactness import Stored
from scripts.benchmarks.servers import Server, clean_environment, free_port

FIRST_HOUR = 11  # of the first slot, office time
LOCAL_HOUR = 9  # what the clock of the office shows while the benchmark runs


@dataclass(frozen=True)
class Venue:
    """An office of its own with one service and its slots of today, all open for booking."""

    office_id: int
    office: str
    service: str
    slots: tuple[int, ...]
    capacity: int

    @property
    def places(self) -> dict[int, int]:
        return dict.fromkeys(self.slots, self.capacity)


class Installation:
    """``program`` is the module that is run as `queue-app`, with ``more`` in its environment."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        workers: int,
        program: str = "queue_app",
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = Settings(instance=folder, database_url=database_url, port=self.port, run_scheduler=False)
        self._environment = {
            **clean_environment(),
            "QUEUE_APP_INSTANCE": str(folder),
            "QUEUE_APP_DATABASE_URL": database_url,
            "QUEUE_APP_RUN_SCHEDULER": "no",
            "QUEUE_APP_WORKERS": str(workers),
            "PORT": str(self.port),
            **more,
        }
        self._program = program
        self._serial = itertools.count(1)

    def start(self) -> Server:
        """`queue-app serve`, from the command to the first page."""
        output = self.folder.with_suffix(".log")
        return Server(["-m", self._program, "serve"], self._environment, self.port, output, "/")

    @contextmanager
    def scheduler(self) -> Iterator[subprocess.Popen[bytes]]:
        """`queue-app scheduler` beside the server while the block runs."""
        with self.folder.with_suffix(".scheduler.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", self._program, "scheduler"],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `queue-app` with these arguments to its end."""
        return subprocess.run(
            [sys.executable, "-m", self._program, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def api_key(self) -> str:
        made = self.command("api-key", "create", "--name", "bench", "--scope", "bookings:write,check-ins:write")
        if made.returncode:
            raise SystemExit(f"no API key could be made: {made.stderr.strip()}")
        return made.stdout.strip().splitlines()[-1].strip()

    def check(self) -> list[str]:
        """What `queue-app check` finds broken; nothing when all invariants hold."""
        sealed = self.command("run-job", "seal-audit")  # no scheduler runs beside the benchmark
        if sealed.returncode:
            return [f"the audit could not be sealed: {sealed.stderr.strip()}"]
        checked = self.command("check")
        if checked.returncode == 0:
            return []
        return [
            f"queue-app check: {line.strip()}" for line in (checked.stdout + checked.stderr).strip().splitlines()[-25:]
        ]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The product's tables, without its server; whatever was opened is closed again."""
        app = create_app(self.settings)
        with app.app_context():
            try:
                yield db.session()
                db.session.commit()
            finally:
                db.session.remove()
                db.engine.dispose()

    def venue(self, *, slots: int, capacity: int, zone: str | None = None) -> Venue:
        """In a zone where it is morning just now, unless ``zone`` names another."""
        now = datetime.now(UTC)
        number = next(self._serial)
        with self.session() as session:
            offering = _offering(session, f"b{os.getpid()}-{number}", zone or _zone(now), now, slots, capacity)
            make_days(session, offering, now=now)
            today = office_date(now, offering.office.time_zone)
            return Venue(
                offering.office_id,
                offering.office.slug,
                offering.service.code,
                _slots(session, offering.office_id, today),
                capacity,
            )

    def stored(self, slots: Iterable[int]) -> list[Stored]:
        """The tickets that hold a place in these slots."""
        holding = (
            select(Ticket.slot_id, Booking.code, Ticket.letter, Ticket.queue_number)
            .join(Booking, Booking.id == Ticket.booking_id)
            .where(Ticket.slot_id.in_(list(slots)), Ticket.state.in_(HOLDING_STATES))
        )
        with self.session() as session:
            return [
                Stored(slot_id, show_code(code), show_number(letter, number))
                for slot_id, code, letter, number in session.execute(holding)
            ]


def _offering(session: Session, slug: str, zone: str, now: datetime, slots: int, capacity: int) -> OfficeService:
    office = Office(
        slug=slug,
        name=f"Kantor {slug}",
        region_code="33.14",
        region_name="Kabupaten Sragen",
        address="Jl. Raya Sukowati 255",
        time_zone=zone,
    )
    service = Service(
        code=slug.upper().replace("-", "_"),
        slug=slug,
        name_id="Perekaman KTP-el",
        name_en="Biometric recording",
        summary_id="Rekam foto dan sidik jari.",
        summary_en="Photo and fingerprints are taken.",
    )
    session.add_all([office, service])
    session.flush()
    offering = OfficeService(
        office_id=office.id,
        service_id=service.id,
        letter="A",
        who_id="Warga berusia 17 tahun ke atas",
        who_en="Residents of 17 and older",
        requirements_id="Fotokopi KK",
        requirements_en="Copy of the family card",
        opens_days_before=30,
        closes_days_before=0,
        closes_at=time(23, 0),
        changes_close_days_before=0,
        changes_close_at=time(23, 0),
        early_minutes=720,
        late_minutes=720,
    )
    session.add(offering)
    session.flush()
    windows = [
        ScheduleWindow(weekday=day, starts_at=time(hour), ends_at=time(hour + 1), capacity=capacity)
        for day in range(7)
        for hour in range(FIRST_HOUR, FIRST_HOUR + slots)
    ]
    always = date(2020, 1, 1)
    session.add(
        Schedule(office_service_id=offering.id, name="Biasa", valid_from=always, created_at=now, windows=windows)
    )
    session.flush()
    return offering


def _slots(session: Session, office_id: int, day: date) -> tuple[int, ...]:
    found = select(Slot.id).where(Slot.office_id == office_id, Slot.day == day).order_by(Slot.starts_at)
    return tuple(session.scalars(found))


def _zone(now: datetime) -> str:
    """A zone where it is morning just now: the figures must not depend on the hour at which they are taken."""
    east = (LOCAL_HOUR - now.hour + 11) % 24 - 11  # hours, -11 to +12
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"
