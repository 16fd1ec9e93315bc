"""Reading `/metrics` as Prometheus does."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from queue_app.adapters.tally import own
from tests.harness.fakes import MONITORING

TOKEN = {"Authorization": f"Bearer {MONITORING}"}
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples_of(text: str) -> Samples:
    """Values by name and labels."""
    families = text_string_to_metric_families(text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def scraped(address: str) -> Samples:
    """From a server; without a slash at the end."""
    with urllib.request.urlopen(urllib.request.Request(f"{address}/metrics", headers=TOKEN), timeout=30) as answer:
        return samples_of(answer.read().decode())


def of(samples: Samples, name: str, **labels: str) -> float:
    """0 for what is not there."""
    return samples.get((name, frozenset(labels.items())), 0)


def waits_observed(measure: str) -> float:
    """By this process, so far: as many as it has had."""
    *numbers, _seconds = own.waits.get((measure,), [0.0])
    return sum(numbers)
