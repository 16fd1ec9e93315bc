"""No more requests work at once than there are permits, and nobody waits for one for long."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from queue_app.adapters.measures import PERMIT_WAIT
from queue_app.web.before_flask.request_permits import RequestPermits
from tests.harness.scraping import waits_observed
from tests.web.before_flask.asking import Answered, running, wait_until

PERMITS = 2


class Held:
    """An application whose requests wait until they are let go."""

    def __init__(self) -> None:
        self.go, self.lock, self.inside, self.most = threading.Event(), threading.Lock(), 0, 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.go.wait(30)
        with self.lock:
            self.inside -= 1
        start_response("200 OK", [])
        return [b"done"]


def test_who_waits_too_long_for_a_permit_is_told_when_to_come_back() -> None:
    held = Held()
    layer = RequestPermits(held, writing=PERMITS, reading=1, patience=0.05)
    with running(lambda: Answered(layer), times=PERMITS) as done:
        wait_until(lambda: held.inside == PERMITS)
        page = Answered(layer)
        assert (page.status, page.headers["Retry-After"]) == (503, "5")
        assert "Layanan sedang sangat sibuk" in page.body.decode()
        assert "very busy" in page.body.decode()
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        problem = Answered(layer, PATH_INFO="/api/v1/slots/1/bookings", HTTP_ACCEPT_LANGUAGE="en-GB")
        assert (problem.status, problem.headers["Content-Type"]) == (503, "application/problem+json")
        assert b'"code": "unavailable"' in problem.body
        held.go.set()
    assert [answered.status for answered in done] == [200] * PERMITS
    assert Answered(layer).status == 200, "the permits are free again"


def test_never_more_inside_than_permits_and_everybody_gets_one() -> None:
    held = Held()
    layer = RequestPermits(held, writing=PERMITS, reading=1)
    with running(lambda: Answered(layer), times=12) as done:
        wait_until(lambda: held.inside == PERMITS)
        held.go.set()
    assert [answered.status for answered in done] == [200] * 12
    assert held.most == PERMITS


def test_while_the_queue_stands_still_nobody_joins_it(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    layer = RequestPermits(held, writing=1, reading=1, patience=30)
    with running(lambda: Answered(layer), times=2):
        wait_until(lambda: held.inside == 1 and layer._writers.waiting == 1)
        monkeypatch.setattr("queue_app.web.before_flask.request_permits.STANDSTILL", -1.0)
        began = time.monotonic()
        assert Answered(layer).status == 503
        assert time.monotonic() < began + 20
        held.go.set()


def test_a_permit_is_given_back_when_the_application_breaks_down() -> None:
    def broken(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
        raise RuntimeError("broken")

    layer = RequestPermits(broken, writing=1, reading=1, patience=0.05)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            Answered(layer)


def test_permits_are_given_in_the_order_of_coming() -> None:
    order: list[int] = []
    go = threading.Semaphore(0)

    def noting(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        go.acquire(timeout=30)
        order.append(environ["number"])
        start_response("200 OK", [])
        return [b""]

    layer = RequestPermits(noting, writing=1, reading=1, patience=30)
    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=lambda number=number: Answered(layer, number=number)))
        threads[-1].start()
        wait_until(lambda number=number: layer._writers.waiting == number)
    for _ in threads:
        go.release()
    for thread in threads:
        thread.join(30)
    assert order == list(range(6))


def test_readers_do_not_stand_behind_writers() -> None:
    writing, reading = Held(), Held()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        return (writing if environ["REQUEST_METHOD"] == "POST" else reading)(environ, start_response)

    layer = RequestPermits(application, writing=PERMITS, reading=1, patience=30)
    reading.go.set()
    with running(lambda: Answered(layer), times=2 * PERMITS) as done:
        wait_until(lambda: writing.inside == layer._writers.waiting == PERMITS)
        assert [Answered(layer, REQUEST_METHOD=method).status for method in ("GET", "HEAD")] == [200, 200]
        writing.go.set()
    assert [answered.status for answered in done] == [200] * 2 * PERMITS
    assert writing.most == PERMITS


def test_a_partners_request_is_counted_and_so_it_writes_whatever_it_asks_for() -> None:
    held = Held()
    layer = RequestPermits(held, writing=1, reading=1, patience=0.05)
    asked = {"REQUEST_METHOD": "GET", "HTTP_AUTHORIZATION": "Bearer key"}
    with running(lambda: Answered(layer, **asked), times=1) as done:
        wait_until(lambda: held.inside == 1)
        assert Answered(layer).status == 503, "the permit to write is taken"
        held.go.set()
    assert [answered.status for answered in done] == [200]


def test_each_wait_for_a_permit_is_observed_whoever_waits_and_however_it_ends() -> None:
    held, before = Held(), waits_observed(PERMIT_WAIT)
    layer = RequestPermits(held, writing=1, reading=1, patience=0.05)
    with running(lambda: Answered(layer), times=1), running(lambda: Answered(layer, REQUEST_METHOD="GET"), times=1):
        wait_until(lambda: held.inside == 2)
        assert Answered(layer).status == Answered(layer, REQUEST_METHOD="GET").status == 503
        held.go.set()
    assert Answered(layer, PATH_INFO="/healthz").status == 200
    assert waits_observed(PERMIT_WAIT) == before + 4
