"""The ways to reach whoever booked."""

from __future__ import annotations

from dataclasses import dataclass

from queue_app.domain.keyring import Keyring, bound_to
from queue_app.domain.phones import mask_phone
from queue_app.models import Booking


@dataclass(frozen=True, repr=False)
class Contact:
    """None where none was given, and after the purge."""

    phone: str | None
    email: str | None

    @property
    def masked(self) -> Contact:
        """Enough for the owner to recognise it, and for nobody to write to it."""
        return Contact(mask_phone(self.phone) if self.phone else None, _masked(self.email) if self.email else None)


def contact_of(booking: Booking, keyring: Keyring) -> Contact:
    def opened(column: str, sealed: bytes | None) -> str | None:
        return keyring.open(sealed, bound_to=bound_to(booking.code, column)) if sealed else None

    return Contact(opened("phone", booking.phone), opened("email", booking.email))


def _masked(email: str) -> str:
    """``s•••@contoh.id`` of ``siti@contoh.id``."""
    name, _at, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}"
