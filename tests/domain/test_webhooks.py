"""The signature as Standard Webhooks says, addresses that may be typed, and pauses that grow."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain import webhooks
from queue_app.domain.webhooks import Event, InvalidWebhook, event_of, pause_after, signature
from tests.harness.source import ROOT

GUIDE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")

# The example that the specification's own libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_signature_is_that_of_the_standard() -> None:
    assert signature([SECRET], ID, AT, BODY) == SIGNED


def test_while_a_secret_is_changed_both_sign() -> None:
    new = webhooks.new_secret()
    assert signature([new, SECRET], ID, AT, BODY) == f"{signature([new], ID, AT, BODY)} {SIGNED}"


@pytest.mark.parametrize(
    "address",
    [
        "https://mitra.example.go.id/antrean",
        "https://mitra.example:8443",
        "https://[2001:db8::1]/a?b=c",
        "https://1.2.3.4/",
    ],
)
def test_addresses_that_may_be_typed(address: str) -> None:
    assert webhooks.read_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("http://mitra.example/", "ftp://mitra.example/", "https://", "mitra.example", "https://a:b@mitra.example/"),
        *(
            "https://mitra.example/#a",
            "https://mitra.example/a b",
            "https://mitra.example/\n",
            "https://mitra.example:0/",
        ),
        *("https://mitra.example:99999/", "https://[::1/", "https://mitra.example/3314991703050001", "https://é.id/"),
        "https://mitra.example/" + "a" * webhooks.ADDRESS_MAX,
    ],
)
def test_addresses_that_may_not(address: str) -> None:
    with pytest.raises(InvalidWebhook) as refusal:
        webhooks.read_address(address)
    assert refusal.value.details["reason"] == "address"


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_up_to_a_limit(tries: int, chance: float) -> None:
    pause = pause_after(tries, chance)
    assert timedelta(seconds=24) <= pause <= webhooks.LONGEST_PAUSE * 1.2
    assert pause_after(1, 0.5) == webhooks.FIRST_PAUSE
    assert pause_after(2, 0.5) == webhooks.FIRST_PAUSE * 2


@pytest.mark.parametrize(
    ("action", "before", "after", "event"),
    [
        ("ticket.booked", None, {"state": "booked"}, Event.TICKET_BOOKED),
        ("ticket.booked", {"state": "checked_in"}, {"state": "booked"}, Event.TICKET_UNDONE),
        ("visit.called", {"state": "waiting"}, {"step": "call"}, Event.TICKET_CALLED),
        ("visit.called", {"state": "in_service"}, {"step": "undo"}, Event.TICKET_UNDONE),
        ("visit.waiting", {"state": "called"}, {"step": "undo"}, Event.TICKET_UNDONE),
        ("visit.waiting", {"state": "called"}, {"step": "skip"}, None),
        ("ticket.priority", None, {"priority": "elderly"}, None),
        ("booking.contact_shown", None, None, None),
    ],
)
def test_what_an_audit_row_means_to_a_partner(
    action: str, before: dict[str, str] | None, after: dict[str, str] | None, event: Event | None
) -> None:
    assert event_of(action, before, after) is event


@pytest.fixture
def verify() -> Callable[[str, dict[str, str], bytes], bool]:
    """As partners are told to check it."""
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
    names: dict[str, Any] = {}
    exec(example, names)
    return names["verify"]


@time_machine.travel(AT, tick=False)
def test_the_example_of_the_guide_tells_right_from_wrong(verify: Callable[[str, dict[str, str], bytes], bool]) -> None:
    headers = {"webhook-id": ID, "webhook-timestamp": str(int(AT.timestamp())), "webhook-signature": SIGNED}
    assert verify(SECRET, headers, BODY.encode())
    both = headers | {"webhook-signature": signature([webhooks.new_secret(), SECRET], ID, AT, BODY)}
    assert verify(SECRET, both, BODY.encode())
    assert not verify(webhooks.new_secret(), headers, BODY.encode())
    assert not verify(SECRET, headers, BODY.encode() + b" ")
    assert not verify(SECRET, headers | {"webhook-id": "msg_other"}, BODY.encode())
    late = AT - timedelta(minutes=6)
    old = {"webhook-timestamp": str(int(late.timestamp())), "webhook-signature": signature([SECRET], ID, late, BODY)}
    assert not verify(SECRET, headers | old, BODY.encode())


def test_the_guide_names_every_event() -> None:
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", GUIDE, re.M)) == {*Event, webhooks.TRIAL}
