"""Settings: the only reader of the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MOST_WORKERS = 64
MOST_PROXIES = 10
HIGHEST_PORT = 65535
LONGEST_HEADING = 80  # characters
LONGEST_RETENTION = 3650  # days; none at all would delete people's data while they are at the counter
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: of the office's name, white on its colour
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"

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
    anchor_mail: str | None = None  # where the anchors of the audit log go once a day
    staff_idle: timedelta = timedelta(minutes=30)
    staff_absolute: timedelta = timedelta(hours=12)
    retention: timedelta = timedelta(days=90)  # personal data after the appointment
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
    read = _Variables(environment)
    instance = Path(read.text("QUEUE_APP_INSTANCE", str(default_instance()))).absolute()
    host = read.text("HOST", Settings.host)
    port = read.number("PORT", Settings.port, HIGHEST_PORT)
    shown_host = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host
    idle = read.number("QUEUE_APP_STAFF_IDLE_MINUTES", 30, 24 * 60)
    absolute = read.number("QUEUE_APP_STAFF_ABSOLUTE_HOURS", 12, 7 * 24)
    if idle > absolute * 60:
        raise ValueError(
            f"QUEUE_APP_STAFF_IDLE_MINUTES ({idle}) is longer than QUEUE_APP_STAFF_ABSOLUTE_HOURS ({absolute}) allows."
        )
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
        **read.mail_server(),
        anchor_mail=read.anchor_mail("QUEUE_APP_ANCHOR_MAIL"),
        mail_from=read.sender("QUEUE_APP_MAIL_FROM", Settings.mail_from),
        staff_idle=timedelta(minutes=idle),
        staff_absolute=timedelta(hours=absolute),
        retention=timedelta(days=read.number("QUEUE_APP_RETENTION_DAYS", 90, LONGEST_RETENTION)),
    )


class _Variables:
    """The environment, each kind of value read and checked. An empty variable is like one that is not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value.isprintable():
            raise ValueError(f"{name} must be one line without control characters.")
        return value or default

    def number(self, name: str, default: int, most: int, *, least: int = 1) -> int:
        raw = self.text(name, str(default))
        if not re.fullmatch(r"-?[0-9]{1,20}", raw):
            raise ValueError(f"{name} must be a whole number, not {raw!r}.")
        if not least <= int(raw) <= most:
            raise ValueError(f"{name} must lie between {least} and {most}, not {raw}.")
        return int(raw)

    def switch(self, name: str, default: bool) -> bool:
        raw = self.text(name, "yes" if default else "no").lower()
        if raw not in {"1", "0", "yes", "no", "true", "false"}:
            raise ValueError(f"{name} must be yes or no, not {raw!r}.")
        return raw in {"1", "yes", "true"}

    def heading(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if len(value) > LONGEST_HEADING:
            raise ValueError(f"{name} has {len(value)} characters; {LONGEST_HEADING} fit into the head of a page.")
        return value

    def colour(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError(f"{name} must look like {default}, not {value!r}.")
        if (contrast := _contrast_of_white(value)) < LEAST_CONTRAST:
            raise ValueError(
                f"{name}: white is not legible on {value} (contrast {contrast:.1f}, at least {LEAST_CONTRAST} is "
                "needed). Choose a darker colour."
            )
        return value

    def web_address(self, name: str, default: str) -> str:
        """The address of the site, without a slash at its end. The product stands at the top of its host."""
        value = self.text(name, "").rstrip("/")
        if not value:
            return default
        try:
            parts = urlsplit(value)
            address = f"{parts.scheme}://{parts.netloc}"
            known = parts.scheme in {"http", "https"} and _is_host(parts.hostname or "") and parts.port != 0
        except ValueError:  # a port that is no number, half an IPv6 address
            known = False
        if not known or value.lower() != address.lower() or "@" in address or address.endswith(":"):
            raise ValueError(
                f"{name} must be the address that citizens type, as https://antrean.example.go.id: http or https and a "
                "host, without user, path or question mark."
            )
        return address

    def database(self, name: str, default: str) -> str:
        value = self.text(name, default)
        for prefix in ("postgres://", "postgresql://"):  # providers write these; the driver here is psycopg 3
            if value.startswith(prefix):
                value = "postgresql+psycopg://" + value.removeprefix(prefix)
        if not re.match(r"sqlite:///.|postgresql\+psycopg://", value) or value == "sqlite:///:memory:":
            # The value is not repeated: it may hold a password.
            raise ValueError(f"{name} must begin with postgresql:// or be sqlite:/// with the path of a file.")
        return value

    def sender(self, name: str, default: str) -> str:
        value = self.text(name, default)
        _name, address = parseaddr(value)
        local, _at, host = address.rpartition("@")
        alone = value == address or value.endswith(f"<{address}>")
        if not (alone and address.isascii() and re.fullmatch(r"[^@\s]+", local) and _is_host(host)):
            raise ValueError(f"{name} must be a mail address, as antrean@example.go.id, not {value!r}.")
        return value

    def anchor_mail(self, name: str) -> str | None:
        if not self.text(name, ""):
            return None
        if not self.text("QUEUE_APP_SMTP_HOST", ""):
            raise ValueError(f"{name} needs QUEUE_APP_SMTP_HOST: in a file the anchors would not leave.")
        return self.sender(name, "")

    def mail_server(self) -> dict[str, Any]:
        host = self.text("QUEUE_APP_SMTP_HOST", "")
        if host and not _is_host(host):
            raise ValueError(
                f"QUEUE_APP_SMTP_HOST must be the name of a host alone, not {host!r}; its port is QUEUE_APP_SMTP_PORT."
            )
        user, password = (self._environment.get(f"QUEUE_APP_SMTP_{name}") or None for name in ("USER", "PASSWORD"))
        if (user is None) != (password is None):
            raise ValueError("QUEUE_APP_SMTP_USER and QUEUE_APP_SMTP_PASSWORD belong together: set both or neither.")
        return {
            "smtp_host": host or None,
            "smtp_port": self.number("QUEUE_APP_SMTP_PORT", Settings.smtp_port, HIGHEST_PORT),
            "smtp_user": user,
            "smtp_password": password,
            "smtp_starttls": self.switch("QUEUE_APP_SMTP_STARTTLS", True),
        }


def _is_host(name: str) -> bool:
    """A name of the DNS in ASCII, or an address of IPv4 or IPv6."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return len(name) <= 253 and re.fullmatch(_LABEL + r"(\." + _LABEL + r")*", name, re.IGNORECASE) is not None


def _contrast_of_white(colour: str) -> float:
    """By WCAG 2: 21 on black, 1 on white."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    luminance = sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


def calm_the_allocator() -> None:
    """Has to happen before granian is loaded, which reads it once."""
    os.environ.setdefault("_RJEM_MALLOC_CONF", ALLOCATOR)
