"""The six steps of a set-up, and how each of its pages is shown and left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.queries.setup.progress import progress_of
from queue_app.web.request import today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

REASON = "Persiapan kantor"  # stands in the audit log, which has one language

# In the order in which each builds on what is before it.
STEPS = (
    ("office", "admin.setup_office", _l("Kantor")),
    ("services", "admin.setup_services", _l("Layanan")),
    ("hours", "admin.setup_hours", _l("Jam dan kuota")),
    ("holidays", "admin.setup_holidays", _l("Hari libur")),
    ("staff", "admin.setup_staff", _l("Petugas")),
    ("counters", "admin.setup_counters", _l("Loket dan perangkat")),
)
NAMES = [name for name, _endpoint, _label in STEPS]


@dataclass(frozen=True)
class Step:
    number: int
    label: str
    url: str
    done: bool


def steps() -> list[Step]:
    """Of the office that the person works at just now."""
    done = progress_of(db.session(), g.staff.office_id, today=today()).done
    return [
        Step(number, str(label), url_for(endpoint), name in done)
        for number, (name, endpoint, label) in enumerate(STEPS, start=1)
    ]


def step_page(name: str, template: str = "", **shown: Any) -> str:
    """``shown``: what the page of the step needs besides; its ``template`` is named after the step if not told."""
    number = NAMES.index(name) + 1
    label = str(STEPS[number - 1][2])
    return render_template(
        f"admin/setup/{template or name}.html", title=label, number=number, steps=steps(), skip=after(name), **shown
    )


def after(name: str) -> str:
    """The address of the next step; after the last one the list of what is missing."""
    number = NAMES.index(name) + 1
    return url_for(STEPS[number][1] if number < len(STEPS) else "admin.setup")


def on_to_next(name: str, said: str | None = None) -> Response:
    flash(said or _("Perubahan disimpan."), "success")
    return redirect(after(name), 303)
