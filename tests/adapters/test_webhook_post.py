"""A partner's server may do whatever it likes: nobody waits long for it, and nothing inner is ever written to."""

import socket
import time
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from queue_app.adapters.webhook_post import KEPT_OF_ANSWER, Answer, NotPosted, Poster
from tests.harness import partner as behaviours
from tests.harness.partner import Partner, partner

__all__ = ["partner"]

HERE = (ip_network("127.0.0.0/8"),)


def post(to: str, poster: Poster) -> Answer:
    return poster.post(to, b"{}", {"Content-Type": "application/json"})


def test_what_is_posted_arrives_whole(partner: Partner) -> None:
    body = b'{"a":"' + b"x" * 100_000 + b'"}'
    assert Poster(HERE).post(partner.address, body, {"webhook-id": "msg_1"}) == Answer(200, "")
    (sent,) = partner.sent
    assert (sent.path, sent.body, sent.headers["webhook-id"]) == ("/antrean?dari=dukcapil", body, "msg_1")
    assert sent.headers["host"] == f"127.0.0.1:{partner.port}"


def test_a_redirect_is_an_answer_and_nobody_follows_it(partner: Partner) -> None:
    partner.script.append(behaviours.answers(302, Location=partner.address))
    assert post(partner.address, Poster(HERE)).status == 302
    assert len(partner.sent) == 1


def test_of_a_huge_answer_only_the_beginning_is_kept(partner: Partner) -> None:
    partner.script.append(behaviours.answers(500, b"Kesalahan\n\x00 " * 100_000))
    answer = post(partner.address, Poster(HERE))
    assert answer.status == 500
    assert answer.body.startswith("Kesalahan Kesalahan")
    assert len(answer.body) <= KEPT_OF_ANSWER


@pytest.mark.parametrize("behaviour", [behaviours.says_nothing, behaviours.dribbles_head])
def test_nobody_waits_long_however_busily_it_says_nothing(partner: Partner, behaviour: behaviours.Behaviour) -> None:
    partner.script.append(behaviour)
    begun = time.monotonic()
    with pytest.raises(NotPosted, match="no answer in time"):
        post(partner.address, Poster(HERE, within=0.5))
    assert time.monotonic() - begun < 2


def test_the_status_counts_although_the_body_never_ends(partner: Partner) -> None:
    partner.script.append(behaviours.dribbles_body)
    begun = time.monotonic()
    assert post(partner.address, Poster(HERE, within=0.5)).status == 200
    assert time.monotonic() - begun < 2


def test_a_line_that_is_cut_is_no_answer(partner: Partner) -> None:
    partner.script.append(behaviours.hangs_up)
    with pytest.raises(NotPosted, match="connection lost"):
        post(partner.address, Poster(HERE))


def test_a_certificate_that_nobody_vouches_for_is_refused(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotPosted, match="certificate"):
        post(partner.address, Poster(HERE))
    assert partner.sent == []


def test_a_certificate_of_another_host_is_refused(partner: Partner) -> None:
    with pytest.raises(NotPosted, match="certificate"):
        post(partner.address.replace("127.0.0.1", "localhost"), Poster((*HERE, ip_network("::1/128"))))


def test_a_port_on_which_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotPosted, match="connection refused"):
        post(f"https://127.0.0.1:{port}/", Poster(HERE))


@pytest.fixture
def plain() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "224.0.0.1", "2130706433"),
        *("0x7f.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "100.64.0.1"),
    ],
)
def test_inner_addresses_are_not_even_knocked_at(host: str, plain: int) -> None:
    with pytest.raises(NotPosted, match="inner network|not found"):
        post(f"https://{host}:{plain}/", Poster())


def test_a_name_is_looked_up_once_and_that_address_is_the_one(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for a public address first and for an inner one when it is connected to."""
    asked = []

    def lookup(host: str, port: int, *rest: object, **more: object) -> list[object]:
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    reached = []

    def connect(address: tuple[str, int], *rest: object) -> socket.socket:
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotPosted):
        post("https://berubah.example/", Poster())
    assert (asked, reached) == (["berubah.example"], ["93.184.215.14"])


def test_the_operator_may_open_an_inner_network(partner: Partner) -> None:
    with pytest.raises(NotPosted, match="inner network"):
        post(partner.address, Poster((ip_network("10.0.0.0/8"),)))
    assert post(partner.address, Poster(HERE)).status == 200
