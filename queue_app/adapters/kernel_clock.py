"""The kernel's own word on its clock: whether a time server keeps it right (adjtimex(2), Linux).

Whoever sets the clock takes that word back (the kernel sets STA_UNSYNC), a machine just switched on has none yet, and
it lapses after some nine hours in which no time server was heard: the largest error that the kernel reckons with then
exceeds 16 s. chrony gives it only with `rtcsync`, which Debian's configuration has.
"""

from __future__ import annotations

import ctypes
import sys
from enum import StrEnum

TIME_ERROR = 5  # "not synchronized to a reliable server"
STA_UNSYNC = 0x0040


class Timex(ctypes.Structure):
    """struct timex, as in linux/timex.h and glibc's bits/timex.h; ``room``: kept free for later members."""

    _fields_ = [
        ("modes", ctypes.c_uint),  # 0: only look, which everybody may
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),  # microseconds
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("seconds", ctypes.c_long),  # struct timeval time
        ("fraction", ctypes.c_long),
        ("tick", ctypes.c_long),  # microseconds between two ticks
        ("ppsfreq", ctypes.c_long),
        ("jitter", ctypes.c_long),
        ("shift", ctypes.c_int),
        ("stabil", ctypes.c_long),
        ("jitcnt", ctypes.c_long),
        ("calcnt", ctypes.c_long),
        ("errcnt", ctypes.c_long),
        ("stbcnt", ctypes.c_long),
        ("tai", ctypes.c_int),
        ("room", ctypes.c_int * 11),
    ]


class Kept(StrEnum):
    BY_A_SERVER = "synchronised"
    BY_NOBODY = "unsynchronised"
    UNKNOWN = "unknown"  # another system, or the call is forbidden (a container, ProtectClock= of systemd)


def look_at_clock() -> tuple[int, Timex] | None:
    """What the call returned, and all that it told; None where there is no such call."""
    if not sys.platform.startswith("linux"):
        return None
    told = Timex()
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else (state, told)


def kept() -> Kept:
    """Who keeps the machine's clock, as far as the kernel knows."""
    found = look_at_clock()
    if found is None:
        return Kept.UNKNOWN
    state, told = found
    return Kept.BY_NOBODY if state == TIME_ERROR or told.status & STA_UNSYNC else Kept.BY_A_SERVER


def kept_by_time_server() -> bool:
    return kept() is Kept.BY_A_SERVER
