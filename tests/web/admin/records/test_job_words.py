"""Every job of the scheduler has words for the administrator."""

from queue_app.jobs import registry
from queue_app.web.admin.records.job_words import JOBS


def test_every_job_has_words_and_nothing_else_has() -> None:
    assert set(JOBS) == {job.name for job in registry.JOBS}
