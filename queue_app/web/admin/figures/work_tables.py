"""Tables of a report by counter and by member of staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from queue_app.domain.figures.counting import NOBODY, Work
from queue_app.queries.figures.report import Report
from queue_app.web.site.language import gettext as _

from .figure_words import defined
from .report_table import Table, in_minutes


def by_counter(report: Report) -> Table:
    def word(number: int | None) -> str:
        return _("Loket %(number)s") % {"number": number} if number else _("Daftar kedatangan")

    return _work(
        "loket", _("Menurut loket"), _("Loket"), ((word(number), work) for number, _staff, work in report.work)
    )


def by_officer(report: Report) -> Table:
    """Told apart by their numbers: two may have one name."""

    def word(number: int, name: str) -> str:
        if number == NOBODY:
            return _("Sistem")
        return _("%(name)s (petugas %(number)s)") % {"name": name, "number": number}

    return _work(
        "petugas", _("Menurut petugas"), _("Petugas"), ((word(*staff), work) for _number, staff, work in report.work)
    )


def _work(name: str, title: str, by: str, done: Iterable[tuple[str, Work]]) -> Table:
    sums: dict[str, Work] = defaultdict(Work)
    for word, work in done:
        sums[word].add(work)
    rows = [
        (word, one.calls, one.served, one.unanswered, in_minutes(one.seconds), in_minutes(_each(one)))
        for word, one in sums.items()
    ]
    columns = (
        *(by, _("Panggilan"), _("Dilayani"), _("Tidak menjawab"), _("Waktu di loket (menit)")),
        _("Menit tiap panggilan"),
    )
    return Table(name, title, defined("work"), columns, rows)


def _each(work: Work) -> float | None:
    return work.seconds / work.calls if work.calls else None
