"""Settings: the only reader of the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

MOST_WORKERS = 64


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
    office_subtitle: str = "Kabupaten Sragen"
    brand_colour: str = "#0f4c5c"
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-*
    run_scheduler: bool = True
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = True
    mail_from: str = "antrean@localhost"
    staff_idle: timedelta = timedelta(minutes=30)
    staff_absolute: timedelta = timedelta(hours=12)
    retention: timedelta = timedelta(days=90)  # personal data after the appointment
    backup: bool = True  # once a night, by a job
    backups: Path | None = None  # where; None: in the instance folder
    backup_days: int = 7  # the newest of so many days are kept,
    backup_weeks: int = 4  # and of so many weeks
    postgresql_programs: Path | None = None  # the folder of pg_dump and pg_restore; None: those that PATH finds
    testing: bool = False

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def outbox_folder(self) -> Path:
        return self.instance / "outbox"

    @property
    def backup_folder(self) -> Path:
        return self.backups or self.instance / "backups"

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

    def number(name: str, default: int) -> int:
        raw = environment.get(name, "").strip()
        if not raw:
            return default
        if not raw.isdecimal():
            raise ValueError(f"{name} must be a whole number, not {raw!r}.")
        return int(raw)

    def switch(name: str, default: bool) -> bool:
        raw = environment.get(name, "").strip().lower()
        if raw in {"", "1", "0", "yes", "no", "true", "false"}:
            return default if not raw else raw in {"1", "yes", "true"}
        raise ValueError(f"{name} must be yes or no, not {raw!r}.")

    def text(name: str, default: str) -> str:
        return environment.get(name, "").strip() or default

    def folder(name: str) -> Path | None:
        raw = text(name, "")
        return Path(raw).absolute() if raw else None

    instance = Path(text("QUEUE_APP_INSTANCE", str(default_instance()))).absolute()
    host = text("HOST", Settings.host)
    port = number("PORT", Settings.port)
    if not 1 <= port <= 65535:
        raise ValueError(f"PORT must lie between 1 and 65535, not {port}.")
    shown_host = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host
    workers = number("QUEUE_APP_WORKERS", default_workers())
    if not 1 <= workers <= MOST_WORKERS:
        raise ValueError(f"QUEUE_APP_WORKERS must lie between 1 and {MOST_WORKERS}, not {workers}.")
    kept = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text("QUEUE_APP_BACKUP_KEEP", "7/4"))
    if kept is None:
        raise ValueError("QUEUE_APP_BACKUP_KEEP must be days/weeks, such as 7/4.")
    return Settings(
        instance=instance,
        database_url=_driver(text("QUEUE_APP_DATABASE_URL", f"sqlite:///{instance / 'queue.db'}")),
        host=host,
        port=port,
        workers=workers,
        public_url=text("QUEUE_APP_PUBLIC_URL", f"http://{shown_host}:{port}").rstrip("/"),
        office_title=text("QUEUE_APP_OFFICE_TITLE", Settings.office_title),
        office_subtitle=text("QUEUE_APP_OFFICE_SUBTITLE", Settings.office_subtitle),
        brand_colour=text("QUEUE_APP_BRAND_COLOUR", Settings.brand_colour),
        trusted_proxies=number("QUEUE_APP_TRUSTED_PROXIES", 0),
        run_scheduler=switch("QUEUE_APP_RUN_SCHEDULER", True),
        smtp_host=environment.get("QUEUE_APP_SMTP_HOST") or None,
        smtp_port=number("QUEUE_APP_SMTP_PORT", Settings.smtp_port),
        smtp_user=environment.get("QUEUE_APP_SMTP_USER") or None,
        smtp_password=environment.get("QUEUE_APP_SMTP_PASSWORD") or None,
        smtp_starttls=switch("QUEUE_APP_SMTP_STARTTLS", True),
        mail_from=text("QUEUE_APP_MAIL_FROM", Settings.mail_from),
        staff_idle=timedelta(minutes=number("QUEUE_APP_STAFF_IDLE_MINUTES", 30)),
        staff_absolute=timedelta(hours=number("QUEUE_APP_STAFF_ABSOLUTE_HOURS", 12)),
        retention=timedelta(days=number("QUEUE_APP_RETENTION_DAYS", 90)),
        backup=switch("QUEUE_APP_BACKUP", True),
        backups=folder("QUEUE_APP_BACKUP_FOLDER"),
        backup_days=int(kept[1]),
        backup_weeks=int(kept[2]),
        postgresql_programs=folder("QUEUE_APP_POSTGRESQL_PROGRAMS"),
    )


def environment_for_programs() -> dict[str, str]:
    """What a program is given that this one starts: nothing of its own settings, among which is a password."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")}


def calm_the_allocator() -> None:
    """Has to happen before granian is loaded, which reads it once."""
    os.environ.setdefault("_RJEM_MALLOC_CONF", ALLOCATOR)


def _driver(url: str) -> str:
    """Providers write postgres:// and postgresql://; the driver here is psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
