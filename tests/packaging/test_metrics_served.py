"""`/metrics` of several workers: whichever answers speaks for all, and none that dies takes its count along."""

import json
import os
import re
import shutil
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from queue_app.adapters.tally import Tallies
from tests.harness.fakes import MONITORING
from tests.harness.scraping import Samples, of, scraped
from tests.harness.serving import Served, eventually, serving
from tests.harness.source import ROOT

pytestmark = pytest.mark.slow

SHIPPED = ROOT / "scripts" / "deploy" / "prometheus"
REQUESTS = 120
NAME = re.compile(r"\bqueue_app_[a-z_]+\b")


@pytest.fixture(scope="module")
def watched(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("metrics")
    shutil.copytree(installation, folder / "data")
    settings = {"QUEUE_APP_WORKERS": "2", "QUEUE_APP_METRICS_TOKEN": MONITORING, "QUEUE_APP_LOG": "json"}
    settings["QUEUE_APP_LOG_REQUESTS"] = "yes"
    with serving(folder / "data", folder / "output", "--demo-if-empty", **settings) as watched:
        assert eventually(lambda: len(watched.workers) == 2)
        yield watched


def ask(watched: Served, path: str, **headers: str) -> tuple[int, str]:
    """Status and request id. On a connection of its own, so that any worker may get it."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(watched.address + path, headers=headers), timeout=30
        ) as answer:
            return answer.status, answer.headers.get("X-Request-Id", "")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get("X-Request-Id", "")


def log_ins(watched: Served) -> float:
    return of(scraped(watched.address), "queue_app_requests_total", route="staff.log_in", status="200")


def test_two_workers_count_exactly_and_one_that_is_killed_loses_nothing(watched: Served) -> None:
    before = log_ins(watched)
    for turn in range(1, 4):
        for _ in range(REQUESTS):
            assert ask(watched, "/petugas/masuk")[0] == 200
        # What another worker has counted is seen half a second later; and never more than that.
        assert eventually(lambda turn=turn: log_ins(watched) - before >= turn * REQUESTS)
        assert log_ins(watched) - before == turn * REQUESTS
        workers = watched.workers
        os.kill(workers[turn % 2], signal.SIGKILL)
        assert eventually(lambda old=workers: len(watched.workers) == 2 and watched.workers != old)
        assert log_ins(watched) - before == turn * REQUESTS
    by = workers_that_answered(watched.output)
    assert len(by) > 2, "one worker got everything: nothing was added up"


def workers_that_answered(output: Path) -> set[int]:
    lines = [json.loads(line) for line in output.read_text().splitlines() if line.startswith("{")]
    return {line["pid"] for line in lines if line.get("route") == "staff.log_in"}


def test_a_worker_that_did_not_take_its_place_over_would_lose_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the second life of a place without what the first has left."""
    tallies = Tallies(1)
    tallies.take(0)
    monkeypatch.setattr(Tallies, "_read", lambda *_: None)
    tallies.take(0)
    assert tallies.together().tally.counts == {}


@pytest.mark.parametrize(("header", "status"), [({}, 401), ({"Authorization": "Bearer wrong"}, 401)])
def test_only_with_the_token(watched: Served, header: dict[str, str], status: int) -> None:
    assert ask(watched, "/metrics", **header)[0] == status


def test_without_the_setting_there_is_nothing(installation: Path, tmp_path: Path) -> None:
    shutil.copytree(installation, tmp_path / "data")
    settings = {"QUEUE_APP_WORKERS": "1", "QUEUE_APP_RUN_SCHEDULER": "no", "QUEUE_APP_LOG": "text"}
    with serving(tmp_path / "data", tmp_path / "output", **settings) as watched:
        assert ask(watched, "/metrics", Authorization=f"Bearer {MONITORING}")[0] == 404


def test_refusals_of_the_server_itself_are_counted_and_carry_an_id(watched: Served) -> None:
    before = scraped(watched.address)
    status, identity = ask(watched, "/", **{f"X-Filler-{n}": "x" * 7_000 for n in range(10)})
    assert (status, len(identity)) == (431, 12)
    assert eventually(lambda: rise(before, scraped(watched.address), reason="headers") == 1)


def rise(before: Samples, after: Samples, **labels: str) -> float:
    return of(after, "queue_app_refusals_total", **labels) - of(before, "queue_app_refusals_total", **labels)


def test_a_request_is_found_in_the_log_by_the_id_that_the_reader_got(watched: Served) -> None:
    _, identity = ask(watched, "/petugas/masuk", **{"X-Request-Id": "chosen-by-a-stranger"})
    assert identity != "chosen-by-a-stranger"
    line = next(json.loads(line) for line in watched.output.read_text().splitlines() if identity in line)
    assert (line["route"], line["status"], line["process"], line["level"]) == ("staff.log_in", 200, "web", "INFO")
    assert line["pid"] in watched.workers


def test_the_scheduler_logs_beside_it_under_its_own_name(watched: Served) -> None:
    def scheduler_lines() -> list[dict[str, object]]:
        lines = [json.loads(line) for line in watched.output.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["process"] == "scheduler"]

    assert eventually(lambda: bool(scheduler_lines()), within=30)


def test_every_name_in_alerts_and_dashboard_is_in_a_real_scrape(watched: Served) -> None:
    ask(watched, "/petugas/masuk")
    told = {name for name, _ in scraped(watched.address)}
    for file in ("alerts.yml", "grafana.json"):
        used = set(NAME.findall((SHIPPED / file).read_text()))
        assert used, file
        assert used <= told, f"{file}: {used - told}"


def test_every_alert_says_what_to_do() -> None:
    groups = yaml.safe_load((SHIPPED / "alerts.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        matter, _, remedy = re.split(r"([.:;]) ", rule["annotations"]["summary"], maxsplit=1)
        assert matter, rule["alert"]
        assert remedy, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_panel_of_the_dashboard_asks_for_something() -> None:
    panels = json.loads((SHIPPED / "grafana.json").read_text())["panels"]
    assert all(target["expr"] for panel in panels for target in panel["targets"])
    assert len({panel["id"] for panel in panels}) == len(panels)
