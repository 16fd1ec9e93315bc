"""The life of a ticket, and who may do what."""

from itertools import product

import pytest

from queue_app.domain.booking import ACTIVE_STATES, EXPECTED_STATES, HOLDING_STATES, TicketState, check_transition
from queue_app.domain.errors import DomainError, IllegalTransition
from queue_app.domain.roles import CITIZEN, PERMISSIONS, Actor, Permission, Role, allowed

B, C, N = TicketState.BOOKED, TicketState.CHECKED_IN, TicketState.NO_SHOW
X, R = TicketState.CANCELLED, TicketState.RESCHEDULED
LEGAL = {(B, C), (B, X), (B, R), (B, N), (C, B), (N, C), (N, B)}


@pytest.mark.parametrize(("state", "target"), list(product(TicketState, TicketState)))
def test_exactly_these_steps_are_legal(state: TicketState, target: TicketState) -> None:
    if (state, target) in LEGAL:
        check_transition(state, target)
        return
    with pytest.raises(IllegalTransition) as refusal:
        check_transition(state, target)
    assert refusal.value.details == {"state": state, "target": target}


def test_a_place_is_held_until_it_is_given_back() -> None:
    assert set(HOLDING_STATES) == {B, C, N}
    assert set(ACTIVE_STATES) <= set(EXPECTED_STATES) <= set(HOLDING_STATES)


def test_who_has_come_may_book_again() -> None:
    """A recording that failed has to be repeated."""
    assert C not in ACTIVE_STATES


FOR_PEOPLE = {"change_bookings", "tell_people", "answer_data_requests"}
AT_THE_DESK = {"assist", "give_numbers", "change_order", "serve_out_of_order", "print"}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.DESK, {"own_session", "check_in", "view_arrivals", *FOR_PEOPLE, *AT_THE_DESK, "serve", "stop_calling"}),
        (Role.VILLAGE, {"own_session", "assist", "print"}),
        (Role.COUNTER, {"own_session", "view_arrivals", "serve", "print", "stop_calling"}),
        (Role.AUDITOR, {"own_session", "view_audit", "view_message_facts", "view_exceptions", "view_figures"}),
        (
            Role.ADMINISTRATOR,
            set(Permission) - {"check_in", "serve", *AT_THE_DESK, "view_message_facts"},
        ),  # whoever sets rules hands out nothing, and reads the messages themselves
    ],
)
def test_what_each_role_may(role: Role, may: set[str]) -> None:
    assert PERMISSIONS[role] == may
    assert {permission for permission in Permission if allowed(frozenset({role}), permission)} == may


def test_roles_add_up_and_none_may_nothing() -> None:
    both = frozenset({Role.DESK, Role.AUDITOR})
    assert allowed(both, Permission.CHECK_IN)
    assert allowed(both, Permission.VIEW_AUDIT)
    assert not any(allowed(frozenset(), permission) for permission in Permission)


def test_the_audit_log_names_actors_without_persons() -> None:
    assert (CITIZEN.label, Actor.staff(7).label, Actor.system("no-shows").label) == (
        "citizen",
        "staff:7",
        "system:no-shows",
    )


def test_every_refusal_has_a_code_of_its_own() -> None:
    refusals = DomainError.__subclasses__()
    assert len({refusal.code for refusal in refusals} | {DomainError.code}) == len(refusals) + 1
