"""The outcome of printing, and the address of a printer."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

from .errors import InvalidPrinter

NAME_MAX = 60
HOST_MAX = 253
COLUMNS = (32, 42, 48)  # characters on a line that receipt printers have; fewer of the two a printer stands between
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


class PrintState(StrEnum):
    SENDING = "sending"
    PRINTED = "printed"  # the printer said so
    SENT = "sent"  # everything went out, and the printer says nothing
    FAILED = "failed"


class PrintProblem(StrEnum):
    UNREACHABLE = "unreachable"  # nothing was printed
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    INTERRUPTED = "interrupted"  # a part may be printed


@dataclass(frozen=True)
class PrintOutcome:
    """``problem``: with FAILED only."""

    state: PrintState
    problem: PrintProblem | None = None


def read_host(typed: str) -> str:
    """The name or address of a machine and nothing else; raise InvalidPrinter (``reason``: host)."""
    host = typed.strip().lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    labels = host.removesuffix(".").split(".")
    looks_like_address = labels[-1].isdigit()
    if len(host) > HOST_MAX or looks_like_address or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidPrinter(reason="host")
    return host


def read_printer_name(typed: str) -> str:
    """Trim and collapse white space; raise InvalidPrinter (``reason``: name)."""
    name = " ".join(typed.split())
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise InvalidPrinter(reason="name")
    return name
