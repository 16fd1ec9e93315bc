"""Partners of the public API in great number: threads with connections that are kept, each with a ledger."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.faults.ledger import Ledger
from tests.harness.factories import make_nik

LONGEST_ANSWER = 8  # seconds: the server promises 5, and this machine may be busy
HANGING = 20  # seconds after which a client gives the connection up
PAUSE = 0.1  # seconds between two tries
STUCK = 120  # seconds after the last task was handed out


class Unanswered(Exception):
    """The connection was refused or ended before the answer: whether anything was stored is not known."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any  # as read from JSON; None for a page
    retry_after: str | None
    seconds: float

    @property
    def booked(self) -> bool:
        return self.status in {200, 201}

    @property
    def code(self) -> str | None:
        """The code of a refusal."""
        return self.body.get("code") if not self.booked and isinstance(self.body, dict) else None

    @property
    def foreseen(self) -> bool:
        """In time, and neither an error of the server nor an outage that does not say when to come again."""
        in_time = self.seconds < LONGEST_ANSWER
        return in_time and (self.status < 500 or (self.status == 503 and self.retry_after is not None))


@dataclass(frozen=True)
class Wish:
    """What one person asks for; a repeat has the same key."""

    slot_id: int
    person: int
    key: str

    @property
    def path(self) -> str:
        return f"/api/v1/slots/{self.slot_id}/bookings"

    @property
    def body(self) -> dict[str, Any]:
        nik = make_nik(self.person).digits
        return {"applicant": {"name": "Siti Wahyuni", "nik": nik, "phone": "081234567890"}, "language": "id"}


class Client:
    """One connection at a time, and a ledger. Not for several threads."""

    def __init__(self, address: str, api_key: str, ledger: Ledger) -> None:
        self._host = urlsplit(address).netloc
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}
        self._connection: http.client.HTTPConnection | None = None
        self.ledger = ledger
        self.unanswered = 0  # how often a connection ended before the answer

    def book(self, wish: Wish) -> Answer:
        """Ask once. Raises Unanswered."""
        self.ledger.write(sent=wish.key, person=wish.person)
        answer = self.ask("POST", wish.path, wish.body, {"Idempotency-Key": wish.key})
        if answer.booked:
            self.ledger.keep(acknowledged=wish.key, code=answer.body["code"], number=answer.body["queue_number"])
        elif answer.status == 409:
            self.ledger.keep(refused=wish.key, reason=answer.code)
        elif answer.status != 503 or not answer.foreseen:
            self.ledger.keep(failed=wish.key, status=answer.status, body=answer.body, seconds=answer.seconds)
        return answer

    def insist(self, wish: Wish, tries: int = 100) -> Answer:
        """Ask until there is a booking or a refusal, as a good client does. Raises Unanswered after so many tries."""
        for _ in range(tries):
            with contextlib.suppress(Unanswered):
                answer = self.book(wish)
                if answer.status != 503:
                    return answer
            time.sleep(PAUSE)
        raise Unanswered(wish.key)

    def leave(self, wish: Wish) -> None:
        """Ask and go away without waiting for the answer."""
        self.ledger.write(sent=wish.key, person=wish.person)
        with contextlib.suppress(OSError):
            self._request("POST", wish.path, wish.body, {"Idempotency-Key": wish.key})
        self.close()

    def cancel(self, code: str, token: str) -> Answer:
        """Raises Unanswered."""
        self.ledger.write(cancelling=code)
        answer = self.ask("POST", f"/api/v1/bookings/{code}/cancel", {}, {"Ticket-Token": token})
        if answer.status == 200:
            self.ledger.keep(cancelled=code)
        return answer

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Raises Unanswered."""
        begun = time.monotonic()
        try:
            connection = self._request(method, path, body, headers or {})
            response = connection.getresponse()
            content = response.read()
        except (http.client.HTTPException, OSError) as problem:
            self.close()
            self.unanswered += 1
            if isinstance(problem, TimeoutError):
                self.ledger.keep(hung=path)
            raise Unanswered(path) from problem
        readable = "json" in (response.getheader("Content-Type") or "")
        return Answer(
            response.status,
            json.loads(content) if readable else None,
            response.getheader("Retry-After"),
            time.monotonic() - begun,
        )

    def _request(self, method: str, path: str, body: Any, headers: dict[str, str]) -> http.client.HTTPConnection:
        sending = {**self._headers, **headers}
        if body is not None:
            sending["Content-Type"] = "application/json"
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._host, timeout=HANGING)
        self._connection.request(method, path, json.dumps(body) if body is not None else None, sending)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


Task = Callable[[Client], Any]


class Crowd:
    """So many clients at once, whose ledgers lie in one folder."""

    def __init__(self, address: str, api_key: str, folder: Path) -> None:
        self._address, self._api_key, self.folder = address, api_key, folder
        self.unanswered = 0
        folder.mkdir(exist_ok=True)  # several crowds may be of one trial

    def at(self, address: str) -> Crowd:
        """Others of the same trial, at another door."""
        return Crowd(address, self._api_key, self.folder)

    def do(self, tasks: Iterable[Task], clients: int) -> list[Any]:
        """Each task once, by whichever client is free; return their results in no order, raise their failures."""
        with self.doing(tasks, clients) as results:
            pass
        return results

    @contextmanager
    def doing(self, tasks: Iterable[Task], clients: int) -> Iterator[list[Any]]:
        """The tasks run beside the block and are waited for at its end; the results are complete after it."""
        results: list[Any] = []
        failures: list[Exception] = []
        over, lock, start, waiting = threading.Event(), threading.Lock(), threading.Barrier(clients), iter(tasks)

        def work() -> None:
            client = Client(self._address, self._api_key, Ledger(self.folder / f"{uuid.uuid4()}.jsonl"))
            start.wait()
            try:
                while not over.is_set():
                    with lock:
                        task = next(waiting, None)
                    if task is None:
                        return
                    results.append(task(client))
            except Exception as failure:
                failures.append(failure)
            finally:
                client.close()
                client.ledger.close()
                with lock:
                    self.unanswered += client.unanswered

        threads = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield results
        except BaseException:
            over.set()  # the block failed: nobody waits for endless tasks
            raise
        for thread in threads:
            thread.join(STUCK)
        assert not any(thread.is_alive() for thread in threads), "a client is stuck"
        if failures:
            raise ExceptionGroup(f"{len(failures)} clients failed", failures)
