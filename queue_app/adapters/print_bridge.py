"""From TCP to the device file of a USB printer, and back what the printer answers."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import socketserver
import stat
from pathlib import Path

PIECE = 4096  # bytes at once
SILENCE = 60.0  # seconds after which a sender that says nothing makes room for the next one
log = logging.getLogger(__name__)


class PrintBridge(socketserver.TCPServer):
    """One sender at a time, as a printer has it; others wait at the door. Opens the device anew for each of them: it
    goes away when the printer is switched off."""

    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], device: Path) -> None:
        self.device = device
        super().__init__(address, _Sender)


class _Sender(socketserver.BaseRequestHandler):
    request: socket.socket
    server: PrintBridge

    def handle(self) -> None:
        try:
            device, answers = _open(self.server.device)
        except OSError as problem:
            log.error("%s cannot be opened: %s", self.server.device, problem.strerror)
            return  # the sender sees the connection end, and says so
        try:
            self._pass_on(device, answers)
        except OSError as problem:
            log.error("printing broke off: %s", problem.strerror)
        finally:
            os.close(device)

    def _pass_on(self, device: int, answers: bool) -> None:
        self.request.settimeout(SILENCE)
        while True:
            watched: list[socket.socket | int] = [self.request, device] if answers else [self.request]
            ready, _, _ = select.select(watched, [], [], SILENCE)
            if not ready:
                return
            if device in ready:
                answer = _read(device)
                answers = answer != b""  # the end of it: a file that is no printer
                self.request.sendall(answer or b"")
            if self.request in ready:
                content = self.request.recv(PIECE)
                if not content:
                    return
                _write(device, content)


def _open(path: Path) -> tuple[int, bool]:
    """The device, and whether answers can be read from it. A regular file takes the bytes at its end."""
    if path.exists() and stat.S_ISREG(path.stat().st_mode):
        return os.open(path, os.O_WRONLY | os.O_APPEND), False
    with contextlib.suppress(PermissionError):
        return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY), True
    return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY), False


def _read(device: int) -> bytes | None:
    """None when there is nothing after all, b"" when there will never be anything."""
    try:
        return os.read(device, PIECE)
    except BlockingIOError:
        return None


def _write(device: int, content: bytes) -> None:
    """All of it, at the printer's pace; raises TimeoutError when it takes nothing for a while (no paper)."""
    while content:
        if not select.select([], [device], [], SILENCE)[1]:
            raise TimeoutError(0, "the printer takes nothing any more")
        with contextlib.suppress(BlockingIOError):
            content = content[os.write(device, content) :]
