"""A thousand clients that never finish: `python -m tests.harness.slow_clients PORT SECONDS`.

A third sends forms with a length, a third JSON in pieces, a byte a second each; a third asks for pages and hardly reads
them. Half of them come from one address. Who is cut off comes again. Prints how often that was.
"""

import contextlib
import resource
import socket
import sys
import time

CLIENTS = 1000
ONE = "127.0.0.2"
FORM = (
    b"POST /petugas/masuk HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\ncode=7K"
)
PIECES = (
    b"POST /api/v1/check-ins HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b'Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n'
)
PAGES = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 20
KINDS = ((FORM, b"x"), (PIECES, b"1\r\nx\r\n"), (PAGES, b""))  # what is sent first, and then each second


class Client:
    def __init__(self, number: int, port: int) -> None:
        self._port = port
        self._first, self._more = KINDS[number % len(KINDS)]
        self._from = ONE if number % 2 else f"127.0.{1 + number // 200}.{1 + number % 200}"
        self._socket: socket.socket | None = None
        self.cut_off = 0

    def step(self) -> None:
        """Connect, or go on by a byte."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), 5, (self._from, 0))
                if not self._more:
                    self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                self._socket.sendall(self._first)
                self._socket.setblocking(False)
                return
            with contextlib.suppress(BlockingIOError):
                if not self._socket.recv(10):
                    raise ConnectionResetError
            if self._more:
                self._socket.sendall(self._more)
        except OSError:
            self.cut_off += 1
            if self._socket is not None:
                self._socket.close()
                self._socket = None


def main(port: int, seconds: float) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * CLIENTS), hard))
    clients = [Client(number, port) for number in range(CLIENTS)]
    until = time.monotonic() + seconds
    while (began := time.monotonic()) < until:
        for client in clients:
            client.step()
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))
    print(sum(client.cut_off for client in clients))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
