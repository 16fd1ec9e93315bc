"""Acts of the office on somebody's ticket: it holds nobody to a cut-off (`docs/rules.md` R-CUTOFF-3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from .booking import TicketState
from .stages import VALID, Stage, TicketLife
from .visits import Outcome


class OfficeAct(StrEnum):
    MOVE = "move"
    CANCEL = "cancel"
    BOOK_AGAIN = "book_again"
    PRINT = "print"


# What is over and was not what they came for: they may have another place without telling everything once more.
_IN_VAIN = frozenset({Stage.MISSED, Stage.CANCELLED, Stage.WITHDRAWN, Stage.OVER})


def office_acts(life: TicketLife, *, now: datetime) -> frozenset[OfficeAct]:
    """As long as nobody has come with it a ticket can be moved and cancelled; what ended in vain is booked again."""
    stage = life.stage(now=now)
    acts = {OfficeAct.PRINT} if stage in VALID else set()
    if life.state is TicketState.BOOKED:
        acts |= {OfficeAct.MOVE, OfficeAct.CANCEL}
    elif stage in _IN_VAIN or (stage is Stage.SERVED and life.outcome is not Outcome.DONE):
        acts.add(OfficeAct.BOOK_AGAIN)
    return frozenset(acts)
