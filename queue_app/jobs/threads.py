"""An executor for APScheduler whose threads do not keep a process alive that was told to end."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job

PATIENCE = 5.0  # seconds that jobs get to end by themselves


class DaemonThreads(BaseExecutor):
    """One thread a run. The pools of the library are waited for at exit, however long a mail server hangs."""

    def __init__(self) -> None:
        super().__init__()
        self._running: set[threading.Thread] = set()

    def _do_submit_job(self, job: Any, run_times: list[Any]) -> None:
        def work() -> None:
            try:
                events = run_job(job, job._jobstore_alias, run_times, self._logger.name)
            except BaseException:
                self._run_job_error(job.id, *sys.exc_info()[1:])
            else:
                self._run_job_success(job.id, events)
            finally:
                self._running.discard(threading.current_thread())

        thread = threading.Thread(target=work, name=f"job {job.id}", daemon=True)
        self._running.add(thread)
        thread.start()

    def shutdown(self, wait: bool = True) -> None:
        until = time.monotonic() + (PATIENCE if wait else 0)
        for thread in list(self._running):
            thread.join(max(0.0, until - time.monotonic()))
