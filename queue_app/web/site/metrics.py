"""`/metrics`, for Prometheus: what all workers have counted, and the condition of the installation just now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from queue_app.adapters.measures import BUCKETS, COUNTERS, HISTOGRAMS
from queue_app.adapters.tally import TALLIES, Tallies, Tally
from queue_app.config import Settings
from queue_app.web.access.rules import for_monitoring
from queue_app.web.request import now, settings

from .condition import ConditionAsked
from .gauges import of_database, of_disks, of_program

bp = Blueprint("metrics", __name__)

CONDITION = "condition"  # in `app.extensions`, as are the next
JOB_INTERVALS = "job_intervals"  # gives the name of each job and how often it shall run


def prepare_metrics(app: Flask, settings: Settings) -> None:
    """Has to happen before workers are forked: what they share is made here."""
    app.extensions[TALLIES] = Tallies(settings.workers)
    app.extensions[CONDITION] = ConditionAsked(settings.database_url, app.extensions["clock"].now)


@bp.get("/metrics")
@for_monitoring
def metrics() -> Response:
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(Scrape(_families())), content_type=content_type)


class Scrape(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families() -> Iterator[Metric]:
    tallies: Tallies = current_app.extensions[TALLIES]
    together = tallies.together()
    yield from _counters(together.tally)
    yield from _histograms(together.tally)
    yield from of_program(settings(), together.began)
    yield from of_disks(settings())
    jobs, known = current_app.extensions[JOB_INTERVALS](), current_app.extensions[CONDITION]()
    yield from of_database(known, jobs, now(), backed_up=settings().backup)


def _counters(tally: Tally) -> Iterator[Metric]:
    for name, measure in COUNTERS.items():
        family = CounterMetricFamily(name, measure.told, labels=measure.labels)
        found = {series[1:]: number for series, number in tally.counts.items() if series[0] == name}
        for labels, number in (dict.fromkeys(measure.foreseen, 0) | found).items():
            family.add_metric(labels, number)
        yield family


def _histograms(tally: Tally) -> Iterator[Metric]:
    bounds = [*map(floatToGoString, BUCKETS), "+Inf"]
    nothing = [0.0] * (len(BUCKETS) + 2)
    for name, measure in HISTOGRAMS.items():
        family = HistogramMetricFamily(name, measure.told, labels=measure.labels)
        found = {series[1:]: wait for series, wait in tally.waits.items() if series[0] == name}
        for labels, wait in (dict.fromkeys(measure.foreseen, nothing) | found).items():
            *numbers, total = wait
            family.add_metric(labels, list(zip(bounds, accumulate(numbers), strict=True)), total)
        yield family
