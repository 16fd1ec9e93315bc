"""How many attempts are let through: some at once, then one after the other. Waits, never a lock for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

# Processes and threads read the clock at slightly different moments. What lies further ahead than this was written by
# a clock that has been set back since, and must not make anybody wait until the clock is there again.
CLOCKS_APART = timedelta(minutes=1)


@dataclass(frozen=True)
class Allowance:
    """``burst`` attempts at once, and then one for each ``every``; what is not used comes back at that pace.

    Of the past one instant is enough (the generic cell rate algorithm, ITU-T I.371): when all attempts will be there
    again, `full_at`. Instants are whole milliseconds of any one clock.
    """

    burst: int
    every: timedelta

    @property
    def step(self) -> int:
        """Milliseconds in which one attempt comes back."""
        return self.every // timedelta(milliseconds=1)

    @property
    def whole(self) -> int:
        """Milliseconds in which all of them come back."""
        return self.burst * self.step

    @property
    def farthest(self) -> int:
        """Milliseconds from now to the latest `full_at` that this clock can have written."""
        return self.whole + CLOCKS_APART // timedelta(milliseconds=1)

    def taken(self, full_at: int | None, now: int) -> int | None:
        """The new `full_at` after one more attempt; None when there is none left."""
        if full_at is None or full_at <= now:
            return now + self.step
        if full_at > now + self.farthest:
            return now + self.whole  # the clock was set back: one attempt, and from here on the ordinary waits
        return full_at + self.step if full_at + self.step <= now + self.whole else None

    def wait(self, full_at: int | None, now: int) -> int:
        """Milliseconds until an attempt is let through: 0 for at once, never more than `step` and `CLOCKS_APART`."""
        if full_at is None or full_at > now + self.farthest:
            return 0
        return max(0, full_at + self.step - now - self.whole)

    def half_used(self, full_at: int, now: int) -> bool:
        return full_at - now >= self.whole // 2


@dataclass(frozen=True)
class AttemptRule:
    """What is counted, and how much of it is allowed. ``name`` stands in the table."""

    name: str
    allowance: Allowance
    of_account: bool = False  # counts attempts at one account, which its administrator may allow anew


# A whole office may come from one address. Guessing many names from one address ends here.
LOG_IN_NETWORK = AttemptRule("log_in.network", Allowance(20, timedelta(seconds=45)))
# Somebody at one address tries one account.
LOG_IN_NAME = AttemptRule("log_in.name", Allowance(5, timedelta(minutes=4)), of_account=True)
# Many addresses try one account together.
LOG_IN_EVERYWHERE = AttemptRule("log_in.everywhere", Allowance(20, timedelta(minutes=2)), of_account=True)
# A browser in which this account has logged in before, instead of the three above.
LOG_IN_KNOWN_BROWSER = AttemptRule("log_in.known_browser", Allowance(10, timedelta(minutes=3)), of_account=True)
# Whoever knows the password tries codes, three of a million of which are good: by guessing one in years.
SECOND_STEP = AttemptRule("second_step", Allowance(5, timedelta(minutes=10)), of_account=True)

# Mobile networks put a whole district behind one address, and a code has 40 bits: be generous there.
LOOK_UP_NETWORK = AttemptRule("look_up.network", Allowance(60, timedelta(seconds=10)))
LOOK_UP_CODE = AttemptRule("look_up.code", Allowance(10, timedelta(minutes=6)))
# Each may cost somebody a message; a district may be behind one address here too.
CODE_AGAIN_NETWORK = AttemptRule("code_again.network", Allowance(30, timedelta(seconds=20)))
CODE_AGAIN_NIK = AttemptRule("code_again.nik", Allowance(5, timedelta(minutes=12)))
# To have a code for one's own data sent, and to try one.
DATA_CODE_NETWORK = AttemptRule("data_code.network", Allowance(60, timedelta(seconds=10)))
DATA_CODE_BOOKING = AttemptRule("data_code.booking", Allowance(20, timedelta(minutes=3)))
# A code is typed once for a kiosk, and is good for half an hour.
ENROLMENT_NETWORK = AttemptRule("enrolment.network", Allowance(10, timedelta(minutes=2)))

RULES = (
    *(LOG_IN_NETWORK, LOG_IN_NAME, LOG_IN_EVERYWHERE, LOG_IN_KNOWN_BROWSER, SECOND_STEP),
    *(CODE_AGAIN_NETWORK, CODE_AGAIN_NIK, DATA_CODE_NETWORK, DATA_CODE_BOOKING, ENROLMENT_NETWORK),
)  # those that are counted in the database
