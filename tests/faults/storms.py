"""A morning on which everything happens at once, as chance has it: the same seed brings the same wishes and strikes."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.closures import OfferState
from queue_app.domain.errors import DomainError
from queue_app.models import Offer, Slot
from queue_app.services.booking.answering import accept
from queue_app.services.calendar import closing, quota
from tests.faults.clients import Answer, Client, Task, Unanswered, Wish
from tests.faults.product import Product, Server
from tests.harness.factories import TESTER

HURRIED = 300  # people at the opening
SECONDS = 6.0  # of coming and going
REASON = {"reason_id": "Listrik padam", "reason_en": ""}


class Storm:
    """What clients do; ``left`` are those who went without an answer and shall ask again at the end."""

    def __init__(self, slots: Sequence[int], wish: Callable[..., Wish], seed: int) -> None:
        self._slots, self._wish, self._chance = slots, wish, random.Random(seed)
        self.left: list[Wish] = []

    def tasks(self) -> Iterator[Task]:
        """First everybody for a few places at once, then a coming and going, in which most give back what they got."""
        chance = self._chance
        for _ in range(HURRIED):
            yield self._task(chance.choice(["keep", "again", "leave", "move", "give back", "give back"]))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            yield self._task(chance.choice(["again", "leave", "move", "move and give back", *["give back"] * 6]))

    def _task(self, what: str) -> Task:
        slot, other = self._chance.choice(self._slots), self._chance.choice(self._slots)
        return partial(self._ask, wish=self._wish(slot), what=what, to=other)

    def ask_again(self) -> Iterator[Task]:
        """Each of those who have not heard, with the same key."""
        for wish in self.left:
            yield partial(Client.insist, wish=wish)

    def _ask(self, client: Client, wish: Wish, what: str, to: int) -> None:
        if what == "leave":
            self.left.append(wish)
            client.leave(wish)
            return
        try:
            answer = client.insist(wish)
        except Unanswered:
            self.left.append(wish)
            return
        if answer.booked:
            with contextlib.suppress(Unanswered):
                self._do(client, wish, answer, what, to)

    @staticmethod
    def _do(client: Client, wish: Wish, answer: Answer, what: str, to: int) -> None:
        code, token = answer.body["code"], answer.body["token"]
        if what == "again":  # as if the answer had been lost, and then the pages
            again = client.insist(wish)
            assert again.body == answer.body, again
            for path in (f"/t/{token}", "/", "/sragen"):
                client.ask("GET", path)
        if "move" in what:
            moved = client.ask("POST", f"/api/v1/bookings/{code}/reschedule", {"slot_id": to}, {"Ticket-Token": token})
            token = moved.body["token"] if moved.booked else token
        if "give back" in what:
            client.cancel(code, token)


class Office:
    """The administrator, who closes, opens and changes quotas; and those who take what they are offered then."""

    def __init__(self, app: Flask, seed: int) -> None:
        self._app, self._chance = app, random.Random(seed)
        self.acts = 0
        self.failures: list[Exception] = []

    def work(self, over: threading.Event) -> None:
        with self._app.app_context():
            days = sorted(db.session().scalars(select(Slot.service_day_id).distinct()))
            db.session.remove()
            while not over.wait(self._chance.uniform(0.05, 0.4)):
                for act in self._chance.sample(
                    [self._change_quota, self._close, self._open, self._open, self._accept], 2
                ):
                    try:
                        with contextlib.suppress(DomainError), unit_of_work() as session:
                            act(session, self._chance.choice(days))
                            self.acts += 1
                    except Exception as failure:
                        self.failures.append(failure)

    def _change_quota(self, session: Session, day: int) -> None:
        quota.set_day_quota(
            session, day, self._chance.randrange(30, 90), reason="Petugas sakit", actor=TESTER, now=self._now
        )

    def _close(self, session: Session, day: int) -> None:
        if self._chance.random() < 0.3:
            closing.close_day(session, day, **REASON, actor=TESTER, now=self._now)

    def _open(self, session: Session, day: int) -> None:
        closing.open_day(session, day, reason="Listrik menyala", actor=TESTER, now=self._now)

    def _accept(self, session: Session, _day: int) -> None:
        offers = session.scalars(select(Offer.booking_id).where(Offer.state == OfferState.OPEN).limit(20)).all()
        if offers:
            accept(session, self._chance.choice(offers), now=self._now)

    @property
    def _now(self) -> Any:
        return self._app.extensions["clock"].now()


class Killer:
    """`kill -9` of a worker, of all of them, or of the scheduler, at any moment."""

    def __init__(self, product: Product, server: Server, seed: int) -> None:
        self._product, self._server, self._chance = product, server, random.Random(seed)
        self.killed = {"worker": 0, "scheduler": 0}

    def work(self, over: threading.Event) -> None:
        scheduler = self._product.start_scheduler()
        try:
            while not over.wait(self._chance.uniform(0.3, 1.2)):
                if self._chance.random() < 0.3:
                    scheduler.kill()
                    scheduler.wait()
                    scheduler = self._product.start_scheduler()
                    self.killed["scheduler"] += 1
                elif workers := self._server.workers():
                    struck = workers if self._chance.random() < 0.2 else [self._chance.choice(workers)]
                    self._server.kill(*struck)
                    self.killed["worker"] += len(struck)
        finally:
            scheduler.terminate()
            scheduler.wait()
