"""An office as a whole, as it is set up from a file or told to one: its data, its services and their hours."""

from __future__ import annotations

from dataclasses import dataclass, field

from .calendar import Window
from .setup import DayHours

CONTACT_KEYS = ("address", "map_url", "phone", "whatsapp", "email", "complaint_url")
TEXT_KEYS = ("who_id", "who_en", "requirements_id", "requirements_en", "steps_id", "steps_en", "legal_basis")


@dataclass(frozen=True)
class ServicePlan:
    """A service of the catalogue at an office. ``windows`` where it has a week of its own; else a ``quota`` a day over
    the office's hours. ``texts`` (by `TEXT_KEYS`) and ``letter``: what differs from the catalogue.
    """

    code: str
    quota: int = 0
    letter: str | None = None
    windows: tuple[Window, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfficePlan:
    """``contact``: by `CONTACT_KEYS`. ``counters``: so many, each for all services."""

    name: str
    time_zone: str
    region_name: str = ""
    region_code: str = ""
    slug: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    hours: tuple[DayHours, ...] = ()
    window_minutes: int = 60
    services: tuple[ServicePlan, ...] = ()
    counters: int = 0


@dataclass(frozen=True)
class SitePlan:
    title: str
    subtitle: str
    brand_colour: str


@dataclass(frozen=True)
class SetupPlan:
    offices: tuple[OfficePlan, ...]
    site: SitePlan | None = None
