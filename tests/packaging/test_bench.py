"""`scripts/bench`: it runs, it reads answers rightly, and it fails when a rush was not exact."""

import subprocess
import sys
from dataclasses import replace

import pytest

from queue_app.domain.identity import parse_nik
from queue_app.domain.phones import parse_phone
from scripts.benchmarks import __main__ as command
from scripts.benchmarks import ordinary
from scripts.benchmarks.exactness import Promise, Rush, Stored, faults
from scripts.benchmarks.people import Crowd
from scripts.benchmarks.table import Line, as_markdown, as_text
from scripts.benchmarks.volley import Answer, parse
from tests.harness.source import ROOT

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"

EXACT = Rush(
    capacity={1: 2, 2: 1},
    promises=[Promise(1, "a", "AAAA-0001", "A-001"), Promise(1, "b", "AAAA-0002", "A-002")],
    stored=[Stored(1, "AAAA-0001", "A-001"), Stored(1, "AAAA-0002", "A-002")],
    full={1: 7},
)


def test_the_smallest_run_prints_its_lines() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "scripts.benchmarks", "--quick", "--only", "qr,pdf", "--rounds", "1", "--markdown"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "| QR code as SVG |" in result.stdout
    assert "| PDF ticket, A4 |" in result.stdout
    assert "Exact." in result.stdout


def test_an_unknown_line_is_explained() -> None:
    with pytest.raises(SystemExit, match="No such line: speed"):
        command.main(["--only", "speed"])


def test_a_run_that_was_not_exact_ends_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ["sqlite: slot 1 is oversold: 3 tickets on 2 places"]
    line = Line("accepted bookings", [1.0, 2.0, 3.0], "/s")
    monkeypatch.delenv("QUEUE_APP_DATABASE_URL", raising=False)
    monkeypatch.setattr(ordinary, "measure", lambda *_, **__: ([line], found))
    assert command.main(["--only", "accepted", "--database", "sqlite"]) == 1
    assert found[0] in capsys.readouterr().out
    found.clear()
    assert command.main(["--only", "accepted", "--database", "sqlite"]) == 0


def test_a_whole_answer_is_found() -> None:
    assert parse(HEAD + b"body") == Answer(201, len(HEAD), len(HEAD) + 4)
    assert parse(HEAD.lower().replace(b"http", b"HTTP") + b"body") == Answer(201, len(HEAD), len(HEAD) + 4)
    assert parse(CHUNKED) == Answer(200, CHUNKED.index(b"3\r\n"), len(CHUNKED))
    assert parse(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n") == Answer(304, 38, 38)


@pytest.mark.parametrize("whole", [HEAD + b"body", CHUNKED])
def test_a_part_of_an_answer_is_waited_for(whole: bytes) -> None:
    assert [parse(whole[:length]) for length in range(len(whole))] == [None] * len(whole)


@pytest.mark.parametrize("nonsense", [b"<html></html>", b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"])
def test_what_has_no_length_or_is_no_http_is_an_error(nonsense: bytes) -> None:
    with pytest.raises(ValueError, match=r"not an HTTP|without a length"):
        parse(nonsense)


def test_a_rush_that_went_well_has_no_faults() -> None:
    assert faults(EXACT) == []
    again = replace(EXACT, promises=[*EXACT.promises, EXACT.promises[0]])
    assert faults(again) == [], "a repeat that got the same booking is no fault"


@pytest.mark.parametrize(
    ("rush", "said"),
    [
        (replace(EXACT, capacity={1: 1, 2: 1}, full={}), "oversold"),
        (replace(EXACT, stored=EXACT.stored[:1]), "is not stored"),
        (replace(EXACT, full={1: 7, 2: 1}), "lost places"),
        (replace(EXACT, promises=EXACT.promises[:1]), "nobody was told of"),
        (replace(EXACT, stored=[EXACT.stored[0], Stored(1, "AAAA-0002", "A-001")]), "given 2 times"),
        (replace(EXACT, promises=[*EXACT.promises, Promise(1, "c", "AAAA-0002", "A-002")]), "to 2 requests"),
        (
            replace(EXACT, promises=[EXACT.promises[0], Promise(1, "a", "AAAA-0002", "A-002")]),
            "one request got 2 bookings",
        ),
        (replace(EXACT, stored=[EXACT.stored[0], Stored(2, "AAAA-0002", "A-002")]), "another slot or number"),
    ],
)
def test_every_way_of_not_being_exact_is_found(rush: Rush, said: str) -> None:
    assert any(said in fault for fault in faults(rush)), faults(rush)


def test_a_lost_answer_may_leave_a_booking_behind() -> None:
    assert faults(replace(EXACT, promises=EXACT.promises[:1], unanswered=1)) == []


def test_everybody_in_the_crowd_is_somebody_else_and_nobody_real() -> None:
    wishes = Crowd(8000, "key").wishes([1, 2, 3], 25_000)
    niks = [wish.person.nik for wish in wishes]
    assert len(set(niks)) == len({wish.person.phone for wish in wishes}) == len({wish.key for wish in wishes}) == 25_000
    assert all(parse_nik(nik).is_synthetic for nik in niks[::500])
    assert parse_phone(wishes[0].person.phone)
    assert {wish.slot_id for wish in wishes} == {1, 2, 3}


def test_a_line_says_whether_its_goal_was_met() -> None:
    assert Line("a", [2.0, 4.0, 3.0], "×", at_least=2.5).verdict == "met"
    assert Line("a", [2.0, 4.0, 3.0], "×", at_least=2.5, every_round=True).verdict == "missed: 80% of it"
    assert Line("a", [2.0, 4.0, 3.0], "ms", at_most=2).verdict == "missed: 1.5 times it"
    line = Line("pages", [1234.5], "/s")
    assert line.cells() == ("pages", "1,234 /s", "", "–", "–")
    assert as_text([line]).splitlines()[1].split() == ["pages", "1,234", "/s", "–", "–"]
    assert as_markdown([line]).splitlines()[2] == "| pages | 1,234 /s |  | – | – |"
