"""Roles of staff at an office, what each may do, and the actor named in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    CHECK_IN = "check_in"
    VIEW_ARRIVALS = "view_arrivals"
    ASSIST = "assist"  # book for people who cannot, for a later day
    TELL_PEOPLE = "tell_people"  # by telephone, of a closure: a number is shown for it
    GIVE_NUMBERS = "give_numbers"  # for today, without an appointment; beyond the quota with a reason
    CHANGE_BOOKINGS = "change_bookings"  # move, cancel, book again, correct, and see the whole telephone number
    CHANGE_ORDER = "change_order"  # give or take a priority, with a reason
    SERVE_OUT_OF_ORDER = "serve_out_of_order"  # begin past the published order, with a reason
    PRINT = "print"
    SERVE = "serve"
    MANAGE_DEVICES = "manage_devices"
    STOP_CALLING = "stop_calling"  # what keeps an office from serving
    CLOSE_TODAY = "close_today"  # send everybody home who is left; others need a second person for it
    MANAGE_COUNTERS = "manage_counters"  # and the rule of who is called next
    EDIT_QUOTA = "edit_quota"
    VIEW_OUTBOX = "view_outbox"
    CONFIRM_CLOCK = "confirm_clock"  # say that the server's time is right, so that the jobs go on
    VIEW_AUDIT = "view_audit"
    VIEW_MESSAGE_FACTS = "view_message_facts"  # that one went out, to which ticket and how; neither text nor address
    VIEW_EXCEPTIONS = "view_exceptions"  # what was out of the ordinary on a day
    VIEW_FIGURES = "view_figures"
    MANAGE_STAFF = "manage_staff"
    MANAGE_WEBHOOKS = "manage_webhooks"  # what programs of partners are told of
    ANSWER_DATA_REQUESTS = "answer_data_requests"  # of whoever the data is about, at the counter with a document
    PROTECT_DATA = "protect_data"  # the list of requests, proofs of deletion, breaches
    EXCHANGE_DATA = "exchange_data"  # take tables in that come from elsewhere, and take tables away
    OWN_SESSION = "own_session"  # the start page and logging out: every member of staff


class Role(StrEnum):
    DESK = "desk"
    VILLAGE = "village"  # an operator in a village who books for people there
    COUNTER = "counter"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DESK: frozenset(
        {
            Permission.OWN_SESSION,
            Permission.CHECK_IN,
            Permission.VIEW_ARRIVALS,
            Permission.ASSIST,
            Permission.TELL_PEOPLE,
            Permission.GIVE_NUMBERS,
            Permission.CHANGE_BOOKINGS,
            Permission.ANSWER_DATA_REQUESTS,
            Permission.CHANGE_ORDER,
            Permission.SERVE_OUT_OF_ORDER,
            Permission.PRINT,
            Permission.SERVE,
            Permission.STOP_CALLING,
        }
    ),
    Role.VILLAGE: frozenset({Permission.OWN_SESSION, Permission.ASSIST, Permission.PRINT}),
    Role.COUNTER: frozenset(
        {
            Permission.OWN_SESSION,
            Permission.VIEW_ARRIVALS,
            Permission.SERVE,
            Permission.PRINT,
            Permission.STOP_CALLING,
        }
    ),
    # Fairness needs four eyes: an administrator is read by the auditor, and does not scan people in.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OWN_SESSION,
            Permission.VIEW_ARRIVALS,
            Permission.CHANGE_BOOKINGS,
            Permission.ANSWER_DATA_REQUESTS,
            Permission.PROTECT_DATA,
            Permission.EDIT_QUOTA,
            Permission.TELL_PEOPLE,
            Permission.VIEW_OUTBOX,
            Permission.CONFIRM_CLOCK,
            Permission.VIEW_AUDIT,
            Permission.VIEW_EXCEPTIONS,
            Permission.VIEW_FIGURES,
            Permission.MANAGE_STAFF,
            Permission.MANAGE_WEBHOOKS,
            Permission.MANAGE_DEVICES,
            Permission.STOP_CALLING,
            Permission.CLOSE_TODAY,
            Permission.MANAGE_COUNTERS,
            Permission.EXCHANGE_DATA,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.OWN_SESSION,
            Permission.VIEW_AUDIT,
            Permission.VIEW_MESSAGE_FACTS,
            Permission.VIEW_EXCEPTIONS,
            Permission.VIEW_FIGURES,
        }
    ),
}


def allowed(roles: frozenset[Role], permission: Permission) -> bool:
    return any(permission in PERMISSIONS[role] for role in roles)


@dataclass(frozen=True)
class Actor:
    """Who did something, as the audit log names them: ``citizen``, ``staff:7``, ``api-key:3``, ``system:no-shows``."""

    label: str

    @classmethod
    def staff(cls, staff_id: int) -> Actor:
        return cls(f"staff:{staff_id}")

    @classmethod
    def api_key(cls, key_id: int) -> Actor:
        return cls(f"api-key:{key_id}")

    @classmethod
    def device(cls, device_id: int) -> Actor:
        return cls(f"device:{device_id}")

    @classmethod
    def system(cls, what: str) -> Actor:
        return cls(f"system:{what}")


CITIZEN = Actor("citizen")
