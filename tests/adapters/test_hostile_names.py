"""Fifty hostile names on everything that leaves the house: they are letters there, and never commands.

Names as no form of ours would let them in: whoever loads an office's tables from elsewhere may bring them.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import re
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from queue_app.adapters.file_sender import FileSender
from queue_app.adapters.pdf import Paper, ticket_pdf
from queue_app.adapters.print_bridge import PrintBridge
from queue_app.adapters.printers import send
from queue_app.adapters.receipt import receipt_bytes, trial_bytes
from queue_app.adapters.table_export import BYTE_ORDER_MARK, csv_rows, json_rows
from queue_app.domain.printing import COLUMNS
from tests.adapters.test_ics import event_of, written
from tests.adapters.test_pdf import all_texts
from tests.adapters.test_printers import QUICK
from tests.adapters.test_receipt import TICKET
from tests.harness.fake_printer import is_command, pieces, taken_apart
from tests.harness.hostile_names import NAMES, PLAIN
from tests.jobs.mail_servers import ADDRESS, Mailbox, mail_server, message, sender

PLAIN_HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type"]
PLAIN_HEADERS += ["Content-Transfer-Encoding", "MIME-Version"]


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """One mail server for all of them, and its port."""
    box = Mailbox()
    with mail_server(box) as port:
        yield box, port


def commands(content: bytes) -> list[bytes]:
    return [piece for piece in pieces(content) if is_command(piece)]


def named(name: str) -> bytes:
    """A family's receipt whose every text but the numbers is that name."""
    first = replace(
        TICKET, office=name, service=name, address=name, day=name, window=name, person=name, requirements=(name,) * 2
    )
    return receipt_bytes([first, first], columns=48, copy_mark="SALINAN")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_receipt_has_the_commands_of_a_plain_name(name: str) -> None:
    content = named(name)
    assert commands(content) == commands(named(PLAIN))
    printable, questions, rest = taken_apart(content)
    assert (printable, questions, rest) == (content, [], b""), "something that a printer does at once"


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_trial_page_has_the_commands_of_a_plain_name(columns: int) -> None:
    plain = commands(trial_bytes(columns=columns, title="UJI", lines=(PLAIN,)))
    for name in NAMES:
        assert commands(trial_bytes(columns=columns, title="UJI", lines=(name,))) == plain


def test_control_a_name_passed_on_as_it_is_would_be_seen() -> None:
    plain = commands(named(PLAIN))
    assert commands(named(PLAIN).replace(b"Siti", b"\x1d!\x77")) != plain
    for raw in (b"\x1bp\x00\x19\xfa", b"\x10\x04\x01", b"\x00", b"\x9b"):
        with pytest.raises(ValueError, match="unknown command|no letter"):
            commands(named(PLAIN).replace(b"Siti", raw))


def test_the_bridge_passes_on_what_it_is_given_and_nothing_else(tmp_path: Path) -> None:
    device = tmp_path / "printer"
    device.touch()
    with PrintBridge(("127.0.0.1", 0), device) as bridge:
        threading.Thread(target=bridge.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        for name in NAMES:
            send("127.0.0.1", bridge.server_address[1], named(name), patience=replace(QUICK, answer=0.01))
        bridge.shutdown()
    printed, questions, rest = taken_apart(device.read_bytes())
    assert (printed, rest) == (b"".join(map(named, NAMES)), b"")
    assert set(questions) <= {1, 2, 3, 4}


def operators(pdf: bytes) -> set[bytes]:
    """What the content of the pages does, without what it writes."""
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        with contextlib.suppress(zlib.error):
            streams.append(zlib.decompress(found[1]))
    bare = re.sub(rb"\((?:\\.|[^()\\])*\)", b"", b"\n".join(streams), flags=re.S)
    return set(re.findall(rb"[A-Za-z'\"*]+", bare))


def keys(pdf: bytes) -> set[bytes]:
    """The names in its dictionaries, outside of streams and strings."""
    outside = re.sub(rb"stream\r?\n.*?endstream", b"", pdf, flags=re.S)
    return set(re.findall(rb"/[A-Za-z]+", re.sub(rb"\((?:\\.|[^()\\])*\)", b"", outside, flags=re.S)))


@pytest.mark.parametrize("paper", Paper)
def test_a_pdf_does_what_it_does_for_a_plain_name(paper: Paper) -> None:
    plain = ticket_pdf([all_texts(TICKET, PLAIN)], paper=paper)
    assert operators(plain) > {b"Tj", b"re", b"f"}
    for name in NAMES:
        pdf = ticket_pdf([all_texts(TICKET, name)], paper=paper)
        assert len(pypdfium2.PdfDocument(BytesIO(pdf))) == 1
        assert (keys(pdf) - keys(plain), operators(pdf) - operators(plain)) == (set(), set()), name


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_calendar_file_has_the_lines_of_a_plain_name(name: str) -> None:
    def shape(text: str) -> list[str]:
        file = written(summary=text, location=text, description=text, reminder=text)
        assert not event_of(file).errors
        unfolded = file.replace("\r\n ", "")
        return [re.split("[:;]", line)[0] for line in unfolded.split("\r\n")]

    assert shape(name) == shape(PLAIN)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_spreadsheet_calculates_a_cell(name: str, separator: str) -> None:
    """Whichever separator its country uses: the one of Indonesia is the semicolon."""
    file = "".join(csv_rows(["name", "phone"], [{"name": name, "phone": "+6281"}, {"name": PLAIN, "phone": name}]))
    cells = itertools.chain(*csv.reader(io.StringIO(file.removeprefix(BYTE_ORDER_MARK), ""), delimiter=separator))
    assert [cell for cell in cells if unicodedata.normalize("NFKC", cell.lstrip()).startswith(tuple("=+-@"))] == []
    rows = [{"name": name, "phone": ""}]
    assert json.loads("".join(json_rows(rows))) == rows


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_letter_has_the_headers_of_a_plain_name(mailbox: tuple[Mailbox, int], name: str) -> None:
    box, port = mailbox
    out = sender(port)
    out.send(message(subject=f"Tiket {name}", text=f"Untuk {name}\n."))
    out.close()
    letter = message_from_bytes(box.letters.pop(), policy=policy.default)
    assert letter.keys() == PLAIN_HEADERS
    assert letter["To"] == ADDRESS
    assert letter["Subject"].startswith("Tiket ")
    assert not letter.defects
    assert not letter.is_multipart()


def test_a_letter_in_a_file_has_the_head_of_a_plain_name(tmp_path: Path) -> None:
    for name in NAMES:
        FileSender(tmp_path).send(message(subject=f"Tiket {name}", text=name))
        (file,) = tmp_path.glob("*.txt")
        head = file.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
        assert [line.partition(":")[0] for line in head] == ["To", "Kind", "Subject"], name
