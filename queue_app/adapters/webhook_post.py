"""Post to an address that somebody has typed: only by TLS, only to where this machine may talk, and never for long.

Without a library for it: each of them looks the name up a second time when it connects, and by then it may stand for
an address of the inner network.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CONNECT_WITHIN = 5.0  # seconds
ANSWER_WITHIN = 10.0  # seconds for everything: a server that sends a letter a second keeps nobody
KEPT_OF_ANSWER = 500  # bytes: enough for a sentence about what is wrong
HTTPS_PORT = 443
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: what a gateway makes of IPv4


class NotPosted(Exception):
    """There is no answer. The text says why in a few words, without the address."""


@dataclass(frozen=True)
class Answer:
    """``body``: its beginning, as text of one line."""

    status: int
    body: str


@dataclass(frozen=True)
class Poster:
    """``inner``: networks that may be written to although they are not of the public internet."""

    inner: Sequence[Network] = ()
    tls: ssl.SSLContext | None = None
    within: float = ANSWER_WITHIN

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Redirects are answers like any other: nothing is sent anywhere else. Raises NotPosted."""
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            where = self._permitted(host, port)
            with _Connection(host, port, where, self.tls or ssl.create_default_context()) as connection:
                return connection.exchange(target, body, headers, within=self.within)
        except ssl.SSLCertVerificationError:
            raise NotPosted("the certificate is not valid") from None
        except ssl.SSLError:
            raise NotPosted("no TLS") from None
        except TimeoutError:
            raise NotPosted("no answer in time") from None
        except ConnectionRefusedError:
            raise NotPosted("connection refused") from None
        except (OSError, HTTPException, UnicodeError) as fault:
            raise NotPosted(f"connection lost: {type(fault).__name__}") from None

    def _permitted(self, host: str, port: int) -> Address:
        """The address behind the name, once for all: it is this one that is connected to."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError):
            raise NotPosted("the name is not found") from None
        addresses = [ipaddress.ip_address(one[4][0]) for one in found]
        permitted = next((address for address in addresses if self._may_be_written_to(address)), None)
        if permitted is None:
            raise NotPosted("the address lies in an inner network")
        return permitted

    def _may_be_written_to(self, address: Address) -> bool:
        meant = _within(address)
        return (meant.is_global and not meant.is_multicast) or any(meant in network for network in self.inner)


def _within(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 leads to."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class _Connection(HTTPSConnection):
    """To one address of a host, whose certificate has to be for the host's name."""

    def __init__(self, host: str, port: int, where: Address, tls: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=CONNECT_WITHIN)
        self._where, self._tls = where, tls

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_of_fault: object) -> None:
        self.close()

    def connect(self) -> None:
        plain = socket.create_connection((str(self._where), self.port), CONNECT_WITHIN)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        except BaseException:
            plain.close()
            raise

    def exchange(self, target: str, body: bytes, headers: Mapping[str, str], *, within: float) -> Answer:
        """Raises TimeoutError when it takes longer, however busily the other side sends."""
        self.connect()
        out_of_time = threading.Event()
        watch = threading.Timer(within, self._hang_up, [self.sock, out_of_time])
        watch.daemon = True
        watch.start()
        try:
            self.sock.do_handshake()
            self.request("POST", target, body, dict(headers))
            response = self.getresponse()
            if out_of_time.is_set():  # a head that ended because the line was cut
                raise TimeoutError
            return Answer(response.status, _beginning(response))
        except (OSError, HTTPException):
            if out_of_time.is_set():
                raise TimeoutError from None
            raise
        finally:
            watch.cancel()

    @staticmethod
    def _hang_up(line: socket.socket, out_of_time: threading.Event) -> None:
        out_of_time.set()
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _beginning(response: HTTPResponse) -> str:
    """What came of the body by the time that the status was known, or soon after; its end is of no interest."""
    try:
        sent = response.read(KEPT_OF_ANSWER)
    except (OSError, HTTPException):
        sent = b""
    text = "".join(sign if sign.isprintable() else " " for sign in sent.decode("utf-8", "replace"))
    return " ".join(text.split())
