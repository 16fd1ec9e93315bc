"""What the kernel says of its clock, by the real call on this machine."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_app.adapters import kernel_clock
from queue_app.adapters.kernel_clock import STA_UNSYNC, TIME_ERROR, Kept, Timex, kept, kept_by_time_server

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="adjtimex is Linux's")


@LINUX
def test_the_struct_is_the_kernels_own() -> None:
    """Its members fall where the kernel writes them: time, tick and errors have values that no other member has."""
    found = kernel_clock.look_at_clock()
    if found is None:
        pytest.skip("the call is forbidden here")
    state, told = found
    assert state in range(TIME_ERROR + 1)
    assert abs(told.seconds - datetime.now(UTC).timestamp()) < 5
    assert 9_000 <= told.tick <= 11_000  # a hundred ticks a second, at most a tenth off (adjtimex(2), ADJ_TICK)
    assert 0 <= told.maxerror <= 16_000_000  # microseconds; the kernel counts no further
    assert told.room[:] == [0] * 11
    assert kept() is (Kept.BY_NOBODY if told.status & STA_UNSYNC or state == TIME_ERROR else Kept.BY_A_SERVER)


@LINUX
@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler is installed")
def test_the_struct_is_that_of_the_header(tmp_path: Path) -> None:
    names = ("offset", "maxerror", "status", "tick", "tai")
    offsets = ", ".join(f"offsetof(struct timex, {name})" for name in names)
    source = f"""#include <stddef.h>
#include <stdio.h>
#include <sys/timex.h>
int main(void) {{ size_t all[] = {{{offsets}, sizeof(struct timex)}};
for (int i = 0; i < {len(names) + 1}; i++) printf("%zu ", all[i]); return 0; }}"""
    (tmp_path / "look.c").write_text(source)
    subprocess.run(["cc", "-o", tmp_path / "look", tmp_path / "look.c"], check=True)
    said = subprocess.run([tmp_path / "look"], capture_output=True, text=True, check=True).stdout.split()
    assert list(map(int, said)) == [*(getattr(Timex, name).offset for name in names), ctypes.sizeof(Timex)]


@pytest.mark.parametrize(
    ("state", "status", "found"),
    [
        (0, 0x2001, Kept.BY_A_SERVER),
        (1, 0x2011, Kept.BY_A_SERVER),  # a leap second is announced
        (TIME_ERROR, 0, Kept.BY_NOBODY),
        (0, STA_UNSYNC, Kept.BY_NOBODY),  # set a moment ago, by hand
    ],
)
def test_what_is_told_means(monkeypatch: pytest.MonkeyPatch, state: int, status: int, found: Kept) -> None:
    monkeypatch.setattr(kernel_clock, "look_at_clock", lambda: (state, Timex(status=status)))
    assert kept() is found
    assert kept_by_time_server() is (found is Kept.BY_A_SERVER)


def test_elsewhere_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert kept() is Kept.UNKNOWN
    assert not kept_by_time_server()
