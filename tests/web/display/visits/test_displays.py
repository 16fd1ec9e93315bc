"""What hangs in the hall: the page without scripts, the JSON for displays and telephones, the clips of its voice."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.models import DisruptionKind
from queue_app.queries.visits import hall as hall_queries
from queue_app.services.visits import calling, serving
from queue_app.services.visits.disruptions import begin_disruption, disruptions_of, end_disruption
from queue_app.web.hall.shared import FARTHEST, HALLS, Halls
from tests.harness.factories import TESTER
from tests.harness.hall import Hall
from tests.harness.source import ROOT
from tests.web.citizen import text_of

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,))

AUDIO = ROOT / "static" / "audio"
DISPLAY, NOW = "/display/sragen", "/display/sragen/now"


def serve(hall: Hall, *numbers: int, seconds: int = 200) -> None:
    for number in numbers:
        (ticket_id,) = hall.arrive(number)
        hall.call()
        hall.clock.advance(seconds=seconds)
        hall.serve(ticket_id)


def big_number(page: str) -> str:
    found = re.search(r"data-number>([^<]*)<.*?data-counter-line>(.*?)</p>", page, re.DOTALL)
    assert found
    return text_of(f"{found[1]} {found[2]}")


def before(page: str) -> list[str]:
    found = re.search(r"data-recent>(.*?)</ul>", page, re.DOTALL)
    assert found
    return [text_of(item) for item in re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL)]


def test_the_page_says_all_of_it_without_scripts(client: FlaskClient, hall: Hall) -> None:
    empty = client.get(DISPLAY).text
    assert big_number(empty) == "Belum ada panggilan"
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in empty
    assert "Semua layanan GRATIS" in empty
    assert "08.00 WIB" in text_of(empty)
    serve(hall, *range(1, 8))
    hall.arrive(8, 9, 10, 11, 12)
    hall.call(2)
    page = client.get(DISPLAY).text
    assert big_number(page) == "A-008 Loket 2"
    assert before(page) == [f"A-00{number} Loket 1" for number in (7, 6, 5, 4, 3)]
    assert "Berikutnya: A-009 A-010 A-011" in text_of(page)
    assert "Alamat halaman antrean" in page
    assert "<h1" in client.get(f"{DISPLAY}?lang=en").text
    assert "Counter <strong>2</strong>" in client.get(DISPLAY).text


def test_each_display_has_its_services(client: FlaskClient, hall: Hall) -> None:
    serve(hall, *range(1, 8))
    sent, _waiting = hall.arrive(8, 9)
    hall.call()
    hall.press(serving.transfer, sent, to_service_id=hall.other_service_id)
    hall.call(2)
    assert big_number(client.get(f"{DISPLAY}?layanan=KK").text) == "A-008 Loket 2"
    assert before(client.get(f"{DISPLAY}?layanan=kk").text) == []
    of_cards = client.get(f"{DISPLAY}?layanan=ktp-rekam").text
    assert big_number(of_cards) == "A-007 Loket 1"
    assert len(before(of_cards)) == 5
    assert "A-009" in of_cards
    assert big_number(client.get(f"{DISPLAY}?layanan=KTP_REKAM,KK").text) == "A-008 Loket 2"
    assert big_number(client.get(f"{DISPLAY}?layanan=TIDAK_ADA").text) == "Belum ada panggilan"


@pytest.mark.parametrize("most", [3, 8])
def test_how_many_calls_it_shows_is_said_in_one_place(
    client: FlaskClient, hall: Hall, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(hall_queries, "RECENT_CALLS", most)
    serve(hall, *range(1, 10))
    page = client.get(DISPLAY).text
    assert len(before(page)) == most - 1
    assert f'data-most-recent="{most}"' in page  # for the script
    assert len(client.get(NOW).json["recent"]) == most
    # The style sheet takes as many as there are.
    assert "repeat(" not in (ROOT / "static" / "css" / "display.css").read_text(encoding="utf-8")


def test_what_was_taken_back_disappears(client: FlaskClient, hall: Hall) -> None:
    one, two = hall.arrive(1, 2)
    hall.call()
    hall.call(2)
    assert [call["number"] for call in client.get(NOW).json["recent"]] == ["A-002", "A-001"]
    hall.undo(two)
    now = client.get(NOW).json
    assert [call["number"] for call in now["recent"]] == ["A-001"]
    assert now["lines"][0]["numbers"] == ["A-002"]
    first = now["recent"][0]["at"]
    hall.press(calling.recall, one)
    again = client.get(NOW).json["recent"]
    assert [call["number"] for call in again] == ["A-001"]
    assert again[0]["at"] > first  # by which displays see that it was called once more
    hall.undo(one)
    assert client.get(NOW).json["recent"][0]["at"] == first


def test_a_disruption_is_said_with_its_time(client: FlaskClient, hall: Hall, session: Session) -> None:
    def begin(kind: DisruptionKind, hours: int = 0) -> None:
        now = hall.clock.now()
        until = now + timedelta(hours=hours) if hours else None
        begin_disruption(session, hall.office.id, kind, expected_until=until, actor=TESTER, now=now)
        session.commit()

    def end(close: tuple[str, str] | None = None) -> None:
        (lasting,) = disruptions_of(session, hall.office.id)
        by = {"disruption_id": lasting.id, "actor": TESTER, "now": hall.clock.now()}
        end_disruption(session, hall.office.id, close=close, **by)
        session.commit()

    serve(hall, *range(1, 8))
    hall.arrive(8)
    assert client.get(NOW).json["stops"] == []
    assert client.get(NOW).json["lines"][0]["waits"]
    begin(DisruptionKind.CENTRAL_SERVER, hours=1)
    (stop,) = client.get(NOW).json["stops"]
    assert stop["text"].startswith("Server pusat sedang terganggu sejak pukul 08.")
    assert "Diperkirakan pulih" in stop["text"]
    assert client.get(NOW).json["lines"] == [
        {"service": "KTP_REKAM", "name": "Perekaman KTP-el", "numbers": ["A-008"], "waits": [], "stopped": True},
        {"service": "KK", "name": "Layanan KK", "numbers": [], "waits": [], "stopped": True},
    ]
    assert stop["text"] in text_of(client.get(DISPLAY).text)
    assert "The central server is out of order since" in client.get(f"{NOW}?lang=en").json["stops"][0]["text"]
    client.delete_cookie("lang")
    end()
    assert client.get(NOW).json["stops"] == []
    begin(DisruptionKind.POWER)
    assert "Panggilan berhenti sementara" in client.get(NOW).json["stops"][0]["text"]
    end(close=("Listrik padam", ""))
    assert client.get(NOW).json["stops"][0]["closed"] is True
    assert "ditutup" in client.get(NOW).json["stops"][0]["text"]
    hall.clock.advance(days=1)
    assert client.get(NOW).json["stops"] == []


def test_nothing_personal_and_nothing_that_changes_by_itself(client: FlaskClient, hall: Hall, app: Flask) -> None:
    serve(hall, *range(1, 8))
    hall.arrive(8, 9)
    hall.call()
    answer = client.get(NOW)
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert "Set-Cookie" not in answer.headers
    assert set(answer.json["recent"][0]) == {"number", "counter", "service", "state", "at"}
    hall.clock.advance(seconds=20)
    same = client.get(NOW, headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304
    hall.call(2)
    assert client.get(NOW, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200
    assert client.get("/display/tidak-ada/now").status_code == 404
    assert client.get("/display/tidak-ada").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_stays_small_and_is_read_once_for_all(client: FlaskClient, hall: Hall, app: Flask) -> None:
    serve(hall, *range(1, 8))
    hall.arrive(*range(10, 90))
    line = client.get(NOW).json["lines"][0]
    assert len(line["numbers"]) == 80
    assert len(line["waits"]) == FARTHEST
    assert all(low <= high for low, high in line["waits"])
    assert [low for low, _ in line["waits"]] == sorted(low for low, _ in line["waits"])
    halls: Halls = app.extensions[HALLS]
    halls.now = lambda: 0.0
    halls.forget()
    kept = client.get(NOW).json
    hall.call()
    assert client.get(NOW).json == kept
    assert "Counter" in client.get(f"{DISPLAY}?lang=en").text
    halls.now = lambda: 0.3
    assert client.get(NOW).json["recent"][0]["number"] == "A-010"


def clips() -> list[Path]:
    return sorted(AUDIO.rglob("*.mp3"))


def said_by_the_script() -> set[str]:
    """What `scripts/voice` makes, by its own tables."""
    made: dict[str, object] = {"__name__": "voice", "__file__": str(ROOT / "scripts" / "voice")}
    exec((ROOT / "scripts" / "voice").read_text(encoding="utf-8"), made)
    words, letters = made["WORDS"], made["LETTERS"]
    assert isinstance(words, dict)
    assert isinstance(letters, dict)
    return {"chime"} | {f"{one}/{name}" for one in words for name in {**letters[one], **words[one]}}


def test_every_clip_is_there_and_none_is_too_many() -> None:
    assert {clip.relative_to(AUDIO).with_suffix("").as_posix() for clip in clips()} == said_by_the_script()
    assert sum(clip.stat().st_size for clip in clips()) < 600_000


def test_every_clip_has_a_sensible_length() -> None:
    """By its frames: 32 kbit/s, 22.05 kHz, 576 samples each."""
    for clip in clips():
        data = clip.read_bytes()
        assert data[:2] in {b"\xff\xf3", b"\xff\xf2"}, f"{clip} is no MPEG 2 layer III"
        seconds = len(data) * 8 / 32_000
        assert 0.2 < seconds < 3, f"{clip}: {seconds} s"


def test_what_the_page_is_served_as(client: FlaskClient, hall: Hall) -> None:
    folder = re.search(r'data-audio="([^"]+)"', client.get(DISPLAY).text)
    assert folder
    answer = client.get(f"{folder[1]}id/number.mp3")
    assert (answer.status_code, answer.content_type) == (200, "audio/mpeg")
