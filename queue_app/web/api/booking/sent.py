"""A program's request for a place, read the same way by the view and by the lane."""

from __future__ import annotations

from functools import partial

from queue_app.adapters.language import INDONESIAN
from queue_app.domain.api_keys import in_letters
from queue_app.domain.errors import InvalidParty
from queue_app.domain.identity import parse_name, parse_nik
from queue_app.domain.phones import parse_phone
from queue_app.domain.priority import Channel
from queue_app.services.access.api_keys import Partner
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.web.api.document.operations import BY_ID
from queue_app.web.api.document.reading import Body, wrong_parameters
from queue_app.web.forms.email_field import read_email
from queue_app.web.refusals.people import message_for

KEY = "Idempotency-Key"


def read_request(body: Body, slot_id: int, key: str | None, partner: Partner) -> BookingRequest:
    """Raises InvalidRequest with all that is wrong: header, shape, and what the domain says of each value."""
    body.errors += wrong_parameters(BY_ID["book"].headers, {} if key is None else {KEY: key})
    companions = body.get("/companions")
    count = len(companions) if isinstance(companions, list) else 0
    people = ["/applicant", *(f"/companions/{index}" for index in range(count))]
    names = [_read_name(body, person) for person in people]
    niks = [body.take(f"{person}/nik", parse_nik) for person in people]
    for position, nik in enumerate(niks):
        if nik is not None and nik in niks[:position]:
            body.complain(f"{people[position]}/nik", InvalidParty.code, message_for(InvalidParty()))
    phone = body.take("/applicant/phone", parse_phone)
    confirmed = body.get("/applicant/email_confirmed") is True
    email = body.take("/applicant/email", partial(read_email, confirmed=confirmed))
    body.check()
    return BookingRequest(
        slot_id=slot_id,
        applicants=tuple(Applicant(name, nik) for name, nik in zip(names, niks, strict=True) if name and nik),
        phone=phone,
        email=email,
        language=body.get("/language") or INDONESIAN,
        # Two partners may choose the same key.
        request_key=f"api{partner.key_id}:{in_letters(key)}" if key else None,
        api_key_id=partner.key_id,
        channel=Channel.PARTNER,
    )


def _read_name(body: Body, person: str) -> str | None:
    confirmed = body.get(f"{person}/name_confirmed") is True
    return body.take(f"{person}/name", partial(parse_name, confirmed=confirmed))
