"""Results of the lane: one for each request of a group."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from queue_app.adapters.measures import LANE
from queue_app.adapters.tally import count
from queue_app.db import db
from queue_app.domain.errors import DomainError
from queue_app.web.before_flask.plain_refusals import Refusal
from queue_app.web.before_flask.request_permits import BUSY
from queue_app.web.before_flask.wsgi_answer import Answer

log = logging.getLogger(__name__)
# Of a request in the lane. The reason of a refusal, which is worded in the usual way; None: it has to go there.
Result = Answer | Refusal | DomainError | None


def stored_or_busy(store: Callable[[], Sequence[Result]], many: int) -> Sequence[Result]:
    """The results of a group of so many. Without the database all are told to come again; if we fail, all go the usual
    way.
    """
    try:
        return _counted(store())
    except SQLAlchemyError as problem:
        log.warning("a group of %d was not stored: %s", many, type(problem).__name__)
        return _counted([BUSY] * many)
    except Exception:
        log.exception("a group of %d was not stored", many)
        return _counted([None] * many, "failed")
    finally:
        db.session.remove()


def _counted(results: Sequence[Result], outcome: str | None = None) -> Sequence[Result]:
    for result in results:
        count(LANE, outcome or _outcome(result))
    return results


def _outcome(result: Result) -> str:
    if result is None:
        return "passed_on"
    if isinstance(result, DomainError):
        return "refused"
    return "granted" if isinstance(result, Answer) else "busy"
