"""The names of those who acted, in the words of a reader of the audit log."""

import pytest
from flask import Flask

from queue_app.web.admin.records.audit_words import actor_said


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("citizen", "Warga"),
        ("system:invitation-12", "Tautan undangan 12"),
        ("system:day-end", "Sistem (day-end)"),
        ("device:3", "Kios 3"),
        ("staff:7", "Sri (petugas 7)"),
    ],
)
def test_every_kind_has_words(app: Flask, label: str, said: str) -> None:
    with app.test_request_context():
        assert actor_said(label, "Sri") == said
