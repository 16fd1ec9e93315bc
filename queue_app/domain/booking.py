"""The life of a ticket: its states and the legal steps between them."""

from __future__ import annotations

from enum import StrEnum

from .errors import IllegalTransition

PARTY_MAX = 5  # a family of up to five on one family card (docs/rules.md R-PARTY-1)


class TicketState(StrEnum):
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"  # replaced by a ticket for another day or hour
    NO_SHOW = "no_show"


# checked_in -> booked is the undo of a scan; no_show -> checked_in is somebody who comes late on the same day, and
# no_show -> booked a mistake that the office takes back.
LEGAL_TRANSITIONS: dict[TicketState | None, frozenset[TicketState]] = {
    None: frozenset({TicketState.BOOKED}),
    TicketState.BOOKED: frozenset(
        {TicketState.CHECKED_IN, TicketState.CANCELLED, TicketState.RESCHEDULED, TicketState.NO_SHOW}
    ),
    TicketState.CHECKED_IN: frozenset({TicketState.BOOKED}),
    TicketState.NO_SHOW: frozenset({TicketState.CHECKED_IN, TicketState.BOOKED}),
    TicketState.CANCELLED: frozenset(),
    TicketState.RESCHEDULED: frozenset(),
}

# States that keep a place of the slot: what `slot.booked` counts.
HOLDING_STATES = (TicketState.BOOKED, TicketState.CHECKED_IN, TicketState.NO_SHOW)
# States in which the person may not book the same service again. Who has come has used the place: a recording that
# failed must be repeated, and nothing may stand in the way of that.
ACTIVE_STATES = (TicketState.BOOKED,)
# States of a ticket that is good for nothing any more: given back, or replaced.
LEFT_STATES = (TicketState.CANCELLED, TicketState.RESCHEDULED)
# States in which a closed day concerns the person.
EXPECTED_STATES = (TicketState.BOOKED, TicketState.CHECKED_IN)


def check_transition(state: TicketState | None, target: TicketState) -> None:
    """Raise IllegalTransition unless the step is allowed."""
    if target not in LEGAL_TRANSITIONS[state]:
        raise IllegalTransition(state=state, target=target)
