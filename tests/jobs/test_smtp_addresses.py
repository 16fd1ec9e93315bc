"""Addresses that are not of plain ASCII, against a real mail server on this machine."""

from email import message_from_bytes, policy

import pytest

from queue_app.adapters.senders import PermanentFailure
from tests.jobs.mail_servers import Mailbox, mail_server, message, sender


@pytest.mark.parametrize("knows", [True, False])
def test_letters_behind_the_at_reach_any_server_and_before_it_only_one_that_knows_them(knows: bool) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, enable_SMTPUTF8=knows) as port:
        out = sender(port)
        out.send(message("siti@kantór.id"))
        if knows:
            out.send(message("sití@example.id"))
        else:
            with pytest.raises(PermanentFailure, match="cannot write to this kind of address"):
                out.send(message("sití@example.id"))
        out.send(message())  # the way stays open for others
        out.close()
    read = [message_from_bytes(raw, policy=policy.SMTPUTF8)["To"] for raw in mailbox.letters]
    assert read == ["siti@xn--kantr-3ta.id", *(["sití@example.id"] if knows else []), "siti@example.id"]


def test_an_address_with_a_line_break_cannot_add_headers() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(PermanentFailure) as failure:
        sender(port).send(message("siti@example.id\nBcc: all@example.id"))
    assert "siti" not in str(failure.value)
    assert not mailbox.letters
