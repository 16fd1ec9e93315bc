"""Acts of the office on somebody's ticket: it holds nobody to a cut-off (`docs/rules.md` R-CUTOFF-3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from .booking import TicketState
from .clock import office_date
from .stages import VALID, Stage, TicketLife
from .visits import Outcome


class OfficeAct(StrEnum):
    MOVE = "move"
    CANCEL = "cancel"
    BOOK_AGAIN = "book_again"
    TAKE_BACK = "take_back"  # that somebody did not come
    PRINT = "print"


# After the day (`docs/rules.md` R-ABSENT-2). So long the ticket can also be moved then, until it is void again.
TAKEN_BACK_WITHIN = timedelta(days=7)
# What is over and was not what they came for: they may have another place without telling everything once more.
_IN_VAIN = frozenset({Stage.MISSED, Stage.CANCELLED, Stage.WITHDRAWN, Stage.OVER})


def office_acts(life: TicketLife, *, now: datetime) -> frozenset[OfficeAct]:
    """As long as nobody has come with it a ticket can be moved and cancelled; what ended in vain is booked again, and
    that somebody did not come is taken back where it was a mistake.
    """
    stage = life.stage(now=now)
    acts = {OfficeAct.PRINT} if stage in VALID else set()
    if life.state is TicketState.BOOKED:
        acts |= {OfficeAct.MOVE, OfficeAct.CANCEL}
    elif stage in _IN_VAIN or (stage is Stage.SERVED and life.outcome is not Outcome.DONE):
        acts.add(OfficeAct.BOOK_AGAIN)
    if life.state is TicketState.NO_SHOW and life.given and office_date(now, life.zone) <= life.day + TAKEN_BACK_WITHIN:
        acts.add(OfficeAct.TAKE_BACK)
    return frozenset(acts)
