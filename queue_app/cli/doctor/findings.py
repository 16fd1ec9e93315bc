"""Findings of the doctor: a verdict and a sentence each; and examinations, of which none can hold up the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

PATIENCE = 25.0  # seconds for all that is examined, at the same time


class Verdict(StrEnum):
    WRONG = "wrong"
    LOOK = "look"  # to be looked at: it works, or nobody can say
    GOOD = "good"


@dataclass(frozen=True)
class Finding:
    """``about``: one word; ``remedy``: what to do now, empty where there is nothing to do."""

    verdict: Verdict
    about: str
    sentence: str
    remedy: str = ""


Examination = Callable[[], Iterator[Finding]]


def good(about: str, sentence: str) -> Finding:
    return Finding(Verdict.GOOD, about, sentence)


def look(about: str, sentence: str, remedy: str = "") -> Finding:
    return Finding(Verdict.LOOK, about, sentence, remedy)


def wrong(about: str, sentence: str, remedy: str = "") -> Finding:
    return Finding(Verdict.WRONG, about, sentence, remedy)


def survived(about: str, examination: Examination) -> Iterator[Finding]:
    """Whatever goes wrong in it is a finding: by its kind alone, since the text could quote what is stored."""
    try:
        yield from examination()
    except Exception as fault:
        yield wrong(about, f"This could not be looked at ({type(fault).__name__}).")


def examine(examinations: Mapping[str, Examination], patience: float = PATIENCE) -> list[Finding]:
    """Of all, in their order. A disk or a network that never answers keeps only its own from ending."""
    until = time.monotonic() + patience
    begun = [_Thread(about, examination) for about, examination in examinations.items()]
    found: list[Finding] = []
    for thread in begun:
        thread.join(max(0.0, until - time.monotonic()))
        found += thread.found[:]
        if thread.is_alive():
            sentence = f"No answer within {patience:.0f} seconds; the rest of it was not looked at."
            found.append(wrong(thread.about, sentence, "Something hangs: a disk in the network, or a machine."))
    return found


class _Thread(threading.Thread):
    """Does not keep the process alive."""

    def __init__(self, about: str, examination: Examination) -> None:
        super().__init__(daemon=True)
        self.about, self._examination, self.found = about, examination, list[Finding]()
        self.start()

    def run(self) -> None:
        for finding in survived(self.about, self._examination):
            self.found.append(finding)
