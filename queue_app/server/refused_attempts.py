"""Write down now and then which attempts to book were refused, beside all requests and never in one."""

from __future__ import annotations

import logging
import threading

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from queue_app.adapters.refused import refused
from queue_app.db import db, unit_of_work
from queue_app.domain.keyring import KeysDoNotFit
from queue_app.services.figures.refusals import add_refusals

EVERY = 60.0  # seconds

log = logging.getLogger(__name__)


def keep_writing(app: Flask, ending: threading.Event) -> None:
    """The work of a thread: until the worker ends, and once more then."""
    while not ending.wait(EVERY):
        write_down(app)
    write_down(app)


def write_down(app: Flask) -> int:
    """How many rows were added to. What cannot be stored just now waits for the next time.

    They are taken only when the transaction is open, and not put back once it may have been committed: rather too few.
    """
    if not refused:
        return 0
    with app.app_context():
        try:
            with unit_of_work() as session:
                taken = refused.take()
                try:
                    return add_refusals(session, taken)
                except BaseException:
                    refused.put_back(taken)
                    raise
        except (SQLAlchemyError, KeysDoNotFit) as problem:
            log.warning("refused attempts are not written down: %s", type(problem).__name__)
            return 0
        finally:
            db.session.remove()
