"""The ways to reach whoever booked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from queue_app.domain.keyring import Keyring, Unreadable, bound_to, opened
from queue_app.domain.phones import mask_phone
from queue_app.models import Booking


@dataclass(frozen=True, repr=False)
class Contact:
    """None where none was given, and after the purge; `UNREADABLE` where the keys do not open it."""

    phone: str | None
    email: str | None

    @property
    def masked(self) -> Contact:
        """Enough for the owner to recognise it, and for nobody to write to it."""
        return Contact(_masked(self.phone, mask_phone), _masked(self.email, _mask_email))


def contact_of(booking: Booking, keyring: Keyring) -> Contact:
    return Contact(
        opened(keyring, booking.phone, bound_to=bound_to(booking.code, "phone")),
        opened(keyring, booking.email, bound_to=bound_to(booking.code, "email")),
    )


def _masked(value: str | None, mask: Callable[[str], str]) -> str | None:
    return mask(value) if value and not isinstance(value, Unreadable) else value


def _mask_email(email: str) -> str:
    """``s•••@contoh.id`` of ``siti@contoh.id``."""
    name, _at, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}"
