"""Ports for programs that a test starts, and that listen only some time later."""

from __future__ import annotations

import itertools
import os
import random
import socket

# Below those that a system gives to whoever asks for any (Linux from 32768 on, others from 49152): another worker's
# server or connection could have been given one of them before the program that was meant to have it is there.
FIRST, EACH = 20_000, 1_000


def _of_this_worker() -> list[int]:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    ports = list(range(FIRST + number * EACH, FIRST + (number + 1) * EACH))
    random.shuffle(ports)  # another run may be under way
    return ports


_PORTS = itertools.cycle(_of_this_worker())


def free_port() -> int:
    """Nobody listens there, and no other worker of this run is given it."""
    for port in itertools.islice(_PORTS, EACH):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("every port is taken")
