"""JSON as it is sent, read strictly."""

from __future__ import annotations

import json
from typing import Any


def read_json(raw: bytes) -> Any:
    """Raises ValueError: for no UTF-8, NaN and Infinity, nesting that goes too deep, and numbers of endless length."""
    try:
        return _decode(raw.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def require_characters(content: Any) -> None:
    """Raises ValueError for half of a surrogate pair: it is no character, and could neither be validated nor stored."""
    json.dumps(content, ensure_ascii=False).encode("utf-8")


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_decode = json.JSONDecoder(parse_constant=_no_constant).decode
