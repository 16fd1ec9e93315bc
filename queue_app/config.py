"""Settings: the only reader of the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url

from .adapters.variables import Variables
from .adapters.webhook_post import Network
from .domain.openid import OpenIdSettings

MOST_WORKERS = 64
MOST_PROXIES = 10
LONGEST_RETENTION = 3650  # days; none at all would delete people's data while they are at the counter

# Of granian's jemalloc: no store for each thread, and what is free goes back to the system after a second.
ALLOCATOR = "narenas:2,tcache:false,dirty_decay_ms:1000,muzzy_decay_ms:0"


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one installation to the next; see `docs/operators.md` for the variables."""

    instance: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1  # processes that answer requests
    public_url: str = "http://127.0.0.1:8000"  # how citizens reach it: links in messages and on tickets
    office_title: str = "Antrean Dukcapil"
    office_subtitle: str = ""
    brand_colour: str = "#0f4c5c"
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-*
    run_scheduler: bool = True
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = True
    mail_from: str = "antrean@localhost"
    anchor_mail: str | None = None  # where the anchors of the audit log go once a day
    staff_idle: timedelta = timedelta(minutes=30)
    staff_absolute: timedelta = timedelta(hours=12)
    retention: timedelta = timedelta(days=90)  # personal data after the appointment
    metrics_token: str | None = None  # without it there is no /metrics
    log_requests: bool = False
    backup: bool = True  # once a night, by a job
    backups: Path | None = None  # where; None: in the instance folder
    backup_days: int = 7  # the newest of so many days are kept,
    backup_weeks: int = 4  # and of so many weeks
    direct_database_url: str | None = None  # of the same PostgreSQL, past a pooler
    postgresql_programs: Path | None = None  # the folder of pg_dump and pg_restore; None: those that PATH finds
    openid: OpenIdSettings | None = None  # a provider by which staff log in
    password_log_in: bool = True
    webhook_networks: tuple[Network, ...] = ()  # inner networks that partners' webhooks may lie in
    testing: bool = False

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def outbox_folder(self) -> Path:
        return self.instance / "outbox"

    @property
    def anchors_folder(self) -> Path:
        return self.instance / "anchors"

    @property
    def backup_folder(self) -> Path:
        return self.backups or self.instance / "backups"

    @property
    def sqlite_file(self) -> Path | None:
        """Where the database is a file; None for PostgreSQL."""
        url = make_url(self.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @property
    def dumped_url(self) -> str:
        """Where PostgreSQL's own programs connect."""
        return self.direct_database_url or self.database_url

    @property
    def keys_file(self) -> Path:
        return self.instance / "keys.json"


def default_workers() -> int:
    """One for each core that this process may use, but at most four: beyond that the database is the limit."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 4)


def default_instance() -> Path:
    return Path.cwd() / "instance"


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the variables; raise ValueError with a sentence that names the wrong one."""
    read = Variables(environment)
    instance = Path(read.text("QUEUE_APP_INSTANCE", str(default_instance()))).absolute()
    host = read.text("HOST", Settings.host)
    port = read.port("PORT", Settings.port)
    shown_host = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host
    idle = read.number("QUEUE_APP_STAFF_IDLE_MINUTES", 30, 24 * 60)
    absolute = read.number("QUEUE_APP_STAFF_ABSOLUTE_HOURS", 12, 7 * 24)
    if idle > absolute * 60:
        raise ValueError(
            f"QUEUE_APP_STAFF_IDLE_MINUTES ({idle}) is longer than QUEUE_APP_STAFF_ABSOLUTE_HOURS ({absolute}) allows."
        )
    days, weeks = read.days_and_weeks("QUEUE_APP_BACKUP_KEEP", "7/4")
    return Settings(
        instance=instance,
        database_url=read.database("QUEUE_APP_DATABASE_URL", f"sqlite:///{instance / 'queue.db'}"),
        host=host,
        port=port,
        workers=read.number("QUEUE_APP_WORKERS", default_workers(), MOST_WORKERS),
        public_url=read.web_address("QUEUE_APP_PUBLIC_URL", f"http://{shown_host}:{port}"),
        office_title=read.heading("QUEUE_APP_OFFICE_TITLE", Settings.office_title),
        office_subtitle=read.heading("QUEUE_APP_OFFICE_SUBTITLE", Settings.office_subtitle),
        brand_colour=read.colour("QUEUE_APP_BRAND_COLOUR", Settings.brand_colour),
        trusted_proxies=read.number("QUEUE_APP_TRUSTED_PROXIES", 0, MOST_PROXIES, least=0),
        run_scheduler=read.switch("QUEUE_APP_RUN_SCHEDULER", True),
        **read.mail_server(Settings.smtp_port),
        anchor_mail=read.anchor_mail("QUEUE_APP_ANCHOR_MAIL"),
        mail_from=read.sender("QUEUE_APP_MAIL_FROM", Settings.mail_from),
        staff_idle=timedelta(minutes=idle),
        staff_absolute=timedelta(hours=absolute),
        retention=timedelta(days=read.number("QUEUE_APP_RETENTION_DAYS", 90, LONGEST_RETENTION)),
        metrics_token=read.token("QUEUE_APP_METRICS_TOKEN"),
        log_requests=read.switch("QUEUE_APP_LOG_REQUESTS", False),
        backup=read.switch("QUEUE_APP_BACKUP", True),
        backups=read.folder("QUEUE_APP_BACKUP_FOLDER"),
        backup_days=days,
        backup_weeks=weeks,
        direct_database_url=read.database("QUEUE_APP_DIRECT_DATABASE_URL", "") or None,
        postgresql_programs=read.folder("QUEUE_APP_POSTGRESQL_PROGRAMS"),
        **read.openid(),
        webhook_networks=read.networks("QUEUE_APP_WEBHOOK_NETWORKS"),
    )


def log_as_json(environment: Mapping[str, str] = os.environ) -> bool:
    """Known before all others: the first thing that goes wrong may be one of them. Raises ValueError."""
    return Variables(environment).choice("QUEUE_APP_LOG", ("text", "json")) == "json"


def settings_and_faults(environment: Mapping[str, str] = os.environ) -> tuple[Settings, dict[str, str]]:
    """The settings with the default in the place of each that is wrong, and the sentence about each by its name.

    What was typed is left out of the sentence: it may be a password in the wrong place. Raises ValueError where none of
    them can be meant, OSError where there is no current folder.
    """
    left, faults = dict(environment), {}
    try:
        log_as_json(left)
    except ValueError as problem:
        faults["QUEUE_APP_LOG"] = _without_value(problem, left["QUEUE_APP_LOG"])
    while True:
        try:
            return settings_from(left), faults
        except ValueError as problem:
            named = [name for name in re.findall(r"[A-Z][A-Z_]+", str(problem)) if name in left]
            if not named:
                raise
            faults[named[0]] = _without_value(problem, left.pop(named[0]))


def _without_value(problem: ValueError, typed: str) -> str:
    said = str(problem)
    for form in {typed.strip(), typed.strip().lower()}:
        said = said.replace(repr(form), "what is there")
    return said


def known_names() -> frozenset[str]:
    """Of all variables that are read."""
    asked = _Asked()
    settings_from(asked)
    log_as_json(asked)
    return frozenset(asked.names)


def unknown_names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like ours, and that nobody reads."""
    ours = re.compile(r"QUEUE_?APP_?(?!TEST_)", re.IGNORECASE)
    return sorted(name for name in environment if ours.match(name) and name not in known_names())


class _Asked(Mapping[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def environment_for_programs() -> dict[str, str]:
    """What a program is given that this one starts: nothing of its own settings, among which is a password."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")}


def calm_the_allocator() -> None:
    """Has to happen before granian is loaded, which reads it once."""
    os.environ.setdefault("_RJEM_MALLOC_CONF", ALLOCATOR)
