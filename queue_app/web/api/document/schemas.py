"""The shapes of what is sent and answered, in JSON Schema 2020-12: they validate, and they are the published document.

What is sent is closed (an unknown field is a typing slip); answers are open, so that fields may be added. Examples use
numbers that nobody has.
"""

from __future__ import annotations

from queue_app.adapters.language import LANGUAGES
from queue_app.domain.api_keys import Scope
from queue_app.domain.arrivals import ScanResult
from queue_app.domain.booking import PARTY_MAX, TicketState
from queue_app.domain.catalogue import Category
from queue_app.domain.identity import NAME_MAX
from queue_app.models.base import LARGEST_ID
from queue_app.web.refusals.programs import KINDS

from .figure_schemas import DAY, FIGURES
from .shapes import Schema, closed, confirmation, instant, many, nothing_or, number, opened, ref, text
from .survey_schemas import SURVEY

DAY_STATUS = ("open", "full", "closed", "holiday", "not_open_yet")
EXAMPLE_TOKEN = "0GR4T6ZB9XK2M8Q3V7N1C5J0H4D6F8S2WY"
EXAMPLE_SLOT = {
    "id": 1204,
    "date": "2026-11-24",
    "starts_at": "2026-11-24T09:00:00+07:00",
    "ends_at": "2026-11-24T10:00:00+07:00",
}

OFFICE = text("Slug of the office.", "sragen", most=80, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
SERVICE = text("Code of the service.", "KTP_REKAM", most=40, pattern="^[A-Z][A-Z0-9_]*$")
CODE = text("Booking code; case, dash and look-alikes do not matter.", "7KX9-2MQA", least=8, most=20)
SLOT_ID = number("Id of a slot, from the availability.", 1204, least=1, most=LARGEST_ID)
NAME = text("Full name, as on the family card.", "Siti Wahyuni", least=1, most=NAME_MAX)
NIK = text("16 digits; spaces, dots and dashes are allowed.", "3314994307050001", least=1, most=40)
PHONE = text("Indonesian number, mobile or landline: 08…, 62…, +62…, 0062….", "081234567890", least=1, most=40)
EMAIL = text("For the confirmation and the reminders. A dash means that there is none.", "siti@contoh.id", most=254)
NAME_CONFIRMED = confirmation("That the card really has digits in this name; without it such a name is refused.")
EMAIL_CONFIRMED = confirmation(
    "That the address really has letters outside ASCII before the @; without it such an address is refused."
)
LANGUAGE: Schema = {
    "type": "string",
    "enum": list(LANGUAGES),
    "default": LANGUAGES[0],
    "description": "Of the messages to the citizen.",
}
NONCE = text(
    "Random, new for each scan and the same when the scan is sent again.",
    "b7f1f2c0a4d94e0e",
    least=8,
    most=128,
    pattern="^[!-~]+$",
)
REQUEST_KEY = text(
    "Random, new for each booking and the same when the request is sent again: then the answer is the same too, and "
    "nothing is booked twice.",
    "0d3f6f0e-9a55-4a0b-8f7b-2f0f6b1f7c11",
    least=1,
    most=128,
    pattern="^[!-~]+$",
)

ADMISSION: dict[str, Schema] = {
    "result": {"type": "string", "enum": [result.value for result in ScanResult]},
    "admitted": {"type": "boolean", "description": "Whether the person may come in now."},
    "queue_number": nothing_or(text("Of a ticket that was admitted, now or before.", "A-012")),
}

PARTS: dict[str, Schema] = {
    "Applicant": closed(
        {
            "name": NAME,
            "name_confirmed": NAME_CONFIRMED,
            "nik": NIK,
            "phone": PHONE,
            "email": EMAIL,
            "email_confirmed": EMAIL_CONFIRMED,
        },
        "name_confirmed",
        "email",
        "email_confirmed",
    ),
    "Companion": closed({"name": NAME, "name_confirmed": NAME_CONFIRMED, "nik": NIK}, "name_confirmed"),
    "BookingRequest": closed(
        {
            "applicant": ref("Applicant"),
            "companions": many(
                "Companion",
                maxItems=PARTY_MAX - 1,
                description="Others on the same family card: all of them get a place, or nobody.",
            ),
            "language": LANGUAGE,
        },
        "companions",
        "language",
    ),
    "RescheduleRequest": closed({"slot_id": SLOT_ID}),
    "CheckInRequest": closed(
        {
            "token": text("What the QR code of a ticket holds.", EXAMPLE_TOKEN, least=1, most=200),
            "code": CODE,
            "office": OFFICE,
            "nonce": NONCE,
        },
        "token",
        "code",
        oneOf=[{"required": ["token"]}, {"required": ["code"]}],
        examples=[{"token": EXAMPLE_TOKEN, "office": "sragen", "nonce": "b7f1f2c0a4d94e0e"}],
    ),
    "Office": opened(
        {
            "slug": OFFICE,
            "name": text("", "Dispendukcapil Kabupaten Sragen"),
            "region": text("", "Kabupaten Sragen"),
            "address": text("", "Jl. Raya Sukowati No. 255"),
            "phone": nothing_or(text("", "(0271) 891025")),
            "map_url": nothing_or(text("", "https://www.openstreetmap.org/?mlat=-7.43&mlon=111.02")),
            "time_zone": text("IANA name.", "Asia/Jakarta"),
        }
    ),
    "Offices": opened({"offices": many("Office")}),
    "Service": opened(
        {
            "code": SERVICE,
            "slug": text("As in the addresses of the pages for citizens.", "ktp-rekam"),
            "category": {"type": "string", "enum": [kind.value for kind in Category]},
            "name": text("", "Perekaman KTP-el"),
            "summary": text("", "Rekam foto, sidik jari, iris, dan tanda tangan."),
            "who": text("Who may come.", "Warga berusia 17 tahun ke atas"),
            "requirements": {"type": "array", "items": {"type": "string"}, "examples": [["Fotokopi KK"]]},
        }
    ),
    "Services": opened({"office": OFFICE, "services": many("Service")}),
    "Slot": opened(
        {
            "id": SLOT_ID,
            "date": DAY,
            "starts_at": instant("Beginning of the arrival window, with the office's offset."),
            "ends_at": instant("Its end.", "2026-11-24T10:00:00+07:00"),
            "capacity": number("Places in all.", 12),
            "remaining": number("Places left a second ago at the most.", 5),
        },
        examples=[EXAMPLE_SLOT | {"capacity": 12, "remaining": 5}],
    ),
    "Day": opened(
        {
            "date": DAY,
            "status": {"type": "string", "enum": list(DAY_STATUS)},
            "reason": nothing_or(text("Why it is closed, or the name of the holiday.", "Hari Guru")),
            "opens_at": nothing_or(instant("When booking opens; only for not_open_yet.")),
            "quota": number("", 96),
            "remaining": number("", 17),
            "slots": many("Slot"),
        }
    ),
    "Availability": opened({"office": OFFICE, "service": SERVICE, "days": many("Day")}),
    "BookedSlot": opened(
        {
            "id": SLOT_ID,
            "office": OFFICE,
            "service": SERVICE,
            "date": DAY,
            "starts_at": instant("Beginning of the arrival window, with the office's offset."),
            "ends_at": instant("Its end.", "2026-11-24T10:00:00+07:00"),
        },
        examples=[EXAMPLE_SLOT | {"office": "sragen", "service": "KTP_REKAM"}],
    ),
    "Ticket": opened(
        {
            "queue_number": text("What the hall calls.", "A-012"),
            "state": {"type": "string", "enum": [state.value for state in TicketState]},
            "token": text("Secret of this ticket, and what its QR code holds.", EXAMPLE_TOKEN),
            "ticket_url": text("The page of the ticket, for the citizen.", f"https://example.id/t/{EXAMPLE_TOKEN}"),
        },
        description="One person's place, in the order in which the persons were sent.",
    ),
    "Booking": opened(
        {
            "code": text("", "7KX9-2MQA"),
            "queue_number": text("Of the first person.", "A-012"),
            "token": text("Of the first person's ticket.", EXAMPLE_TOKEN),
            "ticket_url": text("Of the first person's ticket.", f"https://example.id/t/{EXAMPLE_TOKEN}"),
            "slot": ref("BookedSlot"),
            "tickets": many("Ticket", minItems=1, maxItems=PARTY_MAX),
        }
    ),
    "Admission": opened(ADMISSION),
    "CheckIn": opened(
        ADMISSION
        | {"persons": many("Admission", minItems=1, maxItems=PARTY_MAX, description="Of a code: all of its party.")},
        description="Only a result: whose ticket it is, is never told.",
    ),
    **FIGURES,
    **SURVEY,
    "Problem": opened(
        {
            "type": text("", "urn:queue-app:problem:slot_full"),
            "title": text("", "Jam ini penuh"),
            "status": number("", 409, least=400, most=599),
            "detail": text("What is the matter and what to do, for people.", "Tempat pada jam itu tidak cukup lagi."),
            "code": {"type": "string", "enum": list(KINDS), "description": "Stable: decide by this."},
            "errors": many("FieldError", description="invalid_request: everything that is wrong, at once."),
            "alternatives": many("Slot", description="slot_full: the nearest times that have room."),
            "opens_at": instant("not_open_yet: when booking for the day opens.", "2026-11-24T00:00:00Z"),
            "closed_at": instant("booking_closed, change_closed: the cut-off.", "2026-11-24T00:00:00Z"),
            "retry_after": number("too_many_requests: seconds, as in Retry-After.", 42),
            "request_id": text(
                "server_error, unavailable: to be told to the operator, as X-Request-Id.", "9f2c61d04b7e"
            ),
            "scope": {"type": "string", "enum": [scope.value for scope in Scope]},
            "state": {"type": "string", "enum": [state.value for state in TicketState]},
        },
        *("errors", "alternatives", "opens_at", "closed_at", "retry_after", "request_id", "scope", "state"),
        description="RFC 9457. No answer repeats a name, a NIK or a telephone number.",
    ),
    "FieldError": opened(
        {
            "pointer": text("JSON Pointer (RFC 6901) into what was sent.", "/applicant/nik"),
            "parameter": text("Name of a query parameter or header, where it is not in the body.", "from"),
            "code": text("invalid_nik, required, maxLength, …", "invalid_nik"),
            "detail": text("For people.", "NIK terdiri atas 16 angka, tanpa huruf."),
        },
        "pointer",
        "parameter",
    ),
}
