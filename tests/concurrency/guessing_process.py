"""What each process of the race of guesses does: wrong passwords, one after the other, at an app of its own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from queue_app import create_app
from queue_app.config import Settings
from tests.harness.fakes import FixedClock


def guess_many(instance: Path, database_url: str, addresses: list[str], start: Any, results: Any) -> None:
    """Put how often each status came into ``results``: one guess at the account "siti" from each of the addresses."""
    app = create_app(Settings(instance=instance, database_url=database_url, testing=True), clock=FixedClock())
    client = app.test_client()
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/petugas/masuk").text)
    values = {"csrf_token": found.group(1) if found else "", "username": "siti", "password": "salah-salah-salah"}
    start.wait(60)
    results.put(
        Counter(
            client.post("/petugas/masuk", data=values, environ_base={"REMOTE_ADDR": address}).status_code
            for address in addresses
        )
    )
