"""The short way to a message authentication code gives what the long one gives."""

from __future__ import annotations

import hmac

import pytest

from queue_app.domain.macs import mac


@pytest.mark.parametrize("key", [b"k" * 32, b"", b"long" * 40])
@pytest.mark.parametrize("content", [b"", b"3314991703050001", b"x" * 5000])
def test_it_is_hmac_sha_256(key: bytes, content: bytes) -> None:
    assert mac(key, content) == mac(key, content) == hmac.digest(key, content, "sha256")


def test_rfc_4231_case_2() -> None:
    known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert mac(b"Jefe", b"what do ya want for nothing?").hex() == known
