"""Refusals: every rule that says no raises one of these; the wording for people lives in the web layer."""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a stable ``code``; ``details`` carries the facts a message needs, never personal data."""

    code: ClassVar[str] = "refused"

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code)
        self.details = details


class NotFound(DomainError):
    """What was asked for does not exist, or must not be shown to exist."""

    code = "not_found"


class TicketLost(DomainError):
    """A genuine ticket of a time whose data is lost. ``details['gap']``: from when to when there is none."""

    code = "ticket_lost"


class InvalidParty(DomainError):
    """A party has one to five different persons (`docs/rules.md` R-PARTY-1)."""

    code = "invalid_party"


class SlotFull(DomainError):
    """Nothing is left of what was asked for; the web layer looks for the nearest hours that have room."""

    code = "slot_full"


class AlreadyBooked(DomainError):
    """The person holds an active ticket for this service; nothing about that ticket is told."""

    code = "already_booked"


class DayClosed(DomainError):
    code = "day_closed"


class NotOpenYet(DomainError):
    """``details['opens_at']``: UTC instant at which booking for the day opens."""

    code = "not_open_yet"


class BookingClosed(DomainError):
    """The cut-off for booking this day has passed. ``details['closed_at']``: UTC instant."""

    code = "booking_closed"


class ChangeClosed(DomainError):
    """The cut-off for changing or cancelling has passed. ``details['closed_at']``: UTC instant."""

    code = "change_closed"


class IllegalTransition(DomainError):
    """``details``: ``state`` the ticket is in, ``target`` what was asked."""

    code = "illegal_transition"


class IllegalVisitStep(DomainError):
    """``details``: ``state`` the visit is in, ``target`` what was asked."""

    code = "illegal_visit_step"


class NotYourCounter(DomainError):
    """The counter is not there, or somebody else sits at it."""

    code = "not_your_counter"


class CounterNumberTaken(DomainError):
    code = "counter_number_taken"


class CounterTaken(DomainError):
    """``details['name']``: who sits there."""

    code = "counter_taken"


class CounterPaused(DomainError):
    code = "counter_paused"


class CallOpen(DomainError):
    """The counter has somebody already. ``details``: ``letter`` and ``number`` of that one, where known."""

    code = "call_open"


class EnoughCalls(DomainError):
    """``details['calls']``: how often the person was called."""

    code = "enough_calls"


class CallAgainFirst(DomainError):
    """``details``: ``calls`` made so far, ``needed`` before somebody may be skipped."""

    code = "call_again_first"


class NoMoreTime(DomainError):
    """More time is given once, and only to somebody who still waits. ``details['why']``: ``last``, when nobody stands
    behind them who could go first; the one chance is still theirs then.
    """

    code = "no_more_time"


class Disrupted(DomainError):
    """The office cannot serve just now. ``details``: ``kind``, and ``since`` (UTC instant)."""

    code = "disrupted"


class NotDisrupted(DomainError):
    code = "not_disrupted"


class WalkInsUsedUp(DomainError):
    """No further numbers without an appointment on this day. ``details['cap']``: how many there are."""

    code = "walk_ins_used_up"


class RepeatedRequest(DomainError):
    """Another transaction stored the same request (or, rarely, the same random code) a moment ago: just ask again."""

    code = "repeated_request"


class RequestChanged(DomainError):
    """The key of this request, or the nonce of this act, was used before, but then something else was asked for.

    ``details['act']``: true where it was a scan or a press and no booking.
    """

    code = "request_changed"


class UndoExpired(DomainError):
    """``details['minutes']``: how long there was; two of them where nothing is said."""

    code = "undo_expired"


class QuotaBelowBooked(DomainError):
    """``details['minimum']``: the smallest quota possible, the places already given."""

    code = "quota_below_booked"


class InvalidSchedule(DomainError):
    """``details['reason']``: empty_window | overlap | weekday | past_date | date_range | capacity | not_open |
    open_already | past_holiday | holiday_exists | nothing_chosen | booking_times | minutes | walk_ins | unknown_zone.
    """

    code = "invalid_schedule"


class ReasonRequired(DomainError):
    """``details['why']``: missing, or personal (it holds a NIK or a telephone number)."""

    code = "reason_required"


class HolidayBooked(DomainError):
    """``details['days']``: ids of the service days with people on them, to be closed first."""

    code = "holiday_booked"


class WrongCredentials(DomainError):
    code = "wrong_credentials"


class WeakPassword(DomainError):
    """``details['minimum']``: the least number of characters."""

    code = "weak_password"


class UsernameTaken(DomainError):
    code = "username_taken"


class InvalidUsername(DomainError):
    code = "invalid_username"


class UnknownScope(DomainError):
    """``details['unknown']``: the names that are no scopes; empty when none was given at all."""

    code = "unknown_scope"


class InvalidKeyName(DomainError):
    code = "invalid_key_name"


class KeyNameTaken(DomainError):
    """A key of this name is in force."""

    code = "key_name_taken"


class InvalidDeviceName(DomainError):
    code = "invalid_device_name"


class TooManyRequests(DomainError):
    """``details['retry_after']``: seconds until the next minute begins."""

    code = "too_many_requests"


class TooManyAttempts(DomainError):
    """At a password or a code. ``details['retry_after']``: seconds until the next one is let through."""

    code = "too_many_attempts"


class InvalidPrinter(DomainError):
    """``details['reason']``: name | host | port."""

    code = "invalid_printer"


class NothingToPrint(DomainError):
    """All tickets of the booking are cancelled."""

    code = "nothing_to_print"
