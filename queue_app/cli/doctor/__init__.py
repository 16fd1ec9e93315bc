"""`queue-app doctor`: one page on what is wrong on this machine, and how each thing is mended.

It writes nothing, sends no letter, shows no secret and nobody's data, and ends whatever is broken.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.adapters.kernel_clock import kept_by_time_server
from queue_app.adapters.key_file import KeyringMissing, load_key_file
from queue_app.adapters.keyring import FileKeyring
from queue_app.adapters.machine import boot_id
from queue_app.cli.group import main
from queue_app.config import Settings, known_names, settings_and_faults, unknown_names
from queue_app.domain.clock import SystemClock
from queue_app.queries.records.key_checks import keys_in_force

from . import address, mail, place, provider, work
from .database import Work, look_at_database, looking
from .findings import Examination, Finding, Verdict, examine, good, look, wrong

WIDTH = 110  # columns
SHORTEST_SECRET = 4  # characters: shorter ones would black out half of what is said
ORDER = (Verdict.WRONG, Verdict.LOOK, Verdict.GOOD)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Look at everything on this machine that may be wrong, change nothing; exit with 1 when something is."""
    try:
        settings, faults = settings_and_faults()
    except (ValueError, OSError) as problem:
        findings = [
            wrong(
                "settings", f"The settings cannot be read ({type(problem).__name__}).", "cd to a folder that is there."
            )
        ]
    else:
        findings = [*_settings(settings, faults), *examine(_examinations(settings))]
        findings = [_veiled(finding, _secrets(settings)) for finding in findings]
    (_as_json if as_json else _as_page)(findings)
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        sys.exit(1)


def _examinations(settings: Settings) -> dict[str, Examination]:
    clock = SystemClock(boot_id(), kept_by_time_server)
    now = clock.now()
    works: dict[str, Work] = {
        "clock": lambda session: work.clocks(session, clock),
        "keys": _with_keys(settings, lambda session, keyring: work.keys(session, keyring, settings)),
        "scheduler": lambda session: work.scheduler(session, now),
        "jobs": lambda session: work.jobs(session, now),
        "backup": lambda session: work.backups(session, settings, now),
        "anchors": _with_keys(settings, lambda session, keyring: work.anchors(session, keyring, settings, now)),
    }
    return {
        "clock": place.kernel_clock,
        "zones": place.zones,
        "disk": partial(place.disks, settings),
        "folders": partial(place.owners, settings),
        "keys": partial(place.key_file, settings),
        "database": partial(look_at_database, settings, works),
        "mail": partial(mail.mail, settings),
        "log-in": partial(provider.provider, settings),
        "address": _asking(settings, address.address),
    }


def _with_keys(settings: Settings, look_at: Callable[[Session, FileKeyring], Iterator[Finding]]) -> Work:
    """Nothing without them: what is wrong with the file is said once."""

    def with_keys(session: Session) -> Iterator[Finding]:
        try:
            file = load_key_file(settings.keys_file)
        except KeyringMissing:
            return
        yield from look_at(session, file.keyring(keys_in_force(session)))

    return with_keys


def _asking(settings: Settings, ask: Callable[[Settings, FileKeyring], Iterator[Finding]]) -> Examination:
    def asking() -> Iterator[Finding]:
        try:
            file = load_key_file(settings.keys_file)
        except KeyringMissing:
            return
        try:
            with looking(settings) as connection:
                keyring = file.keyring(keys_in_force(Session(connection)))
        except SQLAlchemyError:
            keyring = file.keyring()
        yield from ask(settings, keyring)

    return asking


def _settings(settings: Settings, faults: dict[str, str]) -> Iterator[Finding]:
    for sentence in faults.values():
        yield wrong("settings", sentence, "The program does not start with it; here the default was taken.")
    known = known_names()
    for name in unknown_names():
        meant = get_close_matches(name, known, n=1)
        remedy = f"Is {meant[0]} meant?" if meant else "See docs/operators.md for those that there are."
        yield look("settings", f"{name} is no setting of this program, and is not read.", remedy)
    if not faults:
        yield good("settings", f"All settings can be read. The instance folder is {settings.instance}.")


def _secrets(settings: Settings) -> list[str]:
    found = [settings.smtp_password]
    for url in (make_url(settings.database_url), make_url(settings.dumped_url)):
        queried = url.query.get("password", "")
        found += [url.password, queried if isinstance(queried, str) else " ".join(queried)]
    found += [settings.metrics_token, settings.openid.client_secret if settings.openid else None]
    return [str(secret) for secret in found if secret and len(str(secret)) >= SHORTEST_SECRET]


def _veiled(finding: Finding, secrets: Sequence[str]) -> Finding:
    """A driver or a system may repeat what it was given."""
    for secret in secrets:
        sentence, remedy = (said.replace(secret, "•••") for said in (finding.sentence, finding.remedy))
        finding = replace(finding, sentence=sentence, remedy=remedy)
    return finding


def _as_json(findings: Sequence[Finding]) -> None:
    worst = min((finding.verdict for finding in findings), key=ORDER.index)
    told = [vars(finding) for finding in findings]
    click.echo(json.dumps({"verdict": worst, "findings": told}, indent=1, ensure_ascii=False))


def _as_page(findings: Sequence[Finding]) -> None:
    for verdict in ORDER:
        for finding in findings:
            if finding.verdict is verdict:
                beginning = f"{finding.verdict:<6} {finding.about:<10} "
                click.echo(_filled(finding.sentence, beginning))
                if finding.remedy:
                    click.echo(_filled(finding.remedy, f"{'':<17} → "))
    counted = [sum(finding.verdict is verdict for finding in findings) for verdict in ORDER]
    click.echo("{} wrong, {} to look at, {} good.".format(*counted))


def _filled(text: str, beginning: str) -> str:
    indent = " " * len(beginning)
    wrapped = textwrap.TextWrapper(WIDTH, beginning, indent, break_long_words=False, break_on_hyphens=False)
    return wrapped.fill(text)
