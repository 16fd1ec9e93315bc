"""A range of days in the query of a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from queue_app.web.site.language import gettext as _

from .reading import FieldError, InvalidRequest


def day_asked(asked: Mapping[str, str], name: str) -> date | None:
    """Raises InvalidRequest."""
    try:
        return date.fromisoformat(asked[name]) if name in asked else None
    except ValueError:  # the year 0000 is a date to RFC 3339, but to no calendar of ours
        raise _refused(name, _("Bentuknya salah. Tanggal ditulis seperti 2026-11-24.")) from None


def check_period(first: date, last: date, *, most_days: int) -> None:
    """Raises InvalidRequest."""
    if last < first:
        raise _refused("to", _("Hari terakhir tidak boleh sebelum hari pertama."))
    if (last - first).days >= most_days:
        raise _refused("to", _("Paling banyak %(days)s hari dalam satu permintaan.") % {"days": most_days})


def _refused(name: str, detail: str) -> InvalidRequest:
    error: FieldError = {"parameter": name, "code": "period", "detail": detail}
    return InvalidRequest([error])
