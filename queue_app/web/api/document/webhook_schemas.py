"""Webhooks as the document describes them: the shape of each event, and what is expected in answer."""

from __future__ import annotations

from typing import Any

from queue_app.domain.webhooks import TRIAL, Event

from .shapes import Schema, instant, nothing_or, number, opened, ref, text

DAY: Schema = {"type": "string", "format": "date", "examples": ["2026-11-26"]}
DAY_OF_SERVICE: dict[str, Schema] = {
    "office": text("Slug of the office.", "sragen"),
    "service": text("Code of the service.", "KTP_REKAM"),
    "date": DAY,
}
PLACE: dict[str, Schema] = {
    **DAY_OF_SERVICE,
    "starts_at": instant("Beginning of the arrival window, by the office's clock.", "2026-11-26T09:00:00+07:00"),
    "queue_number": text("", "A-012"),
}
CLOCK = nothing_or(text("By the office's clock; null for whole days.", "09:00"))
WEBHOOKS: dict[str, Schema] = {
    "ToldPlace": opened(PLACE),
    "ToldTicket": opened(
        PLACE
        | {
            "state": text("Where it stands.", "called"),
            "booking_code": text("Of bookings that this partner's key has made.", "7KX9-2MQA"),
            "moved_to": ref("ToldPlace"),
        },
        "booking_code",
        "moved_to",
    ),
    "ToldClosure": opened(
        {
            "office": DAY_OF_SERVICE["office"],
            "services": {"type": "array", "items": {"type": "string"}, "description": "Codes; none: all of them."},
            "first_date": DAY,
            "last_date": DAY,
            "from_time": CLOCK,
            "until_time": CLOCK,
            "reason": {"oneOf": [opened({"id": {"type": "string"}, "en": {"type": "string"}}), {"type": "null"}]},
        }
    ),
    "ToldQuota": opened(DAY_OF_SERVICE | {"quota": number("", 50), "quota_before": number("", 64)}),
    "ToldTrial": opened({"webhook": number("Its number.", 3, least=1)}),
}
OTHERS = {
    Event.DAYS_CLOSED: "ToldClosure",
    Event.DAYS_REOPENED: "ToldClosure",
    Event.QUOTA_CHANGED: "ToldQuota",
    TRIAL: "ToldTrial",
}


def body_of(event: str) -> Schema:
    """The whole body of one event."""
    return opened(
        {
            "type": {"const": event},
            "timestamp": instant("When it happened.", "2026-11-26T02:04:11+00:00"),
            "sequence": nothing_or(number("Grows in the order in which things happened; null for a trial.", 184_233)),
            "data": ref(OTHERS.get(event, "ToldTicket")),
        }
    )


def webhooks() -> dict[str, Any]:
    """Of OpenAPI 3.1: requests that are sent by this program."""
    return {event: {"post": _told(event)} for event in (*(one.value for one in Event), TRIAL)}


def _told(event: str) -> dict[str, Any]:
    return {
        "summary": f"The event {event}.",
        "description": "Signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body_of(event)}}},
        "responses": {
            "2XX": {"description": "Received. Anything else is sent again."},
            "410": {"description": "Nothing more is sent."},
        },
    }
