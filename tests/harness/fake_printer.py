"""A receipt printer on a real socket: reads ESC/POS as a printer does, answers what it is asked, and has bad days."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType

import zxingcpp
from PIL import Image

FINE = 0b0001_0010
# Bytes that follow the first two of a command. A command that is not here is nothing that cheap printers know.
LENGTHS = {b"\x1b@": 0, b"\x1ba": 1, b"\x1bE": 1, b"\x1bM": 1, b"\x1bd": 1, b"\x1bt": 1, b"\x1d!": 1, b"\x1dV": 1}


class Mood(StrEnum):
    FINE = "fine"
    SILENT = "silent"  # prints, and answers nothing
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    DIES = "dies"  # answers, and breaks the connection after a part
    HANGS_UP = "hangs_up"  # ends the connection in order after a part
    RUNS_OUT = "runs_out"  # of paper, at the end


@dataclass
class Strip:
    """A piece of paper: its lines, each with the size of its letters, and its pictures."""

    lines: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def codes(self) -> list[str]:
        return [found.text for picture in self.pictures for found in zxingcpp.read_barcodes(picture)]

    def size_of(self, text: str) -> int:
        return self.sizes[self.lines.index(text)]


def strips(content: bytes) -> list[Strip]:
    """What comes out of the printer, cut by cut; raises ValueError for a command that it does not know."""
    done, strip, line, size = [], Strip(), bytearray(), 1
    for piece in pieces(content):
        command = piece[:2]
        if command == b"\x1dv":
            strip.pictures.append(_picture(piece))
        elif command == b"\x1d!":
            size = (piece[2] >> 4) + 1
        elif command == b"\x1dV":
            done.append(strip)
            strip = Strip()
        elif piece == b"\n":
            strip.lines.append(line.decode("ascii"))
            strip.sizes.append(size)
            line = bytearray()
        elif not is_command(piece):
            line += piece
    if line or strip.lines or strip.pictures:
        done.append(strip)
    return done


def is_command(piece: bytes) -> bool:
    return piece[:1] in {b"\x1b", b"\x1d"}


def pieces(content: bytes) -> Iterator[bytes]:
    """Commands whole with their values, ends of lines, and letters one by one, as a printer takes them off the wire.

    Raises ValueError for what it does not know.
    """
    at = 0
    while at < len(content):
        command, byte = content[at : at + 2], content[at : at + 1]
        if command == b"\x1dv":
            across, down = struct.unpack("<HH", content[at + 4 : at + 8])
            length = 8 + across * down
        elif byte in b"\x1b\x1d":
            if command not in LENGTHS:
                raise ValueError(f"unknown command {command!r} at {at}")
            length = 2 + LENGTHS[command]
        elif byte == b"\n" or 0x20 <= byte[0] < 0x7F:
            length = 1
        else:
            raise ValueError(f"no letter: {byte!r} at {at}")
        yield content[at : at + length]
        at += length


def _picture(command: bytes) -> Image.Image:
    """GS v 0: mode, bytes a row, rows, dots."""
    mode, across, down = struct.unpack("<BHH", command[3:8])
    if command[:3] != b"\x1dv0" or mode != 0:
        raise ValueError("a picture in another way")
    return Image.frombytes("1", (across * 8, down), bytes(255 - byte for byte in command[8:]))


class FakePrinter:
    """``with FakePrinter(mood) as printer``: listens at ``printer.port``, keeps what it prints in ``printer.paper``."""

    def __init__(self, mood: Mood = Mood.FINE, *, dies_after: int = 3000) -> None:
        self.mood, self.content = mood, bytearray()
        self._dies_after = dies_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._closing, self._served = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="fake-printer", daemon=True)

    def __enter__(self) -> FakePrinter:
        self._thread.start()
        return self

    def __exit__(self, *_problem: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._closing.set()
        self._thread.join(10)
        self._listener.close()

    @property
    def paper(self) -> list[Strip]:
        """What was printed, once the sender has gone."""
        assert self._served.wait(5), "nobody has sent anything"
        return strips(bytes(self.content))

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _address = self._listener.accept()
            except TimeoutError:
                continue
            self._served.clear()
            with connection, contextlib.suppress(ConnectionError):
                connection.settimeout(5)
                self._talk(connection)
            self._served.set()

    def _talk(self, connection: socket.socket) -> None:
        received, rest = 0, b""
        while piece := connection.recv(1024):
            received += len(piece)
            if self.mood in {Mood.DIES, Mood.HANGS_UP} and received > self._dies_after:
                if self.mood is Mood.DIES:  # a reset, as when the plug is pulled
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            printable, questions, rest = taken_apart(rest + piece)
            self.content += printable
            if self.mood is not Mood.SILENT:
                connection.sendall(bytes(map(self._answer, questions)))

    def _answer(self, question: int) -> int:
        out = self.mood is Mood.NO_PAPER or (self.mood is Mood.RUNS_OUT and bool(self.content))
        if question == 4:
            return FINE | (0b0110_0000 if out else 0)
        if question == 2:
            return FINE | (0b0000_0100 if self.mood is Mood.COVER_OPEN else 0) | (0b0010_0000 if out else 0)
        return FINE | (0b0000_1000 if self.mood is Mood.OFFLINE else 0)


def taken_apart(content: bytes) -> tuple[bytes, list[int], bytes]:
    """What is to be printed, the questions (DLE EOT) wherever they stand, as a printer finds them, and the start of
    one that has not come whole yet."""
    printable, questions = bytearray(), []
    at = 0
    while at < len(content):
        if not content[at : at + 2].startswith(b"\x10"):
            printable.append(content[at])
            at += 1
        elif len(content) - at < 3:
            return bytes(printable), questions, content[at:]
        else:
            assert content[at + 1] == 4, "a command that works at once, in the middle of what is printed"
            questions.append(content[at + 2])
            at += 3
    return bytes(printable), questions, b""
