"""An office as a whole, as it is set up from a file or told to one: its data, its services and their hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .calendar import Window
from .reminders import MessageKind
from .setup import DayHours
from .site import Logo

CONTACT_KEYS = ("address", "map_url", "phone", "whatsapp", "email", "complaint_url")
NAME_KEYS = ("name_id", "name_en", "summary_id", "summary_en")
TEXT_KEYS = ("who_id", "who_en", "requirements_id", "requirements_en", "steps_id", "steps_en", "legal_basis")


@dataclass(frozen=True)
class ServicePlan:
    """A service at an office; its place in the list is its place among the others. ``names`` (by `NAME_KEYS`): of one
    that the catalogue does not know, or calls something else; they count at each office that gives it.

    ``windows`` where it has a week of its own; else a ``quota`` a day over the office's hours. ``texts`` (by
    `TEXT_KEYS`) and ``letter``: what differs from the catalogue.
    """

    code: str
    quota: int = 0
    letter: str | None = None
    windows: tuple[Window, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MessagePlan:
    """A message in the office's own words; ``language``: id or en."""

    kind: MessageKind
    language: str
    subject: str
    body: str


@dataclass(frozen=True)
class HolidayPlan:
    """A holiday of the office alone; ``name_en`` empty: called the same in English."""

    date: date
    name_id: str
    name_en: str = ""


@dataclass(frozen=True)
class OfficePlan:
    """``contact``: by `CONTACT_KEYS`. ``counters``: so many, each for all services. ``messages``: those that the office
    words itself. ``holidays``: its own, none of which is for all offices.
    """

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
    messages: tuple[MessagePlan, ...] = ()
    holidays: tuple[HolidayPlan, ...] = ()


@dataclass(frozen=True)
class SitePlan:
    """``logo``: None leaves the present one."""

    title: str
    subtitle: str
    brand_colour: str
    logo: Logo | None = None


@dataclass(frozen=True)
class SetupPlan:
    offices: tuple[OfficePlan, ...]
    site: SitePlan | None = None
