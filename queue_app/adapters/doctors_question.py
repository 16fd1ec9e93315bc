"""The question by which an installation finds itself at its public address, and hears how it is seen there.

Only who has the keys can ask it, and only who has them can answer it. Nothing in it opens anything.
"""

from __future__ import annotations

import hmac
import secrets

from queue_app.domain.macs import mac

QUESTION = "X-Queue-App-Question"  # header
PATH = "/healthz/reached"


def new_question(key: bytes) -> str:
    nonce = secrets.token_hex(16)
    return f"{nonce}.{_proof(key, 'asks', nonce)}"


def answer_to(key: bytes, question: str) -> str | None:
    """The proof that this key was there; None for whoever asked without it."""
    nonce, _, proof = question.partition(".")
    return _proof(key, "answers", nonce) if _same(proof, _proof(key, "asks", nonce)) else None


def is_answer(key: bytes, question: str, answer: object) -> bool:
    nonce, _, _proof_of_it = question.partition(".")
    return isinstance(answer, str) and _same(answer, _proof(key, "answers", nonce))


def _proof(key: bytes, word: str, nonce: str) -> str:
    return mac(key, f"doctor {word} {nonce}".encode()).hex()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
