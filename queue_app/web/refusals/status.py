"""The HTTP status of each refusal of the domain, whoever reads it."""

from __future__ import annotations

from queue_app.domain.errors import DomainError

# What is not listed is a conflict with the state of things: 409.
STATUS = {
    "not_found": 404,
    "ticket_lost": 410,  # not 404: a telephone keeps its copy, which is now the only proof
    "wrong_credentials": 403,
    "wrong_code": 422,
    "second_factor_needed": 403,
    "link_gone": 410,
    "account_inactive": 403,
    "passwords_not_taken": 403,
    "invalid_nik": 422,
    "invalid_phone": 422,
    "invalid_name": 422,
    "invalid_search": 422,
    "invalid_party": 422,
    "invalid_printer": 422,
    "invalid_breach": 422,
    "invalid_closure": 422,
    "invalid_device_name": 422,
    "invalid_contact": 422,
    "invalid_schedule": 422,
    "invalid_setup": 422,
    "invalid_shift": 422,
    "invalid_kits": 422,
    "invalid_username": 422,
    "invalid_webhook": 422,
    "reason_required": 422,
    "agreement_needed": 403,
    "second_person_needed": 403,
    "too_many_attempts": 429,
    "weak_password": 422,
}


def status_of(error: DomainError) -> int:
    return STATUS.get(error.code, 409)
