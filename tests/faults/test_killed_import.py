"""`kill -9` in the middle of an import of bookings: nothing of the file is there, and the next try makes all of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from queue_app.db import db
from queue_app.models import AuditEntry, Booking, Slot, Ticket
from tests.concurrency.races import assert_sound
from tests.faults.product import PATIENCE, Product
from tests.harness.factories import make_nik

ROWS = 40
TAKE_IN = """
import sys, time
from sqlalchemy import select
from queue_app import create_app
from queue_app.adapters.table_import import read_table
from queue_app.config import settings_from
from queue_app.db import unit_of_work
from queue_app.domain.exchange.columns import ImportKind
from queue_app.domain.exchange.rows import rows_of
from queue_app.domain.roles import Actor
from queue_app.models import Office
from queue_app.services.exchange import bookings
from queue_app.web.forms.email_field import read_email
app = create_app(settings_from())
real, rest = bookings.book_assisted, float(sys.argv[1])
def slowly(*arguments, **named):
    booked = real(*arguments, **named)
    print("one", flush=True)
    time.sleep(rest)
    return booked
bookings.book_assisted = slowly
rows = rows_of(ImportKind.BOOKINGS, read_table(sys.stdin.buffer.read())).rows
with app.app_context(), unit_of_work() as session:
    offices, keys = session.scalars(select(Office)).all(), app.extensions["keyring"]
    importer = bookings.Importer(offices, keys, Actor.staff(1), tells=False)
    bookings.import_bookings(session, rows, importer, read_email=read_email, now=app.extensions["clock"].now())
"""


def test_an_import_that_is_killed_leaves_nothing(
    app: Flask, opened: Callable[..., list[int]], product: Product
) -> None:
    (slot,) = opened(capacity=ROWS)
    with app.app_context():
        day = db.session().get_one(Slot, slot).day
    lines = [f"sragen;KTP_REKAM;{day};08.00;{make_nik().digits};Siti Wahyuni" for _ in range(ROWS)]
    table = "\n".join(["Kantor;Layanan;Tanggal;Jam;NIK;Nama", *lines]).encode()
    killed = _begin(product, table, rest="0.05")
    assert killed.stdout is not None
    for _ in range(ROWS // 2):
        assert killed.stdout.readline() == b"one\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(timeout=PATIENCE)
    _gone(app)
    assert _there(app) == (0, 0, 0, 0)
    assert _begin(product, table, rest="0").wait(timeout=PATIENCE * 4) == 0
    assert _there(app) == (ROWS, ROWS, ROWS, ROWS)
    assert_sound(app)


def _begin(product: Product, table: bytes, *, rest: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_IN, rest],
        env=product.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(table)
    process.stdin.close()
    return process


def _gone(app: Flask) -> None:
    """Once its locks are free, the database has noticed that the other side is dead."""
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(select(Slot.id).with_for_update(key_share=True))


def _there(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        session = db.session()
        counted = [session.scalar(select(func.count()).select_from(model)) or 0 for model in (Booking, Ticket)]
        entries = session.scalar(select(func.count()).where(AuditEntry.action == "ticket.booked")) or 0
        booked = session.scalar(select(func.sum(Slot.booked))) or 0
        db.session.rollback()
        return (*counted, entries, int(booked))
