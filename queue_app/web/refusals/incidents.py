"""The number that a reader can tell the operator when the system itself is at fault."""

from __future__ import annotations

from queue_app.adapters.correlation import cause


def incident(status: int) -> dict[str, str]:
    """``request_id``, under which the log tells what happened; nothing for refusals, in which all went as it should.

    Those may be kept and given to others as well, and then the id would be somebody else's.
    """
    known = cause()
    return {"request_id": known.id} if known and status >= 500 else {}
