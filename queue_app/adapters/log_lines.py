"""How a line of the log looks: as text for eyes, or as JSON for programs. Neither holds anything personal."""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime, timedelta
from types import TracebackType

from .correlation import cause

# Their texts are about code. Those of all others may quote what was typed or stored, and stay out of the log.
ABOUT_CODE = {AttributeError, ImportError, ModuleNotFoundError, NameError, NotImplementedError, TypeError}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def start_logging(process: str, *, as_json: bool) -> None:
    """Log to standard error. ``process``: what this one is (web, scheduler, command)."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(process) if as_json else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("queue_app").setLevel(logging.INFO)


class Discreet(logging.Formatter):
    def formatException(self, ei: ExcInfo) -> str:
        """Where an error arose, of which kind it is and what led to it; no values, and no text that may hold some."""
        return "\n".join(_traceback(ei[1])) if ei[1] else ""


class TextLines(Discreet):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        known = cause()
        return super().formatMessage(record) + (f" [{known.id}]" if known else "")


class JsonLines(Discreet):
    """One object a line, with the time in UTC. `logging`'s ``extra={"facts": {…}}`` become fields of their own."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        known = cause()
        line = {
            "time": (EPOCH + timedelta(seconds=record.created)).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": self._process,
            "pid": os.getpid(),
        }
        if known:
            line[known.kind] = known.id
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "facts", {}), ensure_ascii=False)


def _traceback(problem: BaseException) -> list[str]:
    """The lines, those of the first cause first."""
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    lines = [*_traceback(before), "then:"] if before else []
    for frame in traceback.extract_tb(problem.__traceback__):
        lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line or ''}".rstrip(": "))
    text = str(problem) if type(problem) in ABOUT_CODE else getattr(problem, "strerror", None)
    return [*lines, type(problem).__name__ + (f": {text}" if text else "")]
