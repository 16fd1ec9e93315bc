"""The shapes of figures (`docs/rules.md` R-FIGURES)."""

from __future__ import annotations

from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.figures.refusals import RefusalReason

from .shapes import Schema, instant, many, nothing_or, number, opened, text

DAY: Schema = {"type": "string", "format": "date", "examples": ["2026-11-24"]}
SUMS: dict[str, Schema] = {
    "quota": number("Public places that were planned and not closed.", 64),
    "kept_quota": number("The same, kept for people who are helped and for priority.", 16),
    "closed": number("Planned places that a closure or holiday took.", 0),
    "tickets": number("All that were ever made, those cancelled and moved included.", 92),
    "cancelled": number("", 7),
    "moved": number("To another day or hour.", 5),
    "booked": number("Held to the end, by those who had booked.", 80),
    "came": number("Of these, who were checked in.", 71),
    "missed": number("Of these, who never were.", 9),
    "walk_ins": number("Came without a booking.", 4),
    "served": number("", 73),
    "again": number("Came, and had come for the same service in the thirty days before.", 3),
    "unanswered": number("Were here, were called, and did not answer.", 2),
    "mean_wait": nothing_or(number("Seconds from arrival, or the booked window, to the first call.", 742)),
}
SPAN = opened(
    {"from": number("Minutes.", 10), "below": nothing_or(number("Minutes; null for no end.", 15))},
    description="The bar of the histogram in which the value lies.",
)
WAITS: dict[str, Schema] = {name: {"oneOf": [SPAN, {"type": "null"}]} for name in ("wait_p50", "wait_p90")}
SERVICE = text("Code of the service.", "KTP_REKAM")
FIGURES: dict[str, Schema] = {
    "FigureTotal": opened(SUMS | WAITS),
    "FigureDay": opened({"date": DAY} | SUMS),
    "FigureService": opened({"service": SERVICE} | SUMS | WAITS),
    "SoldOut": opened(
        {
            "date": DAY,
            "service": SERVICE,
            "first_at": instant("When the last free public place went for the first time."),
            "at": nothing_or(instant("And for good; null where one was free again at the end.")),
        }
    ),
    "Refused": opened(
        {
            "service": SERVICE,
            "reason": {"type": "string", "enum": [reason.value for reason in RefusalReason]},
            "attempts": number("", 128),
        }
    ),
    "FigureCount": opened(
        {
            "by": {"type": "string", "enum": [by.value for by in Breakdown]},
            "word": text("Of wait, service_time (minutes) and lead (days) the lower bound of the bar.", "online"),
            "people": number("", 61),
            "came": number("0 in wait and service_time.", 55),
            "missed": number("0 in wait and service_time.", 6),
        }
    ),
    "Figures": opened(
        {
            "office": text("Slug of the office.", "sragen"),
            "from": DAY,
            "to": DAY,
            "total": {"$ref": "#/components/schemas/FigureTotal"},
            "days": many("FigureDay", description="Finished days that have figures."),
            "services": many("FigureService"),
            "sold_out": many("SoldOut"),
            "breakdowns": many("FigureCount"),
            "refused": many("Refused", description="At least so many attempts to book got no place; not people."),
        }
    ),
}
