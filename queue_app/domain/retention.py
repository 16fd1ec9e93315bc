"""Personal data: where it is kept, how long, and who deletes it. The one table that the purge and the pages read.

UU 27/2022 wants data deleted when it is no longer needed (Pasal 43). A test holds this against the tables: a column of
text or bytes is either named here or known to hold nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SESSION_RETENTION = timedelta(days=30)
PROOF_RETENTION = timedelta(days=1)
# The purge runs every six hours; what a day later is still there was forgotten.
PURGED_WITHIN = timedelta(days=1)


class Keeping(StrEnum):
    """From when the time is counted, and so who ends it."""

    AFTER_APPOINTMENT = "after_appointment"  # the office's setting, after the last appointment of the booking: purge
    AFTER_USE = "after_use"  # SESSION_RETENTION after a log-in was last used: purge
    AFTER_LINK = "after_link"  # SESSION_RETENTION after a one-time link was made: purge
    AFTER_PROOF = "after_proof"  # PROOF_RETENTION after a one-time code has expired: purge
    WITH_POST = "with_post"  # as long as the audit names them: staff, whose acts must stay theirs
    WITH_AUDIT = "with_audit"  # not deleted: written so that it names nobody, and kept as proof


class Path(StrEnum):
    """How a row of the table leads to its booking."""

    ITSELF = "id"
    BOOKING = "booking_id"
    TICKET = "ticket_id"


@dataclass(frozen=True)
class Holding:
    """Columns of one table that hold, or may hold, something about a person.

    ``emptied``: what stands there when their time is over. ``path``: of those that go with their booking.
    """

    table: str
    columns: tuple[str, ...]
    keeping: Keeping
    path: Path | None = None
    emptied: str | None = None


HOLDINGS = (
    Holding("ticket", ("nik", "name", "person_index"), Keeping.AFTER_APPOINTMENT, Path.BOOKING),
    Holding("booking", ("phone", "email", "request_digest"), Keeping.AFTER_APPOINTMENT, Path.ITSELF),
    Holding("offer", ("note",), Keeping.AFTER_APPOINTMENT, Path.BOOKING),
    Holding("visit_step", ("reason",), Keeping.AFTER_APPOINTMENT, Path.TICKET),
    # A settled one must keep a note, so that the sentence goes and the fact stays.
    Holding("offline_entry", ("note",), Keeping.AFTER_APPOINTMENT, Path.TICKET, emptied=""),
    Holding("data_proof", ("nonce", "door_hash"), Keeping.AFTER_PROOF),
    Holding("data_request", ("reason",), Keeping.WITH_AUDIT),
    Holding("staff_session", ("token_hash",), Keeping.AFTER_USE),
    Holding("staff_invitation", ("name", "token_hash"), Keeping.AFTER_LINK),
    Holding("password_reset", ("token_hash",), Keeping.AFTER_LINK),
    Holding("second_factor", ("secret", "pending", "salt"), Keeping.WITH_POST),
    Holding("recovery_code", ("code_hash",), Keeping.WITH_POST),
    Holding("provider_account", ("issuer", "subject"), Keeping.WITH_POST),
    Holding("staff", ("username", "name", "password_hash"), Keeping.WITH_POST),
    Holding("audit_entry", ("reason",), Keeping.WITH_AUDIT),
)
OF_BOOKINGS = tuple(holding for holding in HOLDINGS if holding.keeping is Keeping.AFTER_APPOINTMENT)
