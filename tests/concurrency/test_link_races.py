"""One identity at a provider is shown by two people at the same moment: it becomes one account's, and stays so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.openid import Identity
from queue_app.domain.roles import Role
from queue_app.models import ProviderAccount
from queue_app.services.access import provider_accounts
from queue_app.services.access.passwords import Proof
from tests.concurrency.races import Step, together
from tests.harness.factories import make_office, make_staff
from tests.harness.fakes import FixedClock

SITI = Identity("https://akun.example", "8f1c", "siti", second_factor=False)
PEOPLE = 4


@pytest.fixture
def linking(app: Flask, clock: FixedClock) -> Callable[..., list[Step]]:
    """Steps that link accounts with SITI: each its own one, or all the ``same``."""

    def linking(*, same: bool = False) -> list[Step]:
        with app.app_context(), unit_of_work() as session:
            office = make_office(session)
            people = [
                make_staff(session, office, Role.DESK, now=clock.now(), username=f"petugas-{number}")
                for number in range(1 if same else PEOPLE)
            ]
            proofs = [Proof(one.id, one.password_hash) for one in people] * (PEOPLE if same else 1)

        def step(proof: Proof, number: int) -> Step:
            who = Identity(SITI.issuer, f"{SITI.subject}-{number}", "", second_factor=False) if same else SITI
            return lambda session: provider_accounts.link(session, proof, who, now=clock.now())

        return [step(proof, number) for number, proof in enumerate(proofs)]

    return linking


def linked(app: Flask) -> int:
    with app.app_context():
        return len(db.session().scalars(select(ProviderAccount)).all())


@pytest.mark.parametrize("same", [False, True], ids=["one-identity-four-accounts", "one-account-four-identities"])
def test_one_of_them_is_linked(app: Flask, linking: Callable[..., list[Step]], same: bool) -> None:
    outcomes = together(app, *linking(same=same))
    assert sorted(outcome.code or "" for outcome in outcomes) == ["", *["already_linked"] * (PEOPLE - 1)]
    assert linked(app) == 1


def test_control_without_the_key_an_identity_has_several_accounts(
    app: Flask, linking: Callable[..., list[Step]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each writes as if its subject were one that nobody has: then nothing says no."""

    def always(session: Session, table: type, _key: list[str], **values: object) -> bool:
        session.add(table(**{**values, "subject": f"{values['subject']}-{values['staff_id']}"}))
        return True

    monkeypatch.setattr(provider_accounts, "insert_if_absent", always)
    assert all(outcome.won for outcome in together(app, *linking()))
    assert linked(app) == PEOPLE
