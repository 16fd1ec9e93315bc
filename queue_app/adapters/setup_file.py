"""A set-up as a TOML file: read with every mistake named, written by the same product (`docs/operators.md`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import tomli_w

from queue_app.domain.calendar import Share, Window
from queue_app.domain.message_texts import OBLIGATORY
from queue_app.domain.reminders import MessageKind
from queue_app.domain.setup import DayHours, InvalidSetup
from queue_app.domain.setup_plan import (
    CONTACT_KEYS,
    NAME_KEYS,
    TEXT_KEYS,
    HolidayPlan,
    MessagePlan,
    OfficePlan,
    ServicePlan,
    SetupPlan,
    SitePlan,
)
from queue_app.domain.site import LOGO_FILE_MAX, Logo

from .language import ENGLISH, INDONESIAN
from .logo import draw_logo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class SetupFileInvalid(Exception):
    """What is wrong, and where: ``office 1, service 3: quota must be a whole number``."""


def read_setup(text: str, folder: Path) -> SetupPlan:
    """``folder``: where the files are that it names. Raises SetupFileInvalid."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise SetupFileInvalid(f"This is no TOML: {problem}") from None
    whole = _Table("the file", content)
    offices = [_office(table) for table in whole.tables("office", "office")]
    site = whole.table("site")
    whole.finish()
    if not offices:
        raise SetupFileInvalid("the file: it names no [[office]].")
    return SetupPlan(tuple(offices), _site(site, folder) if site else None)


def write_setup(plan: SetupPlan, logo_name: str) -> str:
    """``logo_name``: of the file beside it, if there is a logo."""
    content: dict[str, Any] = {}
    if (site := plan.site) is not None:
        content["site"] = {"title": site.title, "subtitle": site.subtitle, "brand_colour": site.brand_colour}
        content["site"] |= {"logo": logo_name} if site.logo else {}
    content["office"] = [_office_table(office) for office in plan.offices]
    return tomli_w.dumps(content, multiline_strings=True)


class _Table:
    """A table whose keys are taken one by one: what is left at the end is a slip of the pen."""

    def __init__(self, where: str, content: Mapping[str, Any]) -> None:
        self.where, self._left = where, dict(content)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._left.pop(key, default)
        if not isinstance(value, str):
            raise SetupFileInvalid(f"{self.where}: {key} must be a text.")
        return value

    def number(self, key: str, default: int) -> int:
        value = self._left.pop(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise SetupFileInvalid(f"{self.where}: {key} must be a whole number.")
        return value

    def day(self, key: str) -> date:
        value = self._left.pop(key, None)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise SetupFileInvalid(f"{self.where}: {key} must be a date like 2027-03-07, without quotation marks.")
        return value

    def texts(self, key: str) -> list[str]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise SetupFileInvalid(f"{self.where}: {key} must be a list of texts.")
        return value

    def table(self, key: str) -> _Table | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SetupFileInvalid(f"{self.where}: {key} must be a table, [{key}].")
        return _Table(f"{self.where}, {key}" if self.where != "the file" else key, value)

    def tables(self, key: str, name: str) -> list[_Table]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise SetupFileInvalid(f"{self.where}: {key} must be tables, [[{key}]].")
        before = "" if self.where == "the file" else f"{self.where}, "
        return [_Table(f"{before}{name} {number}", one) for number, one in enumerate(value, start=1)]

    def some(self, keys: tuple[str, ...]) -> dict[str, str]:
        """Those of the texts that are there."""
        return {key: self.text(key) for key in keys if key in self._left}

    def finish(self) -> None:
        if self._left:
            raise SetupFileInvalid(f"{self.where}: {', '.join(sorted(self._left))} is not known here.")


def _site(table: _Table, folder: Path) -> SitePlan:
    head = table.text("title"), table.text("subtitle", ""), table.text("brand_colour")
    logo = table.text("logo", "")
    table.finish()
    return SitePlan(*head, _logo(table.where, folder / logo) if logo else None)


def _logo(where: str, path: Path) -> Logo:
    try:
        with path.open("rb") as file:
            return draw_logo(file.read(LOGO_FILE_MAX + 1))
    except InvalidSetup:
        raise SetupFileInvalid(f"{where}: {path} must be a PNG, JPEG or WebP of at most 60 KB.") from None
    except (OSError, ValueError) as problem:
        raise SetupFileInvalid(f"{where}: the logo cannot be read: {problem}") from None


def _office(table: _Table) -> OfficePlan:
    hours = table.table("hours")
    plan = OfficePlan(
        name=table.text("name"),
        time_zone=table.text("time_zone"),
        region_name=table.text("region_name", ""),
        region_code=table.text("region_code", ""),
        slug=table.text("slug", ""),
        contact=table.some(CONTACT_KEYS),
        hours=_hours(hours) if hours else (),
        window_minutes=table.number("window_minutes", 60),
        services=tuple(_service(one) for one in table.tables("service", "service")),
        counters=table.number("counters", 0),
        messages=tuple(_message(one) for one in table.tables("message", "message")),
        holidays=tuple(_holiday(one) for one in table.tables("holiday", "holiday")),
    )
    table.finish()
    return plan


def _holiday(table: _Table) -> HolidayPlan:
    plan = HolidayPlan(table.day("date"), table.text("name_id"), table.text("name_en", ""))
    table.finish()
    return plan


def _message(table: _Table) -> MessagePlan:
    kind, language = table.text("kind"), table.text("language")
    if kind not in OBLIGATORY or language not in (INDONESIAN, ENGLISH):
        raise SetupFileInvalid(f'{table.where}: no message "{kind}" in language "{language}" can be worded.')
    plan = MessagePlan(MessageKind(kind), language, table.text("subject"), table.text("body"))
    table.finish()
    return plan


def _hours(table: _Table) -> tuple[DayHours, ...]:
    """``monday = ["08:00", "15:00"]``, or with a break ``["08:00", "12:00", "13:00", "15:00"]``."""
    hours = []
    for weekday, name in enumerate(DAYS):
        times = [_clock(table, name, typed) for typed in table.texts(name)]
        if len(times) == 4:
            hours.append(DayHours(weekday, times[0], times[3], times[1], times[2]))
        elif len(times) == 2:
            hours.append(DayHours(weekday, times[0], times[1]))
        elif times:
            raise SetupFileInvalid(f"{table.where}: {name} must have two times, or four with a break.")
    table.finish()
    return tuple(hours)


def _service(table: _Table) -> ServicePlan:
    letter = table.text("letter", "")
    plan = ServicePlan(
        code=table.text("code"),
        quota=table.number("quota", 0),
        letter=letter or None,
        windows=tuple(_window(table, typed) for typed in table.texts("windows")),
        texts=table.some(TEXT_KEYS),
        names=table.some(NAME_KEYS),
    )
    table.finish()
    return plan


def _window(table: _Table, typed: str) -> Window:
    """``monday 08:00-09:00 10 public``."""
    parts = typed.split()
    try:
        day, hours, places, share = parts
        start, end = hours.split("-")
        window = Window(DAYS.index(day), time.fromisoformat(start), time.fromisoformat(end), Share(share), int(places))
    except ValueError:
        raise SetupFileInvalid(f'{table.where}: "{typed}" is no window like "monday 08:00-09:00 10 public".') from None
    return window


def _clock(table: _Table, name: str, typed: str) -> time:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        raise SetupFileInvalid(f'{table.where}: {name} has "{typed}", which is no time like "08:00".') from None


def _office_table(office: OfficePlan) -> dict[str, Any]:
    names = ("name", "slug", "time_zone", "region_name", "region_code", "window_minutes", "counters")
    table: dict[str, Any] = {name: getattr(office, name) for name in names if getattr(office, name) != ""}
    table |= {key: value for key, value in office.contact.items() if value}
    table["hours"] = {DAYS[day.weekday]: [f"{at:%H:%M}" for span in day.spans for at in span] for day in office.hours}
    table["service"] = [_service_table(service) for service in office.services]
    if office.holidays:
        table["holiday"] = [
            {key: value for key, value in asdict(holiday).items() if value} for holiday in office.holidays
        ]
    if office.messages:
        table["message"] = [asdict(message) | {"kind": str(message.kind)} for message in office.messages]
    return table


def _service_table(service: ServicePlan) -> dict[str, Any]:
    table: dict[str, Any] = {"code": service.code}
    if service.letter:
        table["letter"] = service.letter
    if service.quota:
        table["quota"] = service.quota
    if service.windows:
        table["windows"] = [
            f"{DAYS[one.weekday]} {one.starts_at:%H:%M}-{one.ends_at:%H:%M} {one.capacity} {one.share}"
            for one in service.windows
        ]
    return table | {key: value for key, value in (service.names | service.texts).items() if value}
