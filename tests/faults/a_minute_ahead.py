"""`queue-app` on a node whose clock is a minute ahead of the others'."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from queue_app.cli import main

AHEAD = timedelta(minutes=1)

if __name__ == "__main__":
    with time_machine.travel(datetime.now(UTC) + AHEAD, tick=True):
        main()
