"""The page that shows what new weeks of several services do, and asks for the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import render_template, request

from queue_app.adapters.language import format_day, format_time
from queue_app.db import db
from queue_app.domain.calendar import Window
from queue_app.models import OfficeService
from queue_app.queries.calendar.schedules import schedule_in_force
from queue_app.services.calendar.preview import preview_schedule
from queue_app.services.calendar.schedule import NewSchedule
from queue_app.services.setup.weeks import Weeks
from queue_app.web.request import now
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.weekdays import WEEKDAYS

from .hours import NOT_CARRIED


def weeks_preview(form: Any, offerings: Sequence[OfficeService], weeks: Weeks, *, title: str, button: str) -> str:
    """``form``: with a reason. Raises InvalidSchedule."""
    rows = []
    for one in (one for one in offerings if one.id in weeks):
        week = weeks[one.id]
        effect = preview_schedule(db.session(), one.id, week, now=now())
        rows.append((in_language(one.service, "name"), [*_in_words(week.windows), *_afterwards(one.id, week)], effect))
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    since = next(iter(weeks.values())).valid_from
    page = {"rows": rows, "posted": sent, "since": since, "title": title, "button": button}
    return render_template("admin/setup/weeks_preview.html", form=form, **page)


def _afterwards(office_service_id: int, week: NewSchedule) -> list[str]:
    """When it ends, and that nothing follows where nothing does."""
    if week.valid_until is None:
        return []
    ends = _("Sampai %(day)s") % {"day": format_day(week.valid_until, current_language())}
    if schedule_in_force(db.session(), office_service_id, week.valid_until + timedelta(days=1)) is None:
        return [ends + ", " + _("sesudah itu belum ada jam.")]
    return [ends + ", " + _("lalu jadwal sebelumnya berlaku lagi.")]


def _in_words(windows: Sequence[Window]) -> list[str]:
    """``Senin–Kamis 08.00–15.00: 50``: from the first to the last window, with the places of all shares; weekdays that
    are alike together.
    """
    by_day = sorted(windows, key=lambda window: (window.weekday, window.starts_at))
    days = [(weekday, list(of_day)) for weekday, of_day in groupby(by_day, key=lambda window: window.weekday)]
    told: list[tuple[list[int], str]] = []
    for weekday, of_day in days:
        language = current_language()
        hours = (of_day[0].starts_at, max(window.ends_at for window in of_day))
        span = "–".join(format_time(at, None, language) for at in hours)
        text = f"{span}: {sum(window.capacity for window in of_day)}"
        if told and told[-1][1] == text and told[-1][0][-1] + 1 == weekday:
            told[-1][0].append(weekday)
        else:
            told.append(([weekday], text))
    return [f"{'–'.join(str(WEEKDAYS[day]) for day in sorted({run[0], run[-1]}))} {text}" for run, text in told]
