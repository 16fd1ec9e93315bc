"""What happens to the tests once they are collected: their order, and that they are never garbage."""

import gc

import pytest


def pytest_collection_finish() -> None:
    """Nine thousand collected tests are never garbage, and looking through them again and again took a third of the
    time, in halts of up to 1.5 s: longer than a page waits for the rest of a scan.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # One after the other on one worker: they switch a setting of the server that all workers share.
    for item in items:
        if item.get_closest_marker("durable"):
            item.add_marker(pytest.mark.xdist_group("durable"))
    # The long ones first: so no worker is left alone with one of them at the end.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
