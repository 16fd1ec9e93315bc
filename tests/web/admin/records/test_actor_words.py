"""The names of those who acted, in the words of a reader of the audit log."""

import re

import pytest
from flask import Flask

from queue_app.web.admin.records.actor_words import PARTS, actor_said
from tests.harness.source import modules


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("citizen", "Warga"),
        ("system:invitation-12", "Tautan undangan 12"),
        ("system:day-end", "Sistem (akhir hari)"),
        ("device:3", "Kios 3"),
        ("staff:7", "Sri (petugas 7)"),
    ],
)
def test_every_kind_has_words(app: Flask, label: str, said: str) -> None:
    with app.test_request_context():
        assert actor_said(label, "Sri") == said


def test_every_part_of_the_system_that_acts_has_words() -> None:
    acting = re.compile(r"""Actor\.system\("([a-z-]+)"\)|["']system:([a-z-]+)["']""")
    texts = (file.read_text(encoding="utf-8") for file in modules())
    found = {"".join(part) for text in texts for part in acting.findall(text)}
    assert found <= set(PARTS), found - set(PARTS)
    assert {"day-end", "check-in"} <= found
