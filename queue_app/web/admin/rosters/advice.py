"""The quota advice: what a day can bear, beside what is planned. It changes nothing by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import g, render_template
from sqlalchemy import func, select

from queue_app.db import db
from queue_app.domain.calendar import Share
from queue_app.domain.quota_advice import advise
from queue_app.domain.quota_inputs import DayFacts, doubts, plan_of
from queue_app.domain.roles import Permission
from queue_app.models import ServiceDay, Slot
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.rosters.day_facts import MEASURED, day_facts, next_day_with_places
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language

from . import advice_doubts, advice_words
from .advice_form import AdviceForm, advice_form


@bp.get("/saran-kuota")
@requires(Permission.EDIT_QUOTA)
def quota_advice() -> str | tuple[str, int]:
    names = {one.service_id: in_language(one.service, "name") for one in services_of(db.session(), g.staff.office_id)}
    tomorrow = today() + timedelta(days=1)
    form = advice_form(names, next_day_with_places(db.session(), g.staff.office_id, today()) or tomorrow)
    answered = form.validate()
    page = render_template(
        "admin/rosters/advice.html",
        form=form,
        names=names,
        **(_answer(form, names) if answered else {}),
    )
    return page if answered else (page, 422)


def _answer(form: AdviceForm, names: Mapping[int, str]) -> dict[str, Any]:
    day, wanted = form.hari.data, form.assumptions
    facts = day_facts(db.session(), g.staff.office_id, day, today=today())
    asked = [form.layanan.data] if form.layanan.data else list(names)
    days, booked = _service_days(day, asked), _booked(day, asked)
    # Playing the day takes about half a second: no connection to the database is held for it.
    db.session.rollback()
    taken = {one.service for one in facts.windows if not one.kept and facts.can_come(one)} & set(asked)
    return {
        "day": day,
        "facts": _known(facts, sorted(taken, key=asked.index), form, names),
        "out_of_hours": {one: places for one, places in facts.out_of_hours.items() if one in asked},
        "outlasting": [names[one] for one in asked if one in facts.outlasting],
        "without_counter": [names[one] for one in asked if one in facts.without_counter],
        "counters": advice_words.counters(facts, sorted(taken), wanted),
        "kits": advice_words.kits(facts, wanted) if any(facts.services[one].needs_kit for one in taken) else None,
        "weeks": MEASURED.days // 7,
        "service_days": days,
        "booked": Counter({one: booked[one] for one in taken}),
        **(_result(facts, taken, form, names) if taken else {}),
    }


def _result(facts: DayFacts, services: Collection[int], form: AdviceForm, names: Mapping[int, str]) -> dict[str, Any]:
    """What came out, and before it whatever makes it an estimate."""
    wanted = form.assumptions
    plan, doubted = plan_of(facts, services, wanted), list(doubts(facts, services, wanted))
    advice = advise(plan, services, wanted.targets)
    proposal = _("Perkiraan") if doubted else _("Saran")
    rows = advice_words.cases(advice, proposal)
    return {
        "advice": advice,
        "proposal": proposal,
        "estimate": advice_doubts.estimate(doubted) if doubted else "",
        "remarks": advice_doubts.remarks(doubted, facts, services, form.hari.data),
        "unserved": advice_doubts.idle_beside_unserved(plan, advice, names, rows[-1].name),
        "uneven": advice_doubts.idle_beside_full(advice),
        "cases": rows,
        "columns": advice_words.columns(),
        "charts": list(advice_words.charts(rows)),
        "why": advice_words.why(advice.limit, wanted),
    }


def _known(facts: DayFacts, services: Sequence[int], form: AdviceForm, names: Mapping[int, str]) -> list[Any]:
    """For each service its name and what is known of it, with where it is from."""
    wanted = form.assumptions
    return [
        (
            names[one],
            advice_words.service_time(facts.services[one], wanted),
            advice_words.absence(facts.services[one], wanted),
            advice_words.walk_ins(facts.services[one]),
        )
        for one in services
    ]


def _service_days(day: date, services: Collection[int]) -> dict[int, int]:
    """The days whose quota can be set, by service."""
    rows = db.session().execute(
        select(ServiceDay.service_id, ServiceDay.id).where(
            ServiceDay.office_id == g.staff.office_id, ServiceDay.day == day, ServiceDay.service_id.in_(services)
        )
    )
    return dict(rows.all())


def _booked(day: date, services: Collection[int]) -> Counter[int]:
    """Public places that people hold already, by service: no quota can be smaller."""
    rows = db.session().execute(
        select(Slot.service_id, func.sum(Slot.booked))
        .where(Slot.office_id == g.staff.office_id, Slot.day == day, Slot.service_id.in_(services))
        .where(Slot.share == Share.PUBLIC, Slot.accepts)
        .group_by(Slot.service_id)
    )
    return Counter(dict(rows.all()))
