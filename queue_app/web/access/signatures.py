"""Signatures that are good for a while after they were made, whichever way the clock has been moved since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner


class PatientSigner(TimestampSigner):
    """``max_age`` counts in both directions.

    The library takes a signature "from the future" for a bad one. It is one of ours, made before the clock was set
    back; so that it does not live for ever, it may lie no further ahead than it may lie behind.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        value, made = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and abs(seconds_since(made)) > max_age:
            raise SignatureExpired("made too far from now", payload=value, date_signed=made)
        return (value, made) if return_timestamp else value


def seconds_since(made: datetime) -> int:
    """Less than 0 for a signature that was made before the clock was set back."""
    return _CLOCK.get_timestamp() - int(made.timestamp())


_CLOCK = TimestampSigner("none")  # the clock of those who sign
