"""`queue-app` whose first worker that has stored a group of claims is gone before it can answer any of them."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from queue_app.cli import main
from queue_app.web.lane import claims

book_many = claims.book_many
DIED = Path(os.environ["QUEUE_APP_INSTANCE"]) / "died"


def die(*arguments: Any, **keywords: Any) -> Any:
    results = book_many(*arguments, **keywords)
    if any(results) and not DIED.exists():
        DIED.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return results


claims.book_many = die

if __name__ == "__main__":
    main()
