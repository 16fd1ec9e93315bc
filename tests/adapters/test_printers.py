"""Sending to a printer on a real socket: what it says, and what it does on bad days."""

import contextlib
import os
import socket
import threading
import time
import tty
from dataclasses import replace
from pathlib import Path

import pytest

from queue_app.adapters.print_bridge import PrintBridge
from queue_app.adapters.printers import Patience, send
from queue_app.adapters.receipt import receipt_bytes
from queue_app.domain.errors import InvalidPrinter
from queue_app.domain.printing import PrintOutcome, PrintProblem, PrintState, read_host
from tests.adapters.test_receipt import SECOND, TICKET
from tests.harness.fake_printer import FakePrinter, Mood, strips, taken_apart

QUICK = Patience(connect=1, overall=4, a_ticket=0, answer=1, watch=0.05)
CONTENT = receipt_bytes([TICKET, SECOND], columns=32)


def failed(problem: PrintProblem) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)


@pytest.mark.parametrize(
    ("mood", "outcome", "tickets"),
    [
        (Mood.FINE, PrintOutcome(PrintState.PRINTED), 2),
        (Mood.SILENT, PrintOutcome(PrintState.SENT), 2),
        (Mood.NO_PAPER, failed(PrintProblem.PAPER_OUT), 0),
        (Mood.COVER_OPEN, failed(PrintProblem.COVER_OPEN), 0),
        (Mood.OFFLINE, failed(PrintProblem.OFFLINE), 0),
        (Mood.RUNS_OUT, failed(PrintProblem.PAPER_OUT), 2),
    ],
)
def test_what_the_printer_says(mood: Mood, outcome: PrintOutcome, tickets: int) -> None:
    with FakePrinter(mood) as printer:
        assert send("127.0.0.1", printer.port, CONTENT, patience=QUICK) == outcome
        codes = [code for strip in printer.paper for code in strip.codes]
        assert codes == [TICKET.token, SECOND.token][:tickets]


@pytest.mark.parametrize("mood", [Mood.DIES, Mood.HANGS_UP])
@pytest.mark.parametrize("dies_after", [3000, len(CONTENT) - 10])
def test_a_printer_that_dies_in_the_middle(mood: Mood, dies_after: int) -> None:
    with FakePrinter(mood, dies_after=dies_after) as printer:
        assert send("127.0.0.1", printer.port, CONTENT, patience=QUICK) == failed(PrintProblem.INTERRUPTED)


def test_a_printer_that_takes_nothing_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        began = time.monotonic()
        hurried = replace(QUICK, overall=1.5, answer=0.2)
        outcome = send("127.0.0.1", listener.getsockname()[1], CONTENT * 400, patience=hurried)
        assert outcome == failed(PrintProblem.INTERRUPTED)
        assert time.monotonic() - began < 4


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert send("127.0.0.1", port, CONTENT, patience=QUICK) == failed(PrintProblem.UNREACHABLE)
    assert send("no-such-machine.invalid", 9100, CONTENT, patience=QUICK) == failed(PrintProblem.UNREACHABLE)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        (" 192.168.1.50 ", "192.168.1.50"),
        ("Printer-1.kantor.local", "printer-1.kantor.local"),
        ("::1", "::1"),
        *((wrong, None) for wrong in ("", "http://printer", "printer/1", "a b", "1.2.3", "a..b", "-x", "printer:9100")),
        ("a" * 64, None),
    ],
)
def test_an_address_is_a_machine_and_nothing_else(typed: str, host: str | None) -> None:
    if host is None:
        with pytest.raises(InvalidPrinter):
            read_host(typed)
    else:
        assert read_host(typed) == host


def test_the_bridge_prints_on_a_device_and_passes_its_answers_back() -> None:
    """The device is a pseudo-terminal: like a printer's file it takes bytes and gives some."""
    controller, device = os.openpty()
    tty.setraw(device)
    arrived = bytearray()

    def print_and_answer() -> None:
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := os.read(controller, 4096):
                arrived.extend(piece)
                os.write(controller, b"\x12" * piece.count(b"\x10\x04"))

    printer = threading.Thread(target=print_and_answer, daemon=True)
    printer.start()
    with PrintBridge(("127.0.0.1", 0), Path(os.ttyname(device))) as bridge:
        threading.Thread(target=bridge.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        outcome = send("127.0.0.1", bridge.server_address[1], CONTENT, patience=QUICK)
        bridge.shutdown()
    os.close(device)
    printer.join(5)
    os.close(controller)
    assert outcome == PrintOutcome(PrintState.PRINTED)
    printed, _questions, _rest = taken_apart(bytes(arrived))
    assert [code for strip in strips(printed) for code in strip.codes] == [TICKET.token, SECOND.token]


def test_the_bridge_without_its_printer(tmp_path: Path) -> None:
    with PrintBridge(("127.0.0.1", 0), tmp_path / "lp0") as bridge:
        threading.Thread(target=bridge.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        outcome = send("127.0.0.1", bridge.server_address[1], CONTENT, patience=QUICK)
        bridge.shutdown()
    assert outcome == failed(PrintProblem.UNREACHABLE)
