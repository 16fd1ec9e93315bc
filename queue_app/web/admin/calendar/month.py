"""The calendar of an office: a month of days, or a week of the hours of one service."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from flask import g, render_template, request

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.models import OfficeService
from queue_app.queries.calendar.holidays import holidays_at
from queue_app.queries.calendar.month import WeekHour, calendar_days, week_hours
from queue_app.queries.calendar.offices import services_of
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.days import read_day
from queue_app.web.request import now, today
from queue_app.web.site.weekdays import WEEKDAYS

A_WEEK = timedelta(days=7)


@bp.get("/kalender")
@requires(Permission.EDIT_QUOTA)
def calendar() -> str:
    """Of all services together, or of the one that the address names."""
    present_day = today()
    first = (read_day(request.args.get("bulan", "") + "-01") or present_day).replace(day=1)
    offerings = services_of(db.session(), g.staff.office_id)
    chosen = _chosen(offerings)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    services = [one.service_id for one in ([chosen] if chosen else offerings)]
    shown = (weeks[0][0], weeks[-1][-1])
    found = calendar_days(db.session(), g.staff.office_id, services, *shown, now=now())
    return render_template(
        "admin/calendar/month.html",
        first=first,
        weeks=weeks,
        days=found,
        holidays=holidays_at(db.session(), g.staff.office_id, *shown),
        weekdays=WEEKDAYS,
        offerings=offerings,
        chosen=chosen,
        today=present_day,
        earlier=first - timedelta(days=1),
        later=(first + timedelta(days=31)).replace(day=1),
    )


@bp.get("/kalender/minggu")
@requires(Permission.EDIT_QUOTA)
def calendar_week() -> str:
    present_day = today()
    day = read_day(request.args.get("hari", "")) or present_day
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=offset) for offset in range(7)]
    offerings = services_of(db.session(), g.staff.office_id)
    chosen = _chosen(offerings) or (offerings[0] if offerings else None)
    here = (g.staff.office_id, chosen.service_id if chosen else 0)
    hours = week_hours(db.session(), *here, days[0], days[-1], now=now())
    found = calendar_days(db.session(), here[0], [here[1]], days[0], days[-1], now=now())
    return render_template(
        "admin/calendar/week.html",
        days=days,
        of_days=found,
        rows=_rows(hours),
        weekdays=WEEKDAYS,
        offerings=offerings,
        chosen=chosen,
        today=present_day,
        earlier=monday - A_WEEK,
        later=monday + A_WEEK,
    )


def _chosen(offerings: list[OfficeService]) -> OfficeService | None:
    asked = request.args.get("layanan", type=int)
    return next((one for one in offerings if one.service_id == asked), None)


def _rows(hours: tuple[WeekHour, ...]) -> dict[time, dict[date, WeekHour]]:
    """By the hour on the wall at which they begin: a row of the week's table for each."""
    rows: dict[time, dict[date, WeekHour]] = {}
    for hour in hours:
        rows.setdefault(hour.starts_at.astimezone(ZoneInfo(g.staff.time_zone)).time(), {})[hour.day] = hour
    return dict(sorted(rows.items()))
