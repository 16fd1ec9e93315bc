"""Sends a receipt to a printer in the network, or to a bridge to one on a USB port, and says what became of it.

Raw bytes over TCP (port 9100); the state is asked for with DLE EOT, which a printer answers at once, whatever else it
does. Many cheap ones, and most bridges of other makers, never answer: then nobody knows but who looks at the paper.
"""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
import termios
import time
from dataclasses import dataclass
from typing import Final

from queue_app.domain.printing import PrintOutcome, PrintProblem, PrintState

PRINTER, CAUSE, PAPER = 1, 2, 4  # what DLE EOT asks about; ESC/POS reference, "real-time status"
OFFLINE = 0b0000_1000  # of PRINTER
COVER_OPEN = 0b0000_0100  # of CAUSE
STOPPED_WITHOUT_PAPER = 0b0010_0000  # of CAUSE
NO_PAPER = 0b0110_0000  # of PAPER
# Bits that are the same in each answer: they tell it from the other bytes that some printers send unasked.
FIXED, FIXED_VALUE = 0b1001_0011, 0b0001_0010
# The system takes no more than this off our hands before the printer does: else a dead one would seem to have it all.
WINDOW = 8192


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, for all of it, for an answer, and for which a printer that answers is watched at the end.

    ``overall`` is for one ticket; each further one has ``a_ticket`` more.
    """

    connect: float = 3.0
    overall: float = 8.0
    a_ticket: float = 4.0
    answer: float = 1.5
    watch: float = 1.0


PATIENCE: Final = Patience()
PRINTED, SENT = PrintOutcome(PrintState.PRINTED), PrintOutcome(PrintState.SENT)


def send(host: str, port: int, content: bytes, *, tickets: int = 1, patience: Patience = PATIENCE) -> PrintOutcome:
    """Print ``content``; never raises for what a printer or a network does.

    A printer that answers is asked before anything is sent, so that nothing stays half printed for want of paper.
    """
    until = time.monotonic() + patience.overall + patience.a_ticket * (tickets - 1)
    try:
        connection = socket.create_connection((host, port), timeout=patience.connect)
    except (OSError, UnicodeError):
        return _failed(PrintProblem.UNREACHABLE)
    with connection:
        talk = _Talk(connection, until)
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WINDOW)
            talk.answers, problem = talk.state(patience.answer)
        except OSError:
            return _failed(PrintProblem.UNREACHABLE)
        if problem:
            return _failed(problem)
        try:
            return talk.hand_over(content, patience)
        except OSError:
            return _failed(PrintProblem.INTERRUPTED)


@dataclass
class _Talk:
    """One connection; its methods raise OSError when it breaks or ``until`` has passed."""

    connection: socket.socket
    until: float
    answers: bool = False

    def hand_over(self, content: bytes, patience: Patience) -> PrintOutcome:
        self.connection.settimeout(self._left())
        self.connection.sendall(content)
        self._wait_until_taken()
        if not self.answers and self._answer(patience.answer) is None:
            return SENT  # there was nothing to read, but no end of the connection either
        watched = time.monotonic() + patience.watch
        while True:
            answered, problem = self.state(patience.answer)
            if problem:
                return _failed(problem)
            if not answered:
                return SENT
            if time.monotonic() > watched:
                return self._end(PRINTED)
            time.sleep(min(0.2, patience.watch))

    def state(self, patience: float) -> tuple[bool, PrintProblem | None]:
        """Whether the printer answers, and what it complains of."""
        for question in (PAPER, CAUSE, PRINTER):
            self.connection.settimeout(self._left())
            self.connection.sendall(bytes((0x10, 0x04, question)))
            answer = self._answer(patience)
            if answer is None:
                return question != PAPER, None
            if problem := _problem(question, answer):
                return True, problem
        return True, None

    def _answer(self, patience: float) -> int | None:
        """The next byte that answers a question; None when none comes in time. Raises OSError at the end."""
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            self.connection.settimeout(min(left, self._left()))
            try:
                received = self.connection.recv(1)
            except TimeoutError:
                return None
            if not received:
                raise ConnectionResetError
            if received[0] & FIXED == FIXED_VALUE:
                return received[0]
        return None

    def _wait_until_taken(self) -> None:
        """Until the other side has acknowledged every byte."""
        while struct.unpack("i", fcntl.ioctl(self.connection, termios.TIOCOUTQ, b"\0" * 4))[0]:
            self._left()
            time.sleep(0.02)

    def _end(self, outcome: PrintOutcome) -> PrintOutcome:
        """Say goodbye: a connection that is dropped with something unread could take the last lines with it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
        return outcome

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _problem(question: int, answer: int) -> PrintProblem | None:
    if question == PAPER:
        return PrintProblem.PAPER_OUT if answer & NO_PAPER else None
    if question == CAUSE:
        if answer & COVER_OPEN:
            return PrintProblem.COVER_OPEN
        return PrintProblem.PAPER_OUT if answer & STOPPED_WITHOUT_PAPER else None
    return PrintProblem.OFFLINE if answer & OFFLINE else None


def _failed(problem: PrintProblem) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)
