"""Overrides: what a member of the staff gives past the rules of the day, and how much of it one answers for alone.

A place beyond the quota, a number beyond the cap, and somebody begun out of order are each right now and then, with a
reason. Given all day by one person they are what a place is sold by.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import DomainError

# A day of one member of the staff at one office: more than an hour with a broken device brings about, and fewer than
# would be worth selling. The same at every office for now.
ALONE_A_DAY = 10


class AgreementNeeded(DomainError):
    """``details['why']``: missing, the_same, or not_allowed (they may neither give this nor set the quota);
    ``alone``: how many one may give without. Of a change of quotas: places, or limit (nobody
    agrees yet to so many ``places``), the_same, or no_quota (they may not set quotas here).
    """

    code = "agreement_needed"


@dataclass(frozen=True)
class Overrider:
    """Who overrides, and who has shown at this moment that they agree."""

    staff_id: int | None
    second_id: int | None = None
