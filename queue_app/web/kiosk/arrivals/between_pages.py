"""Kept by a kiosk from one page to the next: the last outcome, and a NIK to be corrected. Never for long.

It lives in the session's cookie, so that no address and no page in the browser's history holds it; the start page and
time make an end of it. The cookie is signed but can be read, so the NIK in it is sealed.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import session

from queue_app.domain.clock import lies_within
from queue_app.web.request import keyring, now

LIFETIME = timedelta(minutes=2)  # longer than any page stays by itself
OUTCOME, TYPED, SURVEY = "kiosk_outcome", "kiosk_typed", "kiosk_survey"
ARRIVAL, NUMBER, REFUSED = "arrival", "number", "refused"
THANKS = "survey_thanks"  # the code of the one answer that is no refusal
_BOUND = "kiosk/nik"


@dataclass(frozen=True)
class KioskResult:
    """``kind``: `ARRIVAL` with the id of a check-in, `NUMBER` with that of a booking, `REFUSED` with a code.

    ``printed``: None where nothing was to be printed.
    """

    kind: str
    row_id: int = 0
    code: str = ""
    printed: bool | None = None


def keep_result(result: KioskResult) -> None:
    session[OUTCOME] = {**asdict(result), "made": now().isoformat()}


def kept_result() -> KioskResult | None:
    """None when there is none, or it is too old to be the business of whoever stands there now."""
    kept = dict(session.get(OUTCOME) or {})
    if not kept or not _is_fresh(kept.pop("made", None)):
        return None
    return KioskResult(**kept)


def keep_typed(nik: str, *, priority: bool) -> None:
    sealed = keyring().seal(nik, bound_to=_BOUND)
    session[TYPED] = [base64.b64encode(sealed).decode(), priority, now().isoformat()]


def take_typed() -> tuple[str, bool] | None:
    """What was typed and could not be used, once: the page that shows it is not to show it again."""
    sealed, priority, made = session.pop(TYPED, (None, False, None))
    if sealed is None or not _is_fresh(made):
        return None
    try:
        return keyring().open(base64.b64decode(sealed), bound_to=_BOUND), priority
    except ValueError:  # sealed under a key that was replaced meanwhile
        return None


def forget() -> None:
    session.pop(SURVEY, None)
    session.pop(OUTCOME, None)
    session.pop(TYPED, None)


def _is_fresh(made: str | None) -> bool:
    return made is not None and lies_within(datetime.fromisoformat(made), LIFETIME, now())
